import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { currentHeap, memoryOf } from "../../../../core/wasm/runtime/heap.ts";
import { normal } from "../_on_both.ts";

Deno.test("100 steps of a small CNN add no tensor, no byte and no heap", async () => {
  await tf.setBackend("wasm");
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        filters: 8,
        kernelSize: 3,
        activation: "relu",
        inputShape: [12, 12, 3],
      }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.separableConv2d({
        filters: 6,
        kernelSize: 3,
        activation: "relu",
      }),
      tf.layers.averagePooling2d({ poolSize: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
  const optimizer = tf.train.adam();
  const x = normal([8, 12, 12, 3], 1),
    y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1], "int32"), 3);
  const loss = () => {
    const p = model.apply(x, { training: true }) as tf.Tensor;
    return tf.mean(
      tf.metrics.categoricalCrossentropy(tf.cast(y, "float32"), p),
    ) as tf.Scalar;
  };
  const step = () => optimizer.minimize(() => tf.tidy(loss));
  const heap = currentHeap();
  const held = () => {
    const { numTensors, numBytes, numDataBuffers } = tf.memory();
    return [
      numTensors,
      numBytes,
      numDataBuffers,
      memoryOf(heap.backend).buffer.byteLength,
    ];
  };
  for (let i = 0; i < 5; i++) step();
  const before = held();
  for (let i = 0; i < 100; i++) step();
  assertEquals(held(), before);
  model.dispose();
  optimizer.dispose();
});
