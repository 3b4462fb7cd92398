import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  batchLrDecay,
  csvLogger,
  earlyStopping,
  evaluate,
  fit,
  modelCheckpoint,
  momentumSchedule,
  type Plugin,
  reduceLrOnPlateau,
  samplePredictions,
  shadow,
  silent,
  swapEmaWeights,
} from "../../../mod.ts";

await tf.setBackend("cpu");

const x = Array.from({ length: 16 }, (_, i) => [Math.sin(i), Math.cos(i)]);
const y = x.map(([a, b]) => [a! * b!]);

/** Everything that changes a run, if it is carried out. */
const meddlers = (): Plugin[] => [
  earlyStopping({ monitor: "loss", minDelta: 9, restoreBestWeights: true }),
  reduceLrOnPlateau({ monitor: "loss", minDelta: 9, patience: 1 }),
  batchLrDecay({ decay: 2 }),
  momentumSchedule(),
  swapEmaWeights({ swapOnEpoch: true, name: "ema" }),
  modelCheckpoint({ filepath: "best" }),
  csvLogger(),
];

/** Train in a folder of its own. */
async function trained(plugins: Parameters<typeof fit>[2]) {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], kernelInitializer }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.batchNormalization({}),
      tf.layers.dense({ units: 1, kernelInitializer }),
    ],
  });
  const optimizer = tf.train.momentum(0.05, 0.5);
  model.compile({ optimizer, loss: "meanSquaredError" });
  const dir = await Deno.makeTempDir();
  const before = tf.memory().numTensors;
  const { history, outcome } = await fit(model, { x, y }, {
    epochs: 3,
    batchSize: 4,
    seed: 1,
    validationData: { x, y },
    ...{ dir, printer: silent() },
    ...plugins,
  });
  const weights = model.getWeights().map((it) => [...it.dataSync()]);
  const files = [...Deno.readDirSync(dir)];
  const held = tf.memory().numTensors - before;
  const loss = await evaluate(model, { x, y }, {
    printer: silent(),
    plugins: plugins?.plugins?.length ? [shadow(csvLogger())] : [],
  });
  const rate = (optimizer as unknown as { learningRate: number }).learningRate;
  model.dispose();
  optimizer.dispose();
  return { history, outcome, weights, files, loss, rate, held };
}

Deno.test("a run with shadows is the run without, bit for bit, and leaves nothing behind", async () => {
  const without = await trained({});
  const shadows = await trained({ plugins: meddlers().map(shadow) });
  assertEquals(shadows, without);
  assertEquals(shadows.files, []);
  // What they would have changed is much.
  const { outcome, files } = await trained({ plugins: meddlers() });
  assertEquals(outcome.by, "early-stopping");
  assertEquals(files.length, 2);
});

Deno.test("a shadow may predict with the model", async () => {
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await trained({
    printer: { ...silent(), print },
    plugins: [shadow(samplePredictions())],
  });
  assertEquals(
    lines.every((line) => line.startsWith("shadow:sample-predictions would")),
    true,
    lines.join("\n"),
  );
  assertEquals(lines.length > 1, true);
});
