import { assertAlmostEquals, assertEquals } from "@std/assert";
import { counted } from "../../../plugins/_dashboard/page/counts.js";
import {
  addPoints,
  inWords,
  noPoints,
  smoother,
  thinPoints,
} from "../../../plugins/_dashboard/page/points.js";
import {
  clock,
  column,
  number,
  size,
  span,
} from "../../../plugins/_dashboard/page/words.js";

const message = (
  step: number[],
  values: Record<string, (number | null)[]>,
) => ({ first: 0, every: 1, step, values });

Deno.test("points are appended; a curve that begins later, or pauses, has gaps", () => {
  const points = noPoints();
  addPoints(points, message([1, 2], { loss: [4, 3] }));
  addPoints(points, message([3], { loss: [2], accuracy: [0.5] }));
  addPoints(points, message([4], { accuracy: [0.6] }));
  assertEquals(points.step, [1, 2, 3, 4]);
  assertEquals(Object.fromEntries(points.values), {
    loss: [4, 3, 2, null],
    accuracy: [null, null, 0.5, 0.6],
  });
});

Deno.test("the last value that is none is remembered, and where", () => {
  const points = noPoints();
  addPoints(points, {
    ...message([1, 2, 3], { loss: [1, null, null] }),
    nonFinite: { loss: [[1, "Infinity"], [2, "NaN"]] },
  });
  assertEquals(points.odd.get("loss"), { step: 3, value: "NaN" });
});

Deno.test("pairs of points become their mean; a gap takes no part, one that is left over stays", () => {
  const points = noPoints();
  addPoints(points, message([1, 2, 3, 4, 5], { loss: [4, 2, null, 1, 7] }));
  thinPoints(points);
  assertEquals(points.step, [2, 4, 5]);
  assertEquals(points.values.get("loss"), [3, 1, 7]);
  addPoints(points, message([7], { loss: [null] }));
  thinPoints(points);
  assertEquals(points.values.get("loss"), [2, 7]);
});

Deno.test("a smooth curve is a mean over a share of the points, from its first one on", () => {
  const raw = Array.from({ length: 200 }, (_, i) => i % 2);
  const smooth = smoother(0.1).of(raw, 0);
  assertEquals(smooth.length, 200);
  assertEquals(smooth[0], 0);
  for (const value of smooth.slice(60)) assertAlmostEquals(value!, 0.5, 0.05);
});

Deno.test("it goes on where it was, keeps gaps, and is made anew once points were thinned", () => {
  const smooth = smoother(0.5);
  const raw: (number | null)[] = [3, 3, 3, 3, 3, null];
  const first = smooth.of(raw, 0);
  raw.push(3);
  assertEquals(smooth.of(raw, 0) === first, true);
  assertEquals(first.map((value) => value && Math.round(value)), [
    ...[3, 3, 3, 3, 3],
    null,
    3,
  ]);
  assertEquals(smooth.of([8, 8], 1).map((value) => Math.round(value!)), [8, 8]);
});

Deno.test("a curve in words: its value, its best one, where it tends", () => {
  const at = (index: number) => ` at ${index}`;
  const falling = [5, 4, 3, 1, 2];
  assertEquals(
    inWords(falling, number, "min", at),
    "now 2, lowest 1 at 3, rising",
  );
  assertEquals(
    inWords(falling.slice(0, 4), number, "max", at),
    "now 1, highest 5 at 0, falling",
  );
  assertEquals(
    inWords([2, 2, 2, 2], number, "min", at),
    "now 2, lowest 2 at 0, level",
  );
  assertEquals(
    inWords([null, 7, null], number, "min", at),
    "now 7, lowest 7 at 1",
  );
  assertEquals(inWords([null], number, "min", at), "no values yet");
});

Deno.test("numbers and spans are short", () => {
  assertEquals(
    [0, 0.0664219, 12.3456, 1234.5, 123456, 1.2e-7, -0.5, null, NaN].map(
      number,
    ),
    ["0", "0.06642", "12.35", "1,235", "123,456", "1.2e-7", "-0.5", "–", "NaN"],
  );
  assertEquals([0.121, 12.3, 1234, 0, null].map(column), [
    ...["0.1210", "12.30", "1,234", "0", "–"],
  ]);
  assertEquals([0, 999, 45_678_901].map(size), ["0 B", "999 B", "45.7 MB"]);
  assertEquals([12, 1000, 61_000, 3_700_000, 90_000_000].map(span), [
    ...["12 ms", "1 s", "1 min 1 s", "1 h 1 min", "1 d 1 h"],
  ]);
  assertEquals([0, 61_000, 3_723_000].map(clock), ["0:00", "1:01", "1:02:03"]);
});

Deno.test("steps are counted in epochs by those that are over, and beyond them by their length", () => {
  const epochs = [[2, 30], [3, 40], [4, 60]].map(([epoch, step]) => ({
    ...{ epoch: epoch!, step: step! },
    ...{ logs: {}, seconds: 1, best: false },
  }));
  const run = { perEpoch: 20, firstEpoch: 2 };
  const steps = [10, 20, 30, 35, 40, 60, 70];
  const inEpochs = [2, 2.5, 3, 3.5, 4, 5, 5.5];
  assertEquals(
    steps.map((at) => counted(at, "step", "epoch", epochs, run)),
    inEpochs,
  );
  assertEquals(
    inEpochs.map((at) => counted(at, "epoch", "step", epochs, run)),
    steps,
  );
  const unknown = { perEpoch: 0, firstEpoch: 0 };
  assertEquals(counted(80, "step", "epoch", epochs, unknown), 6, "as the last");
  assertEquals(counted(3, "step", "epoch", [], unknown), 3, "nothing is known");
});
