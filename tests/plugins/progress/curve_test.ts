import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  blocks,
  extend,
  newCurve,
  scaled,
} from "../../../plugins/_progress/curve.ts";

function curveOf(values: readonly number[]) {
  const curve = newCurve();
  for (const value of values) extend(curve, value);
  return curve;
}

Deno.test("blocks() draws from the lowest to the highest", () => {
  const { heights } = scaled(curveOf([4, 3, 2, 1]), 10);
  assertEquals(blocks(heights, 1), ["█▆▃▁"]);
  assertEquals(blocks(heights, 3), ["█", "██▁", "███▁"]);
});

Deno.test("a curve that differs by more than a factor of ten is logarithmic, unless it is not above zero", () => {
  const scale = (values: number[]) => {
    const { heights, log } = scaled(curveOf(values), 10);
    return [heights.map((it) => Math.round(100 * it)), log];
  };
  assertEquals(scale([100, 10, 1]), [[100, 50, 0], true]);
  assertEquals(scale([10, 5, 1]), [[100, 44, 0], false]);
  assertEquals(scale([100, 0]), [[100, 0], false]);
  assertEquals(scale([2, 2]), [[50, 50], false]);
});

Deno.test("values that are not finite, or not there, are left out", () => {
  const curve = curveOf([1, NaN, Infinity, 2]);
  extend(curve, undefined);
  assertEquals(curve.values, [1, 2]);
});

Deno.test("however long it runs, a curve stays small, and keeps its form", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), (count) => {
      const curve = curveOf(Array.from({ length: count }, (_, i) => i));
      const { values, every } = curve;
      assert(values.length < 120);
      assert(count < 60 || values.length >= 59);
      assertEquals(values, values.toSorted((a, b) => a - b));
      assertEquals(values[0], (every - 1) / 2);
      const { heights } = scaled(curve, 40);
      assertEquals(heights.length, Math.min(values.length, 40));
    }),
  );
});
