import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { assertClose, normal } from "../_on_both.ts";
import { asStock } from "../_stock.ts";
import { OPTIMIZERS } from "./_optimizers.ts";

Deno.test("a fused optimizer updates in place: no tensor, byte or heap is added", async () => {
  await tf.setBackend("wasm");
  for (const make of Object.values(OPTIMIZERS)) {
    const optimizer = make(), w = tf.variable(normal([33], 1));
    const step = () =>
      optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
    step();
    const before = { ...tf.memory() }, at = w.dataId;
    for (let i = 0; i < 20; i++) step();
    const after = tf.memory();
    assertEquals([after.numTensors, after.numBytes], [
      before.numTensors,
      before.numBytes,
    ]);
    assertEquals(w.dataId, at);
    tf.dispose(w);
    optimizer.dispose();
  }
});

Deno.test("a fused optimizer leaves a clone of a weight alone", async () => {
  await tf.setBackend("wasm");
  const optimizer = tf.train.adam(0.1), w = tf.variable(tf.tensor1d([1, 2, 3]));
  const snapshot = w.clone();
  optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
  assertEquals(Array.from(snapshot.dataSync()), [1, 2, 3]);
  assertNotEquals(Array.from(w.dataSync()), [1, 2, 3]);
  tf.dispose([snapshot, w]);
  optimizer.dispose();
});

Deno.test("a weight and an optimizer made on another backend move, and a clone is left alone", async () => {
  await tf.setBackend("cpu");
  const optimizer = tf.train.adam(0.1), w = tf.variable(tf.tensor1d([1, 2, 3]));
  const snapshot = w.clone();
  await tf.setBackend("wasm");
  const gradient = tf.tensor1d([2, 2, 2]);
  optimizer.applyGradients([{ name: w.name, tensor: gradient }]);
  assertEquals(Array.from(snapshot.dataSync()), [1, 2, 3]);
  assert(isFused(optimizer, w));
  tf.dispose([snapshot, gradient, w]);
  optimizer.dispose();
});

Deno.test("a fused optimizer reads the learning rate at each step", async () => {
  await tf.setBackend("wasm");
  for (const optimizer of [tf.train.sgd(0.1), tf.train.momentum(0.1, 0)]) {
    const w = tf.variable(tf.scalar(1));
    const step = () => optimizer.minimize(() => tf.mul(w, 2) as tf.Scalar);
    step();
    assertAlmostEquals(w.dataSync()[0]!, 0.8, 1e-6);
    Object.assign(optimizer, { learningRate: 0.2 });
    step();
    assertAlmostEquals(w.dataSync()[0]!, 0.4, 1e-6);
    tf.dispose(w);
    optimizer.dispose();
  }
});

Deno.test("a fused optimizer keeps slots that save and load", async () => {
  await tf.setBackend("wasm");
  const stock = asStock(tf.train.adam(0.1)),
    fused = tf.train.adam(0.1),
    w = tf.variable(normal([6], 1));
  const gradients = [{ name: w.name, tensor: normal([6], 2) }];
  stock.applyGradients(gradients);
  fused.applyGradients(gradients);
  const saved = await fused.getWeights(), expected = await stock.getWeights();
  assertEquals(saved.map((s) => s.name), expected.map((s) => s.name));
  expected.forEach(({ tensor }, i) =>
    assertClose(read(saved[i]!.tensor), read(tensor), 1e-6)
  );

  const other = tf.train.adam(0.1);
  await other.setWeights(saved);
  const start = w.clone();
  fused.applyGradients(gradients);
  const there = read(w);
  w.assign(start);
  other.applyGradients(gradients);
  assertClose(read(w), there, 1e-6);
  tf.disposeVariables();
});

Deno.test("a fused optimizer lets XNNPACK see the new values of a filter", async () => {
  await tf.setBackend("wasm");
  const w = tf.variable(normal<tf.Rank.R4>([3, 3, 4, 1], 1)),
    x = normal<tf.Rank.R4>([1, 8, 8, 4], 2);
  const conv = () => tf.depthwiseConv2d(x, w as tf.Tensor4D, 1, "same");
  tf.dispose(conv());
  const optimizer = tf.train.sgd(0.1);
  optimizer.minimize(() => tf.sum(w) as tf.Scalar);
  const fresh = tf.tensor(w.dataSync(), w.shape) as tf.Tensor4D;
  assertClose(
    read(conv()),
    read(tf.depthwiseConv2d(x, fresh, 1, "same")),
    1e-6,
  );
  tf.disposeVariables();
});

Deno.test("other backends are left to tf.js", async () => {
  await tf.setBackend("cpu");
  const optimizer = tf.train.sgd(0.5), w = tf.variable(tf.scalar(1));
  const before = w.dataId;
  optimizer.minimize(() => tf.mul(w, 1) as tf.Scalar);
  assertAlmostEquals(w.dataSync()[0]!, 0.5, 1e-6);
  assertNotEquals(w.dataId, before);
  tf.dispose(w);
});

Deno.test("a hand-written minimize() loop is fused, with no call per optimizer", async () => {
  await tf.setBackend("wasm");
  for (const [name, make] of Object.entries(OPTIMIZERS)) {
    const optimizer = make(), w = tf.variable(normal([9], 1));
    assert(isFused(optimizer, w), name);
    assert(!isFused(asStock(make()), w), `${name} as a subclass`);
    w.dispose();
  }
});

Deno.test("the optimizer of a saved and loaded model is fused", async () => {
  await tf.setBackend("wasm");
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 2, inputShape: [3] })],
  });
  model.compile({ optimizer: "rmsprop", loss: "meanSquaredError" });
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({} as tf.io.SaveResult);
    }),
    { includeOptimizer: true },
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  const [kernel] = loaded.trainableWeights.map((w) =>
    (w as unknown as { val: tf.Variable }).val
  );
  assert(isFused(loaded.optimizer, kernel!));
  tf.disposeVariables();
});

Deno.test("a subclass keeps its own update, and the stock one it calls", async () => {
  await tf.setBackend("wasm");
  class Doubled extends tf.SGDOptimizer {
    override applyGradients(gradients: tf.NamedTensorMap): void {
      super.applyGradients(gradients);
      super.applyGradients(gradients);
    }
  }
  const optimizer = new Doubled(0.25), w = tf.variable(tf.scalar(1));
  assert(!isFused(optimizer, w));
  assertAlmostEquals(w.dataSync()[0]!, -1, 1e-6);
  w.dispose();
});

Deno.test("weights that are not float32 are left to tf.js", async () => {
  await tf.setBackend("wasm");
  const w = tf.variable(tf.tensor1d([1, 2], "int32"), true);
  const gradients = { [w.name]: tf.tensor1d([1, 1], "int32") };
  for (const optimizer of [tf.train.sgd(1), asStock(tf.train.sgd(1))]) {
    assertThrows(() => optimizer.applyGradients(gradients), Error, "dtype");
  }
  assertEquals(Array.from(w.dataSync()), [1, 2]);
  tf.disposeVariables();
});

/** Whether `optimizer` writes `w` in place. Takes two steps along a gradient of 2. */
function isFused(optimizer: tf.Optimizer, w: tf.Variable): boolean {
  const step = () =>
    optimizer.minimize(() => tf.sum(tf.mul(w, 2)) as tf.Scalar, false, [w]);
  step(); // data shared with the tensor that `w` was made from is copied first
  const before = w.dataId;
  step();
  return w.dataId === before;
}

function read(
  tensor: tf.Tensor,
): { shape: number[]; values: ArrayLike<number> } {
  return { shape: tensor.shape, values: tensor.dataSync() };
}
