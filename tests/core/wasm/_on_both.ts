/**
 * Runs the same tf.js code on the cpu backend and, with the training kernels,
 * on wasm, and compares.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { registerTrainingKernels } from "../../../core/wasm/runtime/register.ts";

await tf.setBackend("wasm");
registerTrainingKernels();

/** Values and shape of a tensor, off its backend. */
export interface Values {
  shape: number[];
  values: ArrayLike<number>;
}

/** What `build` gives on `backend`; every tensor it made is disposed of. */
export async function on(
  backend: "cpu" | "wasm",
  build: () => tf.Tensor | tf.Tensor[],
): Promise<Values[]> {
  await tf.setBackend(backend);
  return tf.tidy(() =>
    [build()].flat().map((t) => ({ shape: t.shape, values: t.dataSync() }))
  ) as unknown as Values[];
}

/** Asserts that `build` gives the same on both backends. */
export async function assertSame(
  build: () => tf.Tensor | tf.Tensor[],
  tolerance = 1e-5,
): Promise<void> {
  const expected = await on("cpu", build);
  const actual = await on("wasm", build);
  assertEquals(actual.length, expected.length);
  expected.forEach((e, i) =>
    assertClose(actual[i] ?? { shape: [], values: [] }, e, tolerance)
  );
}

/** Asserts equal shapes, and values within `tolerance` of the largest value. */
export function assertClose(
  actual: Values,
  expected: Values,
  tolerance: number,
): void {
  assertEquals(actual.shape, expected.shape);
  const values = Array.from(expected.values);
  const scale = values.reduce((m, x) => Math.max(m, Math.abs(x)), 1);
  values.forEach((e, i) => {
    const a = actual.values[i] ?? NaN;
    const same = Object.is(a, e) || Math.abs(a - e) <= tolerance * scale;
    assert(same, `value ${i} of [${expected.shape}] is ${a}, expected ${e}`);
  });
}

/** A tensor of normal values that depend on shape and seed only (not 0: tf.js takes that for none). */
export function normal<R extends tf.Rank>(
  shape: tf.ShapeMap[R],
  seed: number,
): tf.Tensor<R> {
  return tf.randomNormal(shape, 0, 1, "float32", seed);
}
