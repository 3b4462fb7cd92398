/**
 * Operations on whatever tf.js lets through, and what they come to on a backend.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import "../_on_both.ts";

export type Type = "float32" | "int32" | "bool";

/** A tensor to be made on either backend. */
interface Input {
  shape: number[];
  dtype: Type;
  values: number[];
}

/** An operation on some inputs. */
export interface Op {
  inputs: Input[];
  apply: (tensors: tf.Tensor[]) => tf.Tensor | tf.Tensor[];
}

export const type = fc.constantFrom<Type[]>(
  "float32",
  "float32",
  "int32",
  "bool",
);
export const finite = fc.integer({ min: -40, max: 40 }).map((x) => x / 4);
/** No product of two is infinite in float32 alone: cpu adds in doubles. */
const special = fc.oneof(
  { weight: 6, arbitrary: finite },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, 1e15, -1e-15, -0) },
);

/** A tensor of the given shape, with NaN and infinite values unless `value` says otherwise. */
function input(
  shape: number[],
  dtype: fc.Arbitrary<Type> = type,
  value: fc.Arbitrary<number> = special,
): fc.Arbitrary<Input> {
  const size = shape.reduce((n, extent) => n * extent, 1);
  return fc.record({
    shape: fc.constant(shape),
    dtype,
    values: fc.array(value, { minLength: size, maxLength: size }),
  }).map((x) => ({ ...x, values: x.values.map((v) => cast(v, x.dtype)) }));
}

function cast(value: number, dtype: Type): number {
  if (dtype === "bool") return Number(value > 0);
  return dtype === "int32" ? Math.trunc(value * 4) | 0 : value;
}

/** Makes {@linkcode cast} give the integer itself. */
export const quarter = (i: number) => i / 4;

export const float = fc.constant<Type>("float32"),
  int = fc.constant<Type>("int32");
const extent = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
export const extents = (n: number) =>
  fc.array(extent, { minLength: n, maxLength: n });
/** For stock kernels, which write anywhere or leave something behind when there is nothing to compute. */
export const notEmpty = (n: number) =>
  fc.array(fc.integer({ min: 3, max: 5 }), { minLength: n, maxLength: n });
export const pad = fc.constantFrom<("valid" | "same")[]>("valid", "same");
export const small = fc.integer({ min: 1, max: 3 });

/** Shapes that mostly are `shape`, and now and then are not. */
function about(shape: number[]): fc.Arbitrary<number[]> {
  const wrong = fc.tuple(fc.nat(shape.length), fc.nat(5)).map(([axis, size]) =>
    axis < shape.length ? shape.with(axis, size) : [...shape, size]
  );
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(shape) },
    { weight: 1, arbitrary: wrong },
    { weight: 1, arbitrary: fc.constant(shape.slice(1)) },
  );
}

type Asked = readonly [
  shape: number[],
  dtype?: fc.Arbitrary<Type>,
  value?: fc.Arbitrary<number>,
];

/** An operation on tensors of about these shapes. */
export function op(
  inputs: readonly Asked[],
  apply: Op["apply"],
): fc.Arbitrary<Op> {
  const tensors = inputs.map(([shape, ...rest]) =>
    about(shape).chain((some) => input(some, ...rest))
  );
  return fc.tuple(...tensors).map((inputs) => ({ inputs, apply }));
}

/**
 * An operation on tensors of just these shapes: for gradients whose forward pass
 * is a stock kernel, which writes where it should not when shapes do not fit.
 */
export function exactly(
  inputs: readonly Asked[],
  apply: Op["apply"],
): fc.Arbitrary<Op> {
  return fc.tuple(...inputs.map((asked) => input(...asked)))
    .map((inputs) => ({ inputs, apply }));
}

/** Value and gradients of `f`, along a gradient that is no constant. */
export function withGradients(
  f: (tensors: tf.Tensor[]) => tf.Tensor,
): Op["apply"] {
  return (tensors) => {
    const y = f(tensors);
    const dy = tf.range(0, y.size).add(1).reshape(y.shape);
    return [y, ...tf.grads((...all) => f(all))(tensors, dy)];
  };
}

export interface Outcome {
  error?: string;
  results: { dtype: string; shape: number[]; values: ArrayLike<number> }[];
}

/** What an operation comes to; it leaves nothing behind on wasm. */
export async function outcome(
  backend: "cpu" | "wasm",
  { inputs, apply }: Op,
): Promise<Outcome> {
  await tf.setBackend(backend);
  const before = tf.backend().numDataIds();
  try {
    const results = tf.tidy(() => {
      const tensors = inputs.map(({ values, shape, dtype }) =>
        tf.tensor(values, shape, dtype)
      );
      return [apply(tensors)].flat().map((t) => ({
        dtype: t.dtype,
        shape: t.shape,
        values: t.dataSync(),
      }));
    }) as unknown as Outcome["results"];
    return { results };
  } catch (error) {
    return { error: (error as Error).message, results: [] };
  } finally {
    // cpu leaves some behind when it fails.
    if (backend === "wasm") assertEquals(tf.backend().numDataIds(), before);
  }
}

/** Asserts that numbers are the same up to rounding, NaN and infinite ones among them. */
export function assertNear(actual: number[], expected: number[]): void {
  const sizes = expected.map(Math.abs).filter(Number.isFinite);
  const tolerance = 1e-5 * sizes.reduce((m, size) => Math.max(m, size), 1);
  expected.forEach((e, i) => {
    const a = actual[i]!;
    const same = Object.is(a, e) || Math.abs(a - e) <= tolerance;
    assert(same, `value ${i} is ${a}, expected ${e}`);
  });
}
