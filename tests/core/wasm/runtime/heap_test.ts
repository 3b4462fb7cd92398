import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { currentHeap } from "../../../../core/wasm/runtime/heap.ts";
import { normal } from "../_on_both.ts";

/** What is held, and how many tensors the backend itself knows of. */
function held(): number[] {
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  return [numTensors, numBytes, numDataBuffers, tf.backend().numDataIds()];
}

Deno.test("a tensor that the heap has no room for is refused, and the others keep their values", async () => {
  await tf.setBackend("wasm");
  // 16 MB, which leave less than what the first product asks for.
  const kept = tf.fill([2000, 2000], 0.5), values = kept.dataSync();
  const before = held();
  // Just below 2^32 bytes; then sizes that 32 bits would wrap to nothing.
  for (const rows of [32_760, 32_768, 65_536]) {
    assertThrows(
      () => tf.tidy(() => tf.matMul(tf.ones([rows, 1]), tf.ones([1, rows]))),
      RangeError,
      `Cannot allocate ${4 * rows ** 2} bytes on the wasm heap`,
    );
    assertEquals(held(), before);
  }
  assertEquals(kept.dataSync(), values);
  kept.dispose();
});

Deno.test("scratch memory that the heap has no room for is refused, and the kernel's output is freed", async () => {
  await tf.setBackend("wasm");
  const { wasm } = currentHeap().backend;
  const malloc = wasm._malloc;
  const images = normal<tf.Rank.R4>([2, 8, 8, 3], 1);
  const filter = normal<tf.Rank.R4>([3, 3, 3, 4], 2);
  const before = held();
  try {
    // Room for the output, but not for the patches.
    wasm._malloc = (bytes) =>
      malloc(bytes > 4 * 2 * 6 * 6 * 4 ? 2 ** 33 : bytes);
    assertThrows(
      () => tf.conv2d(images, filter, 1, "valid"),
      RangeError,
      "Cannot allocate",
    );
  } finally {
    wasm._malloc = malloc;
  }
  assertEquals(held(), before);
  tf.dispose([images, filter]);
});
