import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { SavedSnapshot, WeightStore } from "../../../../core/steps.ts";
import { useBackend } from "../../../../core/tf/backend.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { optimizerHandle } from "../../../../core/tf/model/optimizer.ts";
import {
  modelWeights,
  variableWeights,
} from "../../../../core/tf/model/weights.ts";
import { OPTIMIZERS } from "../../wasm/optimizers/_optimizers.ts";
import { linear, numbers } from "../_models.ts";

/** As it comes back from a file in another process: nothing is shared, no buffer is aligned. */
function throughFile(saved: SavedSnapshot): SavedSnapshot {
  const tensors = saved.tensors.map((tensor) => {
    const bytes = new Uint8Array(tensor.data.length + 3);
    bytes.set(tensor.data, 3);
    return { ...tensor, data: bytes.subarray(3) };
  });
  return structuredClone({ tensors, rest: saved.rest });
}

/** What `write` gives where nothing has to be waited for. */
function written(
  store: WeightStore,
  ...of: Parameters<WeightStore["write"] & object>
) {
  return store.write!(...of) as SavedSnapshot;
}

const data = {
  x: Array.from({ length: 8 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]),
  y: [0, 1, 2, 1, 0, 2, 2, 1],
};
const STEPS = { epochs: 3, shuffle: false, batchSize: 2 };

/** Dense and batch normalization without names, so that tf.js gives other numbers to each. */
function network(optimizer: tf.Optimizer): tf.LayersModel {
  const seeded = () => tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({
        units: 4,
        inputShape: [2],
        kernelInitializer: seeded(),
      }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 3, kernelInitializer: seeded() }),
    ],
  });
  model.compile({ optimizer, loss: "sparseCategoricalCrossentropy" });
  return model;
}

const storeOf = (model: tf.LayersModel) => modelWeights(model, model.optimizer);

for (const backend of ["cpu", "wasm"] as const) {
  for (const [name, make] of Object.entries(OPTIMIZERS)) {
    Deno.test(`write() and read() go on bit for bit in another model, with ${name} on ${backend}`, async () => {
      await useBackend(backend, { threads: 1 });
      const model = network(make());
      await fit(model, data, STEPS);
      optimizerHandle(model.optimizer).learningRate /= 2;
      const saved = throughFile(written(storeOf(model)));
      await fit(model, data, STEPS);

      const other = network(make());
      const tensors = tf.memory().numTensors;
      const snapshot = storeOf(other).read!(saved);
      assertEquals(
        tf.memory().numTensors,
        tensors + saved.tensors.length,
      );
      storeOf(other).restore(snapshot);
      snapshot.dispose();
      await fit(other, data, STEPS);
      assertEquals(numbers(other), numbers(model));
      assertEquals(
        written(storeOf(other)).tensors,
        written(storeOf(model)).tensors.map((tensor, i) => ({
          ...tensor,
          name: written(storeOf(other)).tensors[i]!.name,
        })),
      );
      const names = (await other.optimizer.getWeights().catch(() => []))
        .map(({ name }) => name);
      for (const name of names.slice(1)) {
        assertEquals(
          other.weights.some((weight) => name.startsWith(weight.name)),
          true,
          name,
        );
      }
    });
  }

  Deno.test(`write() tells of a snapshot what it tells of the weights, on ${backend}`, async () => {
    await useBackend(backend, { threads: 1 });
    const model = network(tf.train.adam());
    await fit(model, data, STEPS);
    const store = storeOf(model);
    const snapshot = store.snapshot({ optimizer: true });
    const saved = written(store);
    assertEquals(written(store, snapshot), saved);
    await fit(model, data, STEPS);
    assertEquals(written(store, snapshot), saved);
    assertNotEquals(written(store), saved);
    const before = tf.memory().numTensors;
    written(store);
    assertEquals(tf.memory().numTensors, before);
    snapshot.dispose();
  });

  Deno.test(`write() and read() keep every bit, whatever the type, on ${backend}`, async () => {
    await useBackend(backend, { threads: 1 });
    // -0, the infinities, the smallest number, NaN, and NaN with a payload.
    const bits = [
      0x80000000,
      0x7f800000,
      0xff800000,
      1,
      0x7fc00000,
      0xffc12345,
      0x3f800001,
    ];
    const floats = new Float32Array(new Uint32Array(bits).buffer);
    const make = () => [
      tf.variable(tf.zeros([7])),
      tf.variable(tf.zeros([2], "int32")),
      tf.variable(tf.zeros([3], "bool")),
      tf.variable(tf.scalar(0)),
      tf.variable(tf.zeros([0])),
    ];
    const variables = make();
    variables[0]!.assign(tf.tensor(floats));
    variables[1]!.assign(tf.tensor([-(2 ** 31), 2 ** 31 - 1], [2], "int32"));
    variables[2]!.assign(tf.tensor([true, false, true], [3], "bool"));
    const saved = written(variableWeights(variables));
    assertEquals(
      new Uint32Array(saved.tensors[0]!.data.buffer),
      new Uint32Array(bits),
    );
    const others = make();
    const store = variableWeights(others);
    const snapshot = store.read!(throughFile(saved));
    assertEquals(
      written(store, snapshot).tensors.map(({ data }) => data),
      saved.tensors.map(({ data }) => data),
    );
    store.restore(snapshot);
    assertEquals(
      written(store).tensors.map(({ data }) => data),
      saved.tensors.map(({ data }) => data),
    );
    assertEquals(saved.tensors.map(({ dtype, shape }) => [dtype, ...shape]), [
      ["float32", 7],
      ["int32", 2],
      ["bool", 3],
      ["float32"],
      ["float32", 0],
    ]);
    snapshot.dispose();
    tf.dispose([...variables, ...others]);
  });
}

Deno.test("write() and read() keep a snapshot of trainable weights alone as one", async () => {
  await useBackend("cpu");
  const model = network(tf.train.sgd(0.1));
  const store = storeOf(model);
  const snapshot = store.snapshot({ optimizer: false, trainable: true });
  const saved = throughFile(written(store, snapshot));
  assertEquals(saved.tensors.length, 6);
  const other = network(tf.train.sgd(0.1));
  other.setWeights(other.getWeights().map((weight) => weight.add(1)));
  const read = storeOf(other).read!(saved);
  storeOf(other).restore(read);
  const [mean, variance] = other.getWeights().slice(6);
  assertEquals([...mean!.dataSync(), ...variance!.dataSync()], [
    1,
    1,
    1,
    1,
    2,
    2,
    2,
    2,
  ]);
  assertEquals(
    other.getWeights()[0]!.dataSync(),
    model.getWeights()[0]!.dataSync(),
  );
});

Deno.test("read() finds weights by name where their order differs", () => {
  const first = ["slope", "offset"].map((name, i) =>
    tf.variable(tf.scalar(i + 1), true, name)
  );
  const saved = written(variableWeights(first));
  const store = variableWeights([first[1]!, first[0]!]);
  tf.tidy(() => first.forEach((variable) => variable.assign(tf.scalar(9))));
  const snapshot = store.read!(saved);
  store.restore(snapshot);
  assertEquals(first.map((variable) => variable.dataSync()[0]), [1, 2]);
  snapshot.dispose();
  tf.dispose(first);
});

Deno.test("read() refuses what belongs to another model or optimizer, and says all that differs", async () => {
  await useBackend("cpu");
  const saved = written(storeOf(network(tf.train.adam())));
  const layer = (units: number) => tf.layers.dense({ units, inputShape: [2] });
  const other = tf.sequential({ layers: [layer(5)] });
  const before = tf.memory().numTensors;
  const { message } = assertThrows(
    () => modelWeights(other, tf.train.sgd(1)).read!(saved),
    InputError,
  );
  assertEquals(
    message.replaceAll(/(?<=Dense|Normalization)\d+/g, "N").split("\n"),
    [
      "Cannot put back the saved weights: they belong to another model",
      `- weight "dense_DenseN/kernel" must have shape [2,5], got [2,4]`,
      `- weight "dense_DenseN/bias" must have shape [5], got [4]`,
      `- the model has no weight "batch_normalization_BatchNormalizationN/gamma"`,
      `- the model has no weight "batch_normalization_BatchNormalizationN/beta"`,
      `- the model has no weight "dense_DenseN/kernel"`,
      `- the model has no weight "dense_DenseN/bias"`,
      `- the model has no weight "batch_normalization_BatchNormalizationN/moving_mean"`,
      `- the model has no weight "batch_normalization_BatchNormalizationN/moving_variance"`,
      `- they were trained by optimizer "Adam", this model is trained by "SGD"`,
    ],
  );
  // The optimizer made above.
  assertEquals(tf.memory().numTensors, before + 1);
  const whole = [tf.variable(tf.tensor([1], [1], "int32"))];
  assertThrows(
    () =>
      variableWeights([tf.variable(tf.zeros([1]))]).read!(
        written(variableWeights(whole)),
      ),
    InputError,
    `must have type "float32", got "int32"`,
  );
  assertThrows(
    () => modelWeights(other).read!({ tensors: [], rest: undefined }),
    InputError,
    "Cannot put back the saved weights: they are none of tf.js",
  );
});

Deno.test("read() refuses numbers that are too few, and leaves no tensor", async () => {
  await useBackend("cpu");
  const store = modelWeights(linear({ inputs: 2 }));
  const { tensors, rest } = written(store);
  const cut = tensors.map((tensor) => ({
    ...tensor,
    data: tensor.data.slice(1),
  }));
  const before = tf.memory().numTensors;
  assertThrows(
    () => store.read!({ tensors: [tensors[0]!, cut[1]!], rest }),
    InputError,
    `": 3 bytes are no tensor of type "float32" and shape [1]`,
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("of an optimizer that is none of tf.js' own, the weights alone are written, which the store says", async () => {
  await useBackend("cpu");
  class Derived extends tf.AdamOptimizer {}
  const own = modelWeights(linear(), new Derived(0.1, 0.9, 0.999));
  assertEquals(
    own.unwritten,
    `the state of optimizer "Adam", which is none of tf.js' own`,
  );
  const saved = written(own);
  assertEquals(saved.tensors.length, 2);
  own.read!(saved).dispose();
  const known = modelWeights(linear(), tf.train.adam(0.1));
  assertEquals(known.unwritten, undefined);
  assertEquals(modelWeights(linear()).unwritten, undefined);
  assertThrows(
    () => own.read!(written(known)),
    InputError,
    `- the state of optimizer "Adam" cannot be put into a class derived from it`,
  );
});
