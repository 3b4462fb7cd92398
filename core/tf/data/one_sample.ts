/**
 * A single sample where a batch is expected: the mistake of a data set that was
 * not batched.
 *
 * @module
 */
import { sizeOf } from "../../shape.ts";
import type { GivenValues, ModelSpecs } from "./columns.ts";
import { isTensor } from "./forms.ts";
import { matches } from "./tensor_spec.ts";

/** Whether what was given for a batch, and refused, is one sample: a bare number, or an input in the shape of a sample. */
export function oneSample(
  { x, y }: GivenValues,
  { inputs }: ModelSpecs,
): boolean {
  if ([x, y].some((values) => shapeOf(values)?.length === 0)) return true;
  return inputs.some(({ name, shape }, i) => {
    const sample = shape.slice(1);
    const given = shapeOf(partOf(x, name, i, inputs.length));
    // One number per sample may stand for a batch of one.
    return given !== undefined && sizeOf(sample) !== 1 &&
      matches(given, sample);
  });
}

function partOf(x: unknown, name: string, i: number, inputs: number): unknown {
  if (isTensor(x) || (inputs === 1 && Array.isArray(x))) return x;
  return Array.isArray(x) ? x[i] : (x as Record<string, unknown>)?.[name];
}

/** The shape of what says its shape: a typed array does not. */
function shapeOf(value: unknown): readonly number[] | undefined {
  if (typeof value === "number") return [];
  if (isTensor(value)) return value.shape;
  if (!Array.isArray(value)) return undefined;
  const inner = shapeOf(value[0]);
  return inner && [value.length, ...inner];
}
