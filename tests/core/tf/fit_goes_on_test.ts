import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  backupAndRestore,
  csvLogger,
  earlyStopping,
  fit,
  modelCheckpoint,
  type Plugin,
  reduceLrOnPlateau,
  swapEmaWeights,
} from "../../../mod.ts";
import { silent } from "../../../core/terminal.ts";

await tf.setBackend("cpu");

/** A small model: normalization and momentum have a memory. */
function smallModel(): tf.Sequential {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], kernelInitializer }),
      tf.layers.batchNormalization({}),
      tf.layers.dense({ units: 1, kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  return model;
}

const x = Array.from({ length: 24 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const y = x.map(([a, b]) => [a! * b!]);
const validation = { x: x.slice(0, 6), y: y.slice(0, 6) };

interface Result {
  readonly weights: string[];
  readonly csv: string;
  readonly history: unknown;
}

/** Train in `dir`; `extra` may break the run. */
async function run(
  dir: string,
  extra: Plugin,
  signal?: AbortSignal,
): Promise<Result & { readonly status: string }> {
  const model = smallModel();
  const history = await fit(model, { x, y }, {
    epochs: 6,
    batchSize: 4,
    seed: 3,
    validationData: validation,
    validationBatchSize: 2,
    resume: dir,
    printer: silent(),
    signal,
    plugins: [
      csvLogger(),
      reduceLrOnPlateau({ patience: 1 }),
      earlyStopping({ patience: 3, restoreBestWeights: true }),
      swapEmaWeights({ swapOnEpoch: true }),
      modelCheckpoint({ maxToKeep: 2 }),
      backupAndRestore({ saveFreq: 4 }),
      extra,
    ],
  });
  const weights = model.getWeights().map((it) =>
    [...new Int32Array(it.dataSync().buffer.slice(0))].join()
  );
  return {
    weights,
    csv: await Deno.readTextFile(`${dir}/log.csv`),
    history: [history.history, history.epoch, history.best],
    status: history.outcome.status,
  };
}

Deno.test("a run that was aborted anywhere goes on as if it had not been", async () => {
  const whole = await run(await Deno.makeTempDir(), breaker({}, () => {}));
  for (
    const [hook, at] of [
      ["onTrainBatchEnd", 1],
      ["onTrainBatchEnd", 6],
      ["onTrainBatchEnd", 15],
      ["onTestBatchEnd", 4],
      ["onEpochEnd", 2],
      ["onEpochBegin", 2],
    ] as const
  ) {
    const dir = await Deno.makeTempDir();
    const controller = new AbortController();
    const first = await run(
      dir,
      breaker({ [hook]: at }, () => controller.abort()),
      controller.signal,
    );
    assertEquals(first.status, "aborted", `${hook} ${at}`);
    const second = await run(dir, breaker({}, () => {}));
    assertEquals(second, whole, `${hook} ${at}`);
    await Deno.remove(dir, { recursive: true });
  }
});

/** Does something when a hook is called for the `n`th time. */
function breaker(
  when: Partial<
    Record<
      "onTrainBatchEnd" | "onTestBatchEnd" | "onEpochEnd" | "onEpochBegin",
      number
    >
  >,
  act: () => void,
): Plugin {
  const state = { calls: {} as Record<string, number> };
  const count = (hook: keyof typeof when) => () => {
    state.calls[hook] = (state.calls[hook] ?? 0) + 1;
    if (state.calls[hook] === when[hook]) act();
  };
  return {
    name: "breaker",
    needs: {},
    state,
    onTrainBatchEnd: count("onTrainBatchEnd"),
    onTestBatchEnd: count("onTestBatchEnd"),
    onEpochEnd: count("onEpochEnd"),
    onEpochBegin: count("onEpochBegin"),
  };
}
