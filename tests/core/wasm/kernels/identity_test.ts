import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { assertSame, normal } from "../_on_both.ts";

Deno.test("Identity shares data until the last tensor is gone", async () => {
  await tf.setBackend("wasm");
  const before = { ...tf.memory() };
  const x = tf.tensor1d([1, 2, 3]), copy = x.clone();
  x.dispose();
  assertEquals(Array.from(copy.dataSync()), [1, 2, 3]);
  copy.dispose();
  const after = tf.memory();
  assertEquals([after.numTensors, after.numDataBuffers], [
    before.numTensors,
    before.numDataBuffers,
  ]);
});

Deno.test("Add takes biases and broadcasts as cpu does", async () => {
  const shapes: [number[], number[]][] = [
    [[5, 7], [7]],
    [[2, 3, 4, 8], [8]],
    [[3, 1], [1]],
    [[7], [7]],
    [[7], [5, 7]],
    [[5, 7], [1]],
    [[5, 7], [5, 1]],
    [[5, 7], []],
  ];
  for (const [a, b] of shapes) {
    await assertSame(() => tf.add(normal(a, 1), normal(b, 2)));
  }
  await assertSame(() =>
    tf.add(tf.ones([2, 3], "int32"), tf.ones([3], "int32"))
  );
});
