import { assert, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  callbackList,
  fit,
  type FitOptions,
  silent,
  tfResources,
  train,
  useBackend,
} from "../../../mod.ts";
import type { HostOptions } from "../../../core/run/run_options.ts";
import { startPosition } from "../../../core/run/state.ts";
import { drawnOn } from "./_draws.ts";
import { grown, numbers } from "./_models.ts";

const seeded = (seed: number) => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed }),
});

/** Layers of every kind that draw in training. */
const DRAWING: Record<string, () => tf.layers.Layer[]> = {
  dropout: () => [tf.layers.dropout({ rate: 0.5 })],
  "dropout with a seed": () => [tf.layers.dropout({ rate: 0.5, seed: 3 })],
  gaussianNoise: () => [tf.layers.gaussianNoise({ stddev: 0.3 })],
  gaussianDropout: () => [tf.layers.gaussianDropout({ rate: 0.4 })],
  alphaDropout: () => [tf.layers.alphaDropout({ rate: 0.4 })],
  spatialDropout1d: () => [
    tf.layers.reshape({ targetShape: [2, 2] }),
    tf.layers.spatialDropout1d({ rate: 0.5, seed: 3 }),
    tf.layers.flatten(),
  ],
  "recurrent dropout": () => [
    tf.layers.reshape({ targetShape: [2, 2] }),
    tf.layers.lstm({
      ...{ units: 3, dropout: 0.3, recurrentDropout: 0.3 },
      ...seeded(5),
      recurrentInitializer: tf.initializers.glorotUniform({ seed: 6 }),
    }),
  ],
};

function modelWith(layers: readonly tf.layers.Layer[]): tf.LayersModel {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 4, inputShape: [2], ...seeded(1) }),
      ...layers,
      tf.layers.dense({ units: 1, ...seeded(2) }),
    ],
  });
  model.compile({
    optimizer: tf.train.momentum(0.005, 0.9),
    loss: "meanSquaredError",
  });
  return model;
}

const data = {
  x: [[0, 1], [2, 1], [1, 3], [2, 2], [0, 3], [1, 1]],
  y: [1, 3, 4, 4, 3, 2],
};
const options = { epochs: 3, batchSize: 2, seed: 7, printer: silent() };

/** Loss by epoch and the weights after a run. */
async function result(
  layers: () => tf.layers.Layer[],
  more: FitOptions & HostOptions = {},
) {
  const model = modelWith(layers());
  const { history } = await fit(model, data, { ...options, ...more });
  const found = [...history.loss!, ...numbers(model)];
  model.dispose();
  return found;
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`on ${backend}, two runs with a seed are one, and another seed is another run`, async (t) => {
    await useBackend(backend);
    for (const [name, layers] of Object.entries(DRAWING)) {
      await t.step(name, async () => {
        const first = await result(layers);
        assert(first.every(Number.isFinite));
        assertEquals(await result(layers), first);
        assertNotEquals(await result(layers, { seed: 8 }), first);
      });
    }
    await useBackend("cpu");
  });

  Deno.test(`on ${backend}, a run that is cut into two draws what the whole one draws`, async (t) => {
    await useBackend(backend);
    for (const [name, layers] of Object.entries(DRAWING)) {
      await t.step(name, async () => {
        const whole = modelWith(layers());
        const expected = await fit(whole, data, options);
        for (const last of [1, 3, 5]) {
          const model = modelWith(layers());
          const giveUp = new AbortController();
          const position = startPosition(0);
          await fit(model, data, {
            ...{ ...options, position },
            signal: giveUp.signal,
            plugins: [{
              name: "breaker",
              needs: {},
              onTrainBatchEnd: (_batch, _logs, run) =>
                void (run.step === last && giveUp.abort()),
            }],
          });
          assertEquals(position.step, last);
          const { history } = await fit(model, data, {
            ...options,
            ...{ position: structuredClone(position) },
          });
          assertEquals(history, expected.history);
          assert(numbers(model).every(Number.isFinite));
          assertEquals(numbers(model), numbers(whole));
        }
      });
    }
    await useBackend("cpu");
  });
}

Deno.test("what steps draw is the same on cpu and on wasm", async () => {
  const expected = await drawnOn("cpu");
  assertEquals(expected.length, 60);
  assertEquals(new Set(expected).size > 30, true);
  assertEquals(await drawnOn("wasm"), expected);
  assertEquals(await drawnOn("wasm", { threads: 2 }), expected);
});

/** The masks that a dropout over ones draws in the steps of a run. */
async function masks(
  layer: { apply(x: tf.Tensor, how: { training: boolean }): unknown },
  model: tf.LayersModel,
  options: { seed: number; position?: ReturnType<typeof startPosition> },
): Promise<string[]> {
  const drawn: string[] = [];
  await train(
    {
      ...tfResources({ model, optimizer: tf.train.sgd(0.1) }),
      trainStep() {
        for (let call = 0; call < 2; call++) {
          const mask = tf.tidy(() =>
            layer.apply(tf.ones([1, 32]), { training: true }) as tf.Tensor
          );
          drawn.push([...mask.dataSync()].join());
          mask.dispose();
        }
        return { loss: 1 };
      },
    },
    Array(4).fill(0),
    { ...options, printer: silent() },
  );
  return drawn;
}

Deno.test("a layer's own seed begins a sequence that depends on the step alone, not on the run's seed", async () => {
  const make = (seed: number) => {
    const layer = tf.layers.dropout({ rate: 0.5, seed, inputShape: [32] });
    return { layer, model: tf.sequential({ layers: [layer] }) };
  };
  const { layer, model } = make(3);
  const first = await masks(layer, model, { seed: 1 });
  assertEquals(new Set(first).size, 8);
  assertEquals(await masks(layer, model, { seed: 2 }), first);
  const position = { ...startPosition(0), step: 2 };
  const later = await masks(layer, model, { seed: 1, position });
  assertEquals(later.slice(0, 4), first.slice(4));
  const other = make(4);
  const others = await masks(other.layer, other.model, { seed: 1 });
  assertEquals(others.some((mask) => first.includes(mask)), false);
  assertEquals(layer.getConfig().seed, 3);
});

Deno.test("seeds vary in wrapped layers and in models within models", async () => {
  const dropout = () => tf.layers.dropout({ rate: 0.5, seed: 3 });
  const inner = tf.sequential({
    layers: [tf.layers.inputLayer({ inputShape: [2, 16] }), dropout()],
  });
  const model = tf.sequential({
    layers: [
      tf.layers.reshape({ targetShape: [2, 16], inputShape: [32] }),
      tf.layers.timeDistributed({ layer: dropout() }),
      inner,
      tf.layers.flatten(),
    ],
  });
  for (const layer of [model, model.layers[1]!, model.layers[2]!]) {
    const flat = layer === model ? model : {
      apply: (x: tf.Tensor, how: { training: boolean }) =>
        layer.apply(x.reshape([1, 2, 16]), how),
    };
    assertEquals(new Set(await masks(flat, model, { seed: 1 })).size, 8);
  }
});

Deno.test("the cells of tf.layers.rnn draw anew at each step, as layers do", async () => {
  const parts = {
    ...seeded(1),
    recurrentInitializer: tf.initializers.glorotUniform({ seed: 2 }),
    ...{ units: 8, dropout: 0.5, recurrentDropout: 0.5 },
  };
  const { lstmCell, gruCell, simpleRNNCell } = tf.layers;
  for (
    const cells of [
      () => lstmCell(parts),
      () => [gruCell(parts), simpleRNNCell(parts)],
    ]
  ) {
    const outputs = async (model: tf.LayersModel, done: number) => {
      const drawn: number[][] = [];
      const trainStep = () => {
        const y = tf.tidy(() => {
          const x = tf.linspace(0.01, 0.3, 32).reshape([1, 2, 16]);
          return model.apply(x, { training: true }) as tf.Tensor;
        });
        drawn.push([...y.dataSync()]);
        y.dispose();
        return { loss: 1 };
      };
      await train(
        { ...tfResources({ model }), trainStep },
        Array(4 - done).fill(0),
        {
          ...{ seed: 1, printer: silent() },
          ...{ position: { ...startPosition(0), step: done } },
        },
      );
      return drawn;
    };
    const make = () =>
      tf.sequential({
        layers: [tf.layers.rnn({ cell: cells(), inputShape: [2, 16] })],
      });
    const model = make();
    const all = await outputs(model, 0);
    assertEquals(new Set(all.map(String)).size, 4);
    assertEquals(await outputs(make(), 2), all.slice(2));
    assertEquals(await grown(() => outputs(model, 0)), 0);
  }
});

Deno.test("masks of one step after the other have nothing to do with each other", async () => {
  for (const own of [false, true]) {
    let [alike, count] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const layer = tf.layers.dropout({
        ...{ rate: 0.5, inputShape: [32], ...own && { seed } },
      });
      const model = tf.sequential({ layers: [layer] });
      const drawn = (await masks(layer, model, { seed }))
        .map((mask) => mask.split(",").map((it) => it === "0" ? -1 : 1));
      for (let i = 1; i < drawn.length; i++) {
        drawn[i]!.forEach((sign, at) => {
          alike += sign * drawn[i - 1]![at]!;
          count++;
        });
      }
    }
    // The sum of that many tosses of a coin, within three standard deviations.
    assert(Math.abs(alike) < 3 * Math.sqrt(count), `${alike} of ${count}`);
  }
});

Deno.test("a hand-written loop with a seed repeats itself, and Math.random is its own outside of steps", async () => {
  const native = Math.random;
  async function run(seed: number) {
    const model = modelWith([tf.layers.dropout({ rate: 0.5 })]);
    const optimizer = tf.train.sgd(0.1);
    const x = tf.tensor2d(data.x);
    await using list = callbackList({
      ...tfResources({ model, optimizer }),
      ...{ seed, printer: silent() },
    });
    const drawn: number[] = [];
    for await (const epoch of list.epochs(2)) {
      for await (const batch of epoch.batches([1, 2])) {
        const loss = optimizer.minimize(
          () =>
            (model.apply(x, { training: true }) as tf.Tensor).square().mean(),
          true,
        ) as tf.Scalar;
        await Promise.resolve();
        drawn.push(batch.random.next(), Math.random(), ...await loss.data());
        await batch.end({ loss });
        assertEquals(Math.random, native);
      }
    }
    tf.dispose([x, ...numbersOf(model)]);
    return [...drawn, ...list.history.history.loss!];
  }
  const numbersOf = (model: tf.LayersModel) =>
    model.weights.map((weight) => weight.read());
  const first = await run(3);
  assertEquals(await run(3), first);
  assertNotEquals(await run(4), first);
});

Deno.test("the seed that was drawn where none was given repeats the run", async () => {
  const layers = DRAWING.dropout!;
  const first = modelWith(layers());
  const { params, history } = await fit(first, data, {
    ...options,
    seed: undefined,
  });
  const again = modelWith(layers());
  const second = await fit(again, data, { ...options, seed: params.seed });
  assertEquals(second.history, history);
  const other = modelWith(layers());
  const third = await fit(other, data, { ...options, seed: undefined });
  assertNotEquals(third.params.seed, params.seed);
});

Deno.test("steps that draw leave no tensors behind", async () => {
  for (const name of ["dropout with a seed", "gaussianNoise"]) {
    const model = modelWith(DRAWING[name]!());
    await fit(model, data, options); // the optimizer's slots
    const leaked = await grown(() => fit(model, data, options));
    assertEquals(leaked, 0, name);
  }
});
