import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "../_on_both.ts";

const image = () => tf.ones<tf.Rank.R4>([4, 1, 1, 3]);
const volume = () => tf.ones<tf.Rank.R5>([4, 1, 3, 3, 2]);
const filter = (...shape: [number, number, number, number]) =>
  tf.ones<tf.Rank.R4>(shape);

/** Windows that are larger than what they look at. */
const OPS: Record<string, () => tf.Tensor> = {
  conv2d: () => tf.conv2d(image(), filter(5, 5, 3, 3), 1, "valid"),
  "conv2d, one axis": () => tf.conv2d(image(), filter(5, 1, 3, 3), 1, "valid"),
  "fused conv2d": () =>
    tf.fused.conv2d({
      x: image(),
      filter: filter(5, 5, 3, 3),
      strides: 1,
      pad: "valid",
      bias: tf.ones([3]),
      activation: "relu",
    }),
  depthwiseConv2d: () =>
    tf.depthwiseConv2d(image(), filter(5, 5, 3, 1), 1, "valid"),
  maxPool: () => tf.maxPool(image(), 5, 1, "valid"),
  avgPool: () => tf.avgPool(image(), 5, 1, "valid"),
};

for (const [name, apply] of Object.entries(OPS)) {
  Deno.test(`${name}: an input smaller than the window is an error, and spoils nothing`, async () => {
    await tf.setBackend("wasm");
    const before = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) {
      assertThrows(() => tf.tidy(apply), Error, "larger than its input");
    }
    const four = tf.tidy(() => tf.ones([2, 2]).sum().dataSync()[0]);
    assertEquals(four, 4);
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("3D windows larger than their input find nothing, and spoil nothing", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    for (const pool of [tf.maxPool3d, tf.avgPool3d]) {
      assertEquals(pool(volume(), 5, 1, "valid").size, 0);
    }
    assertEquals(tf.ones([2, 2]).sum().dataSync()[0], 4);
  });
});
