import { assertEquals } from "@std/assert";
import {
  curveOf,
  next,
  noPoints,
  type Points,
  pointsFrom,
  put,
  thinned,
} from "../../../plugins/_dashboard/points.ts";

/** More batches, each with a loss or without. */
function add(
  points: Points,
  losses: readonly (number | undefined)[],
  most?: number,
): boolean[] {
  return losses.map((loss) => {
    if (loss !== undefined) put(curveOf(points, "loss"), loss);
    return next(points, most);
  });
}

/** Points of batches, no more than `most`. */
function pointsOf(
  losses: readonly (number | undefined)[],
  most?: number,
): Points {
  const points = noPoints(0);
  add(points, losses, most);
  return points;
}

const all = (points: Points) => pointsFrom(points, 0, points.length);
const losses = (points: Points) => all(points).values.loss;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

Deno.test("a batch is a point, at the step that it ends", () => {
  const points = pointsOf([3, 1, 2]);
  assertEquals(all(points), {
    ...{ first: 0, every: 1, step: [1, 2, 3], values: { loss: [3, 1, 2] } },
  });
  assertEquals(pointsFrom(points, 1, 3), {
    ...{ first: 1, every: 1, step: [2, 3], values: { loss: [1, 2] } },
  });
});

Deno.test("a run that goes on counts its batches from where it was", () => {
  const points = noPoints(10);
  add(points, [1, 3, 5, 7, 9, 11], 4);
  assertEquals(pointsFrom(points, 1, 3), {
    ...{ first: 12, every: 2, step: [14, 16], values: { loss: [6, 10] } },
  });
});

Deno.test("where there would be too many, two become one, their mean, again and again", () => {
  const points = noPoints(0);
  assertEquals(add(points, [1, 3, 5, 7], 4), [false, false, false, true]);
  assertEquals([points.every, losses(points)], [2, [2, 6]]);
  // One that is open is not told.
  assertEquals(add(points, [9, 11, 13], 4), [false, false, false]);
  assertEquals(losses(points), [2, 6, 10]);
  assertEquals(add(points, [15], 4), [true]);
  assertEquals([points.every, losses(points)], [4, [4, 12]]);
});

Deno.test("one that is left over goes on with the batches to come", () => {
  const points = pointsOf([1, 3, 5], 3);
  assertEquals([points.every, losses(points)], [2, [2]]);
  add(points, [7, 9, 11], 3);
  assertEquals([points.every, losses(points)], [4, [4]]);
  add(points, [13], 3);
  assertEquals(losses(points), [4]);
  add(points, [15], 3);
  assertEquals([points.every, losses(points)], [4, [4, 12]]);
});

Deno.test("a batch without a value takes no part in a mean, and a point without any is none", () => {
  assertEquals(losses(pointsOf([1, undefined, 3])), [1, null, 3]);
  assertEquals(
    losses(pointsOf([undefined, 2, 4, undefined, undefined, undefined], 6)),
    [2, 4, null],
  );
  // Open points know how many batches had one.
  const points = pointsOf([1, 1, undefined], 3);
  add(points, [5], 3);
  assertEquals(losses(points), [1, 5]);
});

Deno.test("a curve that comes later lacks what is past, however much that is", () => {
  const points = noPoints(0);
  for (let i = 0; i < 1500; i++) {
    put(curveOf(points, "loss"), i);
    next(points);
  }
  for (const key of ["loss", "toString"]) put(curveOf(points, key), 7);
  next(points);
  const { values } = pointsFrom(points, 1499, 1501);
  assertEquals(values, { loss: [1499, 7], toString: [null, 7] });
});

Deno.test("there is room for as many as there are", () => {
  const many = pointsOf(upTo(5000));
  assertEquals(losses(many), upTo(5000));
});

Deno.test("NaN and the infinities are told apart, by their place in the message", () => {
  const points = pointsOf([1, NaN, 2, -Infinity, Infinity]);
  const { values, nonFinite } = pointsFrom(points, 1, 5);
  assertEquals(values.loss, [null, 2, null, null]);
  assertEquals(nonFinite, {
    loss: [[0, "NaN"], [2, "-Infinity"], [3, "Infinity"]],
  });
  assertEquals("nonFinite" in pointsFrom(points, 2, 3), false);
});

Deno.test("into a backup goes a copy of no more than so many points", () => {
  const points = pointsOf([1, 3, 5, 7, 9, 11]);
  const few = thinned(points, 4);
  assertEquals([few.every, losses(few)], [2, [2, 6, 10]]);
  assertEquals(few.curves.loss!.values.length, 3);
  assertEquals([points.every, losses(points)], [1, [1, 3, 5, 7, 9, 11]]);
  assertEquals(losses(thinned(points, 2)), [4]);
  assertEquals(losses(thinned(points, 6)), [1, 3, 5, 7, 9, 11]);
});

Deno.test("what comes back from it goes on as if nothing had been", () => {
  const points = pointsOf([1, 3, 5], 3);
  const back = structuredClone(thinned(points, 3));
  for (const it of [points, back]) add(it, [7, ...upTo(3000)]);
  assertEquals(all(back), all(points));
  // Before the first point is whole, too.
  const first = pointsOf([1, 3], 2);
  first.length = 0;
  const again = structuredClone(thinned(first, 3));
  for (const it of [first, again]) add(it, upTo(3000));
  assertEquals(all(again), all(first));
});
