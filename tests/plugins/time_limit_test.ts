import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import timeLimit, { type TimeLimitOptions } from "../../plugins/time_limit.ts";
import { PluginError } from "../../core/errors.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import { batches, plugin, scripted, training } from "../core/_scripted.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A run with the plugin, whose batches, validation and ends of epochs take time. */
async function timed(options: TimeLimitOptions, other: FakeRunOptions = {}) {
  const plugin = timeLimit({ margin: 0, ...options });
  const { clock, fire, ...fake } = fakeRun(plugin, other);
  await fire("onTrainBegin");
  return {
    ...fake,
    clock,
    async batch(index: number, ms: number) {
      clock.now += ms;
      await fire("onTrainBatchEnd", index, { loss: 1 });
    },
    async endEpoch(epoch: number, ms: number) {
      clock.now += ms;
      await fire("onEpochEnd", epoch, { loss: 1 });
    },
    async beginEpoch(epoch: number) {
      await fire("onEpochBegin", epoch);
    },
  };
}

Deno.test("it stops before a batch that would not fit any more", async () => {
  const { batch, stops } = await timed({ minutes: 1 }, {
    validation: false,
    params: { steps: 9, validationSteps: undefined },
  });
  for (const index of [0, 1]) await batch(index, 15 * SECOND);
  assertEquals(stops, []);
  await batch(2, 20 * SECOND);
  assertEquals(stops, [
    "the time limit of 1 minute leaves 10s: another batch and what follows may take 20s",
  ]);
});

Deno.test("a limit that is over says so", async () => {
  const { batch, stops } = await timed({ hours: 2 });
  await batch(0, 120 * MINUTE);
  assertEquals(stops, ["the time limit of 2 hours is reached"]);
});

Deno.test("the margin is left free, and hours and minutes are added", async () => {
  const { batch, stops } = await timed({ hours: 1, minutes: 30, margin: 600 }, {
    validation: false,
    params: { steps: 100, validationSteps: undefined },
  });
  for (let index = 0; index < 7; index++) await batch(index, 10 * MINUTE);
  assertEquals(stops, []); // 20 min are left: a batch and the margin, just so.
  await batch(7, 2 * MINUTE);
  assertEquals(stops, [
    "the time limit of 1 hour 30 minutes leaves 18m00s: another batch and what follows may take 19m00s",
  ]);
});

Deno.test("validation that follows a stop is allowed for: before the first, as so many batches", async () => {
  const { batch, stops } = await timed({ minutes: 1 }, {
    params: { steps: 9, validationSteps: 4 },
  });
  await batch(0, 20 * SECOND); // The first is slow.
  await batch(1, 5 * SECOND);
  assertEquals(stops.length, 1); // 35 s are left, a batch may take 18, validation 4 times 5.
  const without = await timed({ minutes: 1 }, {
    params: { steps: 9, validationSteps: undefined },
  });
  await without.batch(0, 20 * SECOND);
  await without.batch(1, 5 * SECOND);
  assertEquals(without.stops, []);
});

Deno.test("then the longest end of an epoch counts, other plugins' work in it included", async () => {
  const { batch, beginEpoch, endEpoch, stops } = await timed({ minutes: 1 }, {
    params: { steps: 2, validationSteps: 4 },
  });
  for (const epoch of [0, 1]) {
    await beginEpoch(epoch);
    for (const index of [0, 1]) await batch(index, 5 * SECOND);
    await endEpoch(epoch, epoch === 0 ? 10 * SECOND : 2 * SECOND);
  }
  assertEquals(stops, []); // 28 s are left, at most 15 are needed.
  await beginEpoch(2);
  await batch(0, 5 * SECOND);
  assertEquals(stops, []); // 23 s.
  await batch(1, 5 * SECOND);
  await endEpoch(2, 5 * SECOND); // 13 s.
  assertEquals(stops, [
    "the time limit of 1 minute leaves 13s: another batch and what follows may take 15s",
  ]);
});

Deno.test("a slow first batch is forgotten", async () => {
  const { batch, stops } = await timed({ minutes: 1 }, {
    validation: false,
    params: { steps: 1000, validationSteps: undefined },
  });
  await batch(0, 25 * SECOND);
  for (let index = 1; index < 300; index++) await batch(index, 100);
  assertEquals(stops, []); // 54.9 s: another 100 ms fit.
});

Deno.test("what is to come anyway is not stopped: the end of an epoch, and that of the run", async () => {
  const { batch, endEpoch, stops } = await timed({ minutes: 1 }, {
    params: { epochs: 1, steps: 2 },
  });
  await batch(0, SECOND);
  await batch(1, 90 * SECOND);
  await endEpoch(0, SECOND);
  assertEquals(stops, []);
});

Deno.test("until a time of day: the next one, where the program runs", async () => {
  const evening = new Date(2026, 10, 21, 22, 0).getTime();
  for (
    const [until, hours] of [["23:30", 1.5], ["06:30", 8.5], ["6:30", 8.5], [
      "22:00",
      24,
    ], ["22:00:30", 30 / 3600]] as const
  ) {
    const plugin = timeLimit({ until, margin: 0 });
    const { clock, fire, stops } = fakeRun(plugin, {
      validation: false,
      params: { steps: 9 },
    });
    clock.time = evening;
    await fire("onTrainBegin");
    clock.now = hours * 60 * MINUTE - 1;
    await fire("onEpochBegin", 0);
    await fire("onTrainBatchEnd", 0, { loss: 1 });
    assertEquals(stops, [], until);
    clock.now++;
    await fire("onTrainBatchEnd", 1, { loss: 1 });
    assertEquals(stops, [`the time limit at ${until} is reached`]);
  }
});

Deno.test("until a date with a time; the earlier of two limits counts", async () => {
  const time = new Date("2030-01-31T05:30:00Z").getTime();
  for (
    const [options, text] of [
      [{ until: "2030-01-31T06:30:00Z" }, "at 2030-01-31T06:30:00Z"],
      [
        { until: "2030-01-31T09:00:00+02:30", hours: 2 },
        "at 2030-01-31T09:00:00+02:30",
      ],
      [{ until: "2030-02-28T00:00Z", minutes: 60 }, "of 60 minutes"],
    ] as const
  ) {
    const plugin = timeLimit({ ...options, margin: 0 });
    const { clock, fire, stops } = fakeRun(plugin);
    clock.time = time;
    await fire("onTrainBegin");
    clock.now = 60 * MINUTE;
    await fire("onTrainBatchEnd", 0, { loss: 1 });
    assertEquals(stops, [`the time limit ${text} is reached`]);
  }
});

Deno.test("a system clock that is set in mid-run moves no limit", async () => {
  const plugin = timeLimit({ until: "06:30", margin: 0 });
  const { clock, fire, stops } = fakeRun(plugin, { validation: false });
  clock.time = new Date(2026, 10, 21, 5, 30).getTime();
  await fire("onTrainBegin");
  for (const time of [0, clock.time + 10 * 60 * MINUTE]) {
    clock.time = time;
    clock.now += MINUTE;
    await fire("onTrainBatchEnd", 0, { loss: 1 });
  }
  assertEquals(stops, []);
});

Deno.test("a date that is past is refused before the first step", async () => {
  const { clock, fire } = fakeRun(
    timeLimit({ until: "2026-11-21T06:30" }),
  );
  clock.time = new Date(2026, 10, 21, 6, 31).getTime();
  await assertRejects(
    () => fire("onTrainBegin"),
    PluginError,
    "'until' is past: 2026-11-21T06:30; give a later one",
  );
});

Deno.test("the limit counts afresh in each run", async () => {
  const { batch, clock, run, stops } = await timed({ minutes: 1 });
  clock.now = 10 * MINUTE;
  assertEquals(run.now(), 10 * MINUTE);
  const again = timeLimit({ minutes: 1, margin: 0 });
  const second = fakeRun(again);
  second.clock.now = 10 * MINUTE;
  await second.fire("onTrainBegin");
  second.clock.now += SECOND;
  await second.fire("onTrainBatchEnd", 0, { loss: 1 });
  assertEquals(second.stops, []);
  await batch(0, 0);
  assertEquals(stops.length, 1);
});

Deno.test("it stops this process alone, after the batch: the end of the epoch follows", async () => {
  let now = 0;
  const slow = plugin("slow", { onTrainBatchEnd: () => void (now += MINUTE) });
  const dir = await Deno.makeTempDir();
  const { outcome, epoch } = await training(
    scripted({ keeps: { save: () => 0, load() {} } }),
    batches(3, 3, 3),
    undefined,
    {
      ...{ dir, epochs: 2, now: () => now },
      plugins: [slow, timeLimit({ minutes: 3 })],
    },
  );
  const backups = [...Deno.readDirSync(`${dir}/backup`)];
  await Deno.remove(dir, { recursive: true });
  assertEquals(backups.length, 1);
  assertEquals(outcome, {
    status: "stopped",
    by: "time-limit",
    hook: "onTrainBatchEnd",
    epoch: 0,
    batch: 1,
    reason:
      "the time limit of 3 minutes leaves 1m00s: another batch and what follows may take 1m10s",
    resumable: true,
  });
  assertEquals(epoch, [0]);
});

Deno.test("options out of their range are refused", () => {
  for (
    const [options, message] of [
      [
        {},
        "Cannot create time-limit without a limit: give 'hours', 'minutes' or 'until', such as hours=2",
      ],
      [{ hours: 0 }, "'hours' must be > 0: current value is 0"],
      [{ minutes: -1 }, "'minutes' must be > 0: current value is -1"],
      [
        { hours: Infinity },
        "'hours' must be a finite number: current value is Infinity",
      ],
      [
        { minutes: "2" },
        "'minutes' must be a finite number: current value is 2",
      ],
      [{ hours: 1, margin: -1 }, "'margin' must be >= 0: current value is -1"],
      ...["soon", "24:00", "6", "12:60", "2026-11-21", "2026-13-01T06:30", 6]
        .map(
          (
            until,
          ) => [
            { until },
            `'until' must be a time of day such as "06:30" or a date with a time such as "2030-01-31T06:30": current value is ${until}`,
          ],
        ),
    ] as [TimeLimitOptions, string][]
  ) {
    assertThrows(() => timeLimit(options), OptionError, message);
  }
});
