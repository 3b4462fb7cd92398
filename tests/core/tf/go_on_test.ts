import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import * as tf from "@tensorflow/tfjs";
import {
  accumulate,
  backupAndRestore,
  earlyStopping,
  fit,
  type FitOptions,
  type GradientTransform,
  keepAll,
  type Plugin,
  silent,
  tfGradientSteps,
  tfResources,
  train,
  useBackend,
} from "../../../mod.ts";
import { findGpu } from "../../../core/tf/gpu.ts";
import { notebook } from "../_scripted.ts";

const gpu = await findGpu();
const BACKENDS = ["cpu", "wasm", "webgpu"] as const;

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const BATCHES = 36;
const x = Array.from(
  { length: 4 * BATCHES },
  (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i), Math.cos(i / 5)],
);
const y = x.map((_, i) => i % 3);

interface Case {
  model(): tf.Sequential;
  optimizer(): tf.Optimizer;
  gradients?: () => GradientTransform<tf.Tensor>[];
}

/** What holds something beside its weights and slots. */
const CASES: Record<string, Case> = {
  "dropout, normalization and accumulated gradients": {
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.dense({
            units: 6,
            inputShape: [4],
            kernelInitializer: seeded(1),
          }),
          tf.layers.batchNormalization(),
          tf.layers.dropout({ rate: 0.3 }),
          tf.layers.dense({ units: 3, kernelInitializer: seeded(2) }),
        ],
      }),
    optimizer: () => tf.train.rmsprop(0.01, 0.9, 0.5),
    gradients: () => [accumulate(5)],
  },
  "a stateful LSTM": {
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.reshape({ targetShape: [2, 2], batchInputShape: [4, 4] }),
          tf.layers.lstm({
            units: 3,
            stateful: true,
            kernelInitializer: seeded(1),
            recurrentInitializer: seeded(2),
          }),
          tf.layers.dense({ units: 3, kernelInitializer: seeded(3) }),
        ],
      }),
    optimizer: () => tf.train.adam(0.01),
  },
};

/** Two epochs in `dir`, or until batch `until` is over. */
async function run(
  { model: make, optimizer, gradients }: Case,
  dir: string,
  until?: number,
) {
  const model = make();
  model.compile({
    optimizer: optimizer(),
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const own: (number | undefined)[] = [];
  const controller = new AbortController();
  let batches = 0;
  const breaker: Plugin = {
    name: "breaker",
    needs: {},
    async onTrainBatchBegin(_batch, _logs, run) {
      own.push((await run.batchLogs()).loss);
    },
    onTrainBatchEnd() {
      if (++batches === until) controller.abort();
    },
  };
  const { history, outcome } = await fit(model, { x, y }, {
    ...gradients && { gradients: gradients() },
    epochs: 2,
    batchSize: 4,
    seed: 5,
    validationData: { x: x.slice(0, 8), y: y.slice(0, 8) },
    signal: controller.signal,
    resume: dir,
    printer: silent(),
    plugins: [backupAndRestore({ saveFreq: 1000, everySeconds: 0 }), breaker],
  });
  return { status: outcome.status, history, own, bits: await bitsOf(model) };
}

async function bitsOf(model: tf.LayersModel): Promise<string[]> {
  const values = await Promise.all(model.getWeights().map((it) => it.data()));
  return values.map((it) => [...new Int32Array(it.slice().buffer)].join());
}

for (const backend of BACKENDS) {
  const ignore = backend === "webgpu" && !gpu.adapter;
  for (const [name, about] of Object.entries(CASES)) {
    Deno.test({
      name: `fit() with ${name} goes on bit for bit on ${backend}`,
      ignore,
      async fn() {
        await useBackend(backend, backend === "wasm" ? { threads: 1 } : {});
        const whole = await run(about, await Deno.makeTempDir());
        // The means are merged after 32 steps on a GPU: before, at and after it.
        const all = [1, 7, 32, 34, BATCHES, BATCHES + 3];
        // That of software is slow.
        for (const until of backend === "webgpu" ? [34] : all) {
          const dir = await Deno.makeTempDir();
          const first = await run(about, dir, until);
          assertEquals(first.status, "aborted");
          const { own, ...second } = await run(about, dir);
          const { own: expected, ...rest } = whole;
          assertEquals(second, rest, `after ${until} batches`);
          assertEquals([...first.own, ...own], expected);
          await Deno.remove(dir, { recursive: true });
        }
      },
    });
  }
}

/** An own step whose target drifts by how many batches it has seen, which is its to keep. */
async function ownRun(dir: string, until?: number) {
  const slope = tf.tidy(() => tf.variable(tf.tensor1d([1, -2])));
  const optimizer = tf.train.adam(0.05);
  let seen = 0;
  const counted = {
    save: () => seen,
    load: (saved: unknown) => void (seen = saved as number),
  };
  const resources = tfResources({ variables: [slope], optimizer });
  const steps = tfGradientSteps({
    loss: (target: number) => slope.sub(target + seen++ / 10).square().sum(),
    variables: [slope],
    optimizer,
  });
  const controller = new AbortController();
  const own: (number | undefined)[] = [];
  const breaker: Plugin = {
    name: "breaker",
    async onTrainBatchBegin(_batch, _logs, run) {
      own.push((await run.batchLogs()).loss);
    },
    onTrainBatchEnd(_batch, _logs, run) {
      if (run.step === until) controller.abort();
    },
  };
  const { history, outcome } = await train(
    {
      ...steps,
      ...resources,
      keeps: keepAll({ model: resources.keeps, counted }),
      metrics: ["loss"],
    },
    [1, 2, 3, 4, 5],
    {
      epochs: 3,
      gradients: [accumulate(4)],
      signal: controller.signal,
      resume: dir,
      printer: silent(),
      plugins: [backupAndRestore(), breaker],
    },
  );
  const bits = [...slope.dataSync()];
  tf.dispose(slope);
  optimizer.dispose();
  return { status: outcome.status, history, own, seen, bits };
}

Deno.test("train() with an own step and accumulated gradients goes on with all that they keep, and leaves no tensor", async () => {
  await useBackend("cpu");
  const before = tf.memory().numTensors;
  const whole = await ownRun(await Deno.makeTempDir());
  for (const until of [1, 6, 10, 14]) {
    const dir = await Deno.makeTempDir();
    const first = await ownRun(dir, until);
    assertEquals(first.status, "aborted");
    const second = await ownRun(dir);
    assertEquals(
      { ...second, own: [...first.own, ...second.own] },
      whole,
      `after ${until} batches`,
    );
    await Deno.remove(dir, { recursive: true });
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("that backups are without the state of an optimizer that is none of tf.js' own is said once", async () => {
  await useBackend("cpu");
  class Derived extends tf.AdamOptimizer {}
  for (const known of [true, false]) {
    const model = CASES["dropout, normalization and accumulated gradients"]!
      .model();
    model.compile({
      optimizer: known ? tf.train.adam(0.01) : new Derived(0.01, 0.9, 0.999),
      loss: "sparseCategoricalCrossentropy",
    });
    const printer = notebook();
    const dir = await Deno.makeTempDir();
    await fit(model, { x, y }, {
      epochs: 3,
      dir,
      printer,
      plugins: [backupAndRestore()],
    });
    await Deno.remove(dir, { recursive: true });
    assertEquals(
      printer.lines,
      known ? [] : [
        `Warning: backups are without the state of optimizer "Adam", which is none of tf.js' own: a run that goes on from one will not equal an unbroken one`,
      ],
    );
  }
});

Deno.test("a model that is trained in another way is noticed, and taken where that is asked for", async () => {
  await useBackend("cpu");
  const dir = await Deno.makeTempDir();
  const about = CASES["dropout, normalization and accumulated gradients"]!;
  await run(about, dir, 7);
  const printer = notebook();
  const goOn = (resumeAnyway: boolean) => {
    const model = about.model();
    const loss = "sparseCategoricalCrossentropy";
    const metrics = ["accuracy"];
    model.compile({
      optimizer: tf.train.rmsprop(0.1, 0.8, 0.5),
      loss,
      metrics,
    });
    return fit(model, { x, y }, {
      epochs: 2,
      batchSize: 4,
      seed: 5,
      validationData: { x: x.slice(0, 8), y: y.slice(0, 8) },
      classWeight: { 0: 2, 1: 1, 2: 1 },
      ...{ resume: dir, resumeAnyway, printer },
      plugins: [
        backupAndRestore({ saveFreq: 1000, everySeconds: 0 }),
        { name: "breaker", needs: {}, onEpochEnd() {} },
      ],
    });
  };
  const { message } = await assertRejects(() => goOn(false), InputError);
  for (
    const change of [
      `- optimizer: it was RMSProp {"decay":0.9,"epsilon":1e-7,"centered":false}, and is RMSProp {"decay":0.8,`,
      `- class weight: it was none, and is {"0":2,"1":1,"2":1}`,
      "- gradient transforms: it was accumulate, and is none",
    ]
  ) assertStringIncludes(message, change);
  const { outcome } = await goOn(true);
  assertEquals(outcome.status, "completed");
  assertStringIncludes(
    printer.lines.join("\n"),
    "Warning: Cannot go on with the gradient transforms [accumulate]: this run has []; the run goes on without it",
  );
  await Deno.remove(dir, { recursive: true });
});

Deno.test("with another optimizer a run goes on with the weights alone, where that is asked for", async () => {
  await useBackend("cpu");
  const dir = await Deno.makeTempDir();
  const run = (optimizer: tf.Optimizer, options: FitOptions) => {
    const kernelInitializer = tf.initializers.zeros();
    const model = tf.sequential({
      layers: [tf.layers.dense({
        units: 1,
        inputShape: [1],
        useBias: false,
        kernelInitializer,
      })],
    });
    model.compile({ optimizer, loss: "meanSquaredError" });
    return fit(model, { x: [1, 2], y: [1, 2] }, {
      ...{ epochs: 2, batchSize: 1, seed: 1, resume: dir },
      ...options,
    });
  };
  const giveUp = new AbortController();
  const plugins = [
    earlyStopping({ monitor: "loss", restoreBestWeights: true }),
    backupAndRestore(),
    { name: "breaker", onEpochEnd: () => giveUp.abort() },
  ];
  await run(tf.train.adam(0.1), { plugins, signal: giveUp.signal });
  const before = tf.memory().numTensors;
  const printer = notebook();
  const other = { plugins, printer, resumeAnyway: true };
  const { epoch, outcome } = await run(tf.train.momentum(0.1, 0.9), other);
  assertEquals([epoch, outcome.status], [[0, 1], "completed"]);
  assertEquals(printer.lines, [
    `Warning: Cannot put back the saved weights: they belong to another model
- they were trained by optimizer "Adam", this model is trained by "Momentum"
The run goes on with the weights alone`,
  ]);
  // As many as a run leaves that began with this optimizer.
  const [goneOn, begun] = [
    tf.memory().numTensors - before,
    tf.memory().numTensors,
  ];
  await run(tf.train.momentum(0.1, 0.9), { plugins: [], resume: undefined });
  assertEquals(goneOn, tf.memory().numTensors - begun);
  await Deno.remove(dir, { recursive: true });
});
