import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { OptionError } from "../../core/plugin.ts";
import {
  namedSchedule,
  type ScheduleSettings,
  warmedUp,
} from "../../plugins/_schedules.ts";

const settings: ScheduleSettings = {
  steps: "0:0.1 5:0.01",
  rate: 0.1,
  startEpoch: 2,
  increase: 0.001,
  warmup: 0,
  minLr: 0,
};

/** The rates of a run with only the schedule. */
function rates(
  name: string,
  epochs: number,
  given: Partial<ScheduleSettings> = {},
  start = 1,
): number[] {
  const schedule = namedSchedule(name, { ...settings, ...given });
  let rate = start;
  return Array.from(
    { length: epochs },
    (_, epoch) => rate = schedule(epoch, rate, epochs),
  );
}

Deno.test("namedSchedule() step leaves the rate alone before the table begins", () => {
  assertEquals(rates("step", 4, { steps: "2:0.1 3:0" }), [1, 1, 0.1, 0]);
});

Deno.test("namedSchedule() step takes spaces, commas, semicolons and line ends between pairs", () => {
  for (const steps of ["0:0.5 2:0.1", " 0:5e-1,2:1e-1 ", "0:.5; 2:.1\n"]) {
    assertEquals(rates("step", 3, { steps }), [0.5, 0.5, 0.1], steps);
  }
});

Deno.test("namedSchedule() step depends only on the epoch, so that a resumed run continues", () => {
  const schedule = namedSchedule("step", settings);
  assertEquals([7, 4, 0].map((epoch) => schedule(epoch, 9, 10)), [
    0.01,
    0.1,
    0.1,
  ]);
});

Deno.test("namedSchedule() exponential waits, then multiplies by exp(-rate)", () => {
  const [a, b, c, d] = rates("exponential", 4);
  assertEquals([a, b], [1, 1]);
  assertAlmostEquals(c!, Math.exp(-0.1));
  assertAlmostEquals(d!, Math.exp(-0.2));
});

Deno.test("namedSchedule() warmup adds from epoch 0 on, then decays", () => {
  const [a, b, c] = rates("warmup", 3, {}, 0.01);
  assertAlmostEquals(a!, 0.011);
  assertAlmostEquals(b!, 0.012);
  assertAlmostEquals(c!, 0.012 * Math.exp(-0.1));
});

Deno.test("namedSchedule() cosine is the closed formula, whatever the length and the ends", () => {
  const rate = fc.double({ min: 0.001, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      rate,
      rate,
      (epochs, start, part) => {
        const minLr = start * part;
        for (
          const [epoch, value] of rates("cosine", epochs, { minLr }, start)
            .entries()
        ) {
          const height = (1 + Math.cos(Math.PI * epoch / epochs)) / 2;
          assertAlmostEquals(value, minLr + (start - minLr) * height, 1e-9);
        }
      },
    ),
  );
});

Deno.test("namedSchedule() cosine trains in the last epoch too, and is at its end behind it", () => {
  assertEquals(rates("cosine", 1), [1]);
  const last = rates("cosine", 10).at(-1)!;
  assertAlmostEquals(last, (1 + Math.cos(Math.PI * 0.9)) / 2);
  const schedule = namedSchedule("cosine", { ...settings, minLr: 0.25 });
  assertEquals([2, 3].map((epoch) => schedule(epoch, 0.3, 2)), [0.25, 0.25]);
});

Deno.test("warmedUp() rises in equal steps to what the rate was, then begins", () => {
  const schedule = warmedUp(
    namedSchedule("cosine", { ...settings, warmup: 4 }),
    4,
  );
  let rate = 1;
  const all = Array.from(
    { length: 8 },
    (_, epoch) => rate = schedule(epoch, rate, 8),
  );
  const expected = [
    ...[0.25, 0.5, 0.75, 1],
    ...[0, 1, 2, 3].map((epoch) => (1 + Math.cos(Math.PI * epoch / 4)) / 2),
  ];
  all.forEach((rate, i) => assertAlmostEquals(rate, expected[i]!, 1e-12));
});

Deno.test("warmedUp() of no length is the schedule itself", () => {
  const schedule = namedSchedule("step", settings);
  assertEquals(warmedUp(schedule, 0), schedule);
});

Deno.test("namedSchedule() reads the table only for step", () => {
  assertEquals(rates("exponential", 1, { steps: "nonsense" }), [1]);
  assertThrows(
    () => namedSchedule("step", { ...settings, steps: "nonsense" }),
    OptionError,
    `Cannot create learning-rate-scheduler as 'steps' must be pairs EPOCH:RATE with rising epochs, such as "0:0.1 5:0.01": current value is "nonsense"`,
  );
});

Deno.test("namedSchedule() rejects an unknown name, inherited ones too", () => {
  for (const name of ["", "Cosine", "toString"]) {
    assertThrows(
      () => namedSchedule(name, settings),
      OptionError,
      `Cannot create learning-rate-scheduler as 'schedule' must be a function or one of step, exponential, warmup, cosine: current value is "${name}"`,
    );
  }
});

Deno.test("namedSchedule() cosine stays at its end wherever a run resumes after it", () => {
  const schedule = namedSchedule("cosine", { ...settings, minLr: 0.1 });
  assertEquals([4, 5, 9].map((epoch) => schedule(epoch, 1, 4)), [
    0.1,
    0.1,
    0.1,
  ]);
});
