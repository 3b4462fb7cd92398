import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { histogramOf } from "../../../plugins/_tensorboard/histogram.ts";

/** Buckets as lists, as they stand in an event file. */
function rows(values: ArrayLike<number>, count: number): number[][] {
  return histogramOf(values, count)
    .map(({ left, right, count }) => [left, right, count]);
}

Deno.test("buckets are of equal width, from the lowest to the highest number, which is in the last", () => {
  assertEquals(rows([3, 0, 1, 2, 0.5], 3), [[0, 1, 2], [1, 2, 1], [2, 3, 2]]);
  assertEquals(rows([-2, 2], 2), [[-2, 0, 1], [0, 2, 1]]);
  assertEquals(rows([0, 1, 3, 4, 8], 2), [[0, 4, 3], [4, 8, 2]]);
});

Deno.test("numbers that are all the same are in the last of buckets without width", () => {
  assertEquals(rows([2, 2, 2], 2), [[2, 2, 0], [2, 2, 3]]);
});

Deno.test("numbers that are not finite are left out; without any other, all is 0", () => {
  assertEquals(rows([NaN, 0, Infinity, 1], 1), [[0, 1, 2]]);
  assertEquals(rows([NaN, -Infinity], 2), [[0, 0, 0], [0, 0, 0]]);
  assertEquals(rows([], 1), [[0, 0, 0]]);
});

Deno.test("every number is in one bucket, and the buckets lie side by side (property)", () => {
  const numbers = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 1, max: 40 }), (numbers, count) => {
      const buckets = histogramOf(Float32Array.from(numbers), count);
      const sum = buckets.reduce((sum, { count }) => sum + count, 0);
      assertEquals(sum, numbers.length);
      assertEquals(buckets[0]!.left, Math.min(...numbers) + 0);
      assertEquals(buckets.at(-1)!.right, Math.max(...numbers) + 0);
      buckets.slice(1).forEach(({ left }, i) =>
        assertEquals(left, buckets[i]!.right)
      );
    }),
  );
});
