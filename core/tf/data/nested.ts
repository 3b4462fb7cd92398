/**
 * Nested arrays of numbers, flattened.
 *
 * @module
 */
import { show } from "../../contract/show.ts";
import { InputError } from "../../errors.ts";
import { sizeOf } from "../../shape.ts";
import { isTypedArray, type NestedArray, type TypedArray } from "./forms.ts";

/** Numbers and their shape. */
export interface FlatNumbers {
  /** The numbers, row after row. */
  readonly values: Float32Array;
  /** Length of each dimension, the samples first. */
  readonly shape: readonly number[];
}

type Row = readonly unknown[] | TypedArray;

/**
 * Flatten nested arrays.
 *
 * @param nested The arrays; every sample must have the same shape.
 * @param name Their name in messages, such as `"x"`.
 * @throws {InputError} If they are ragged or hold anything but numbers.
 */
export function flatten(nested: NestedArray, name: string): FlatNumbers {
  const shape = shapeOf(nested);
  const values = new Float32Array(sizeOf(shape));
  let filled = 0;
  /** The current position of `fill`, for messages. */
  const place: number[] = [];

  function fill(row: unknown, depth: number): void {
    if (!isRow(row) || row.length !== shape[depth]) {
      throw ragged(row, shape[depth]!, name, place);
    }
    for (let i = 0; i < row.length; i++) {
      place[depth] = i;
      if (depth < shape.length - 1) fill(row[i], depth + 1);
      else if (typeof row[i] === "number") values[filled++] = row[i] as number;
      else throw notANumber(row[i], name, place);
    }
    place.length = depth;
  }
  fill(nested, 0);
  return { values, shape };
}

function shapeOf(nested: unknown): number[] {
  const shape: number[] = [];
  for (let row = nested; isRow(row); row = row[0]) shape.push(row.length);
  return shape;
}

function isRow(value: unknown): value is Row {
  return Array.isArray(value) || isTypedArray(value);
}

function ragged(
  row: unknown,
  expected: number,
  name: string,
  place: readonly number[],
): InputError {
  const first = name + "[0]".repeat(place.length);
  const what = isRow(row)
    ? `it has ${row.length} values`
    : `it is ${shown(row)}`;
  return new InputError(
    `Cannot read ${
      pathOf(name, place)
    }: ${what}, but ${first} has ${expected}; all samples must have the same shape`,
  );
}

function notANumber(
  value: unknown,
  name: string,
  place: readonly number[],
): InputError {
  return new InputError(
    `Cannot read ${
      pathOf(name, place)
    }: it must be a number, current value is ${shown(value)}`,
  );
}

function pathOf(name: string, place: readonly number[]): string {
  return name + place.map((index) => `[${index}]`).join("");
}

function shown(value: unknown): string {
  return isRow(value) ? `a list of ${value.length} values` : show(value);
}
