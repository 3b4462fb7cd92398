import {
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertThrows,
} from "@std/assert";
import learningRateScheduler, {
  type LearningRateSchedulerOptions,
} from "../../plugins/learning_rate_scheduler.ts";
import { PluginError } from "../../core/errors.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

/** The learning rate during each epoch. */
async function rates(
  options: LearningRateSchedulerOptions,
  epochs: number,
  learningRate = 1,
) {
  const { run, fire, lines } = fakeRun(learningRateScheduler(options), {
    learningRate,
    params: { epochs },
  });
  await fire("onTrainBegin");
  const during: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    await fire("onEpochBegin", epoch);
    during.push(run.optimizer.learningRate);
    assertEquals(await fire("onEpochEnd", epoch), {
      learning_rate: run.optimizer.learningRate,
    });
  }
  return { during, lines };
}

Deno.test("any function of epoch and rate", async () => {
  assertEquals(
    (await rates({ schedule: (epoch, lr) => epoch === 0 ? lr : lr / 2 }, 3))
      .during,
    [1, 0.5, 0.25],
  );
});

Deno.test("step takes the table's rate from its epoch on", async () => {
  const { during } = await rates(
    { schedule: "step", steps: "1:0.1 3:0.01" },
    4,
  );
  assertEquals(during, [1, 0.1, 0.1, 0.01]);
  // Commas are fine too, and exponents.
  assertEquals(
    (await rates({ schedule: "step", steps: "1:1e-1,3:1e-2" }, 4)).during,
    during,
  );
});

Deno.test("exponential decays from startEpoch on", async () => {
  const { during } = await rates({
    schedule: "exponential",
    startEpoch: 1,
    rate: 0.1,
  }, 3);
  assertEquals(during[0], 1);
  assertAlmostEquals(during[2]!, Math.exp(-0.2));
});

Deno.test("warmup adds, then decays, as the second document does", async () => {
  const { during } = await rates(
    { schedule: "warmup", startEpoch: 2, increase: 0.001 },
    3,
    0.01,
  );
  assertAlmostEquals(during[1]!, 0.012);
  assertAlmostEquals(during[2]!, 0.012 * Math.exp(-0.1));
});

Deno.test("cosine falls towards minLr over the epochs of the run, and trains in the last", async () => {
  const { during } = await rates({ schedule: "cosine", minLr: 0.1 }, 4);
  assertAlmostEquals(during[0]!, 1);
  assertAlmostEquals(during[2]!, 0.55);
  assertAlmostEquals(during[3]!, 0.1 + 0.9 * (1 - Math.SQRT1_2) / 2);
});

/** The learning rates of all batches. */
async function batchRates(
  options: LearningRateSchedulerOptions,
  epochs: number,
  steps: number | undefined,
) {
  const { run, fire, lines } = fakeRun(
    learningRateScheduler({ every: "batch", ...options }),
    { learningRate: 1, params: { epochs, steps } },
  );
  const during: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    await fire("onEpochBegin", epoch);
    for (let batch = 0; batch < (steps ?? 1); batch++) {
      await fire("onTrainBatchBegin", batch);
      during.push(run.optimizer.learningRate);
    }
    await fire("onEpochEnd", epoch);
  }
  return { during, lines };
}

Deno.test("every batch, the indices are of batches over all epochs", async () => {
  const seen: number[] = [];
  await batchRates(
    {
      schedule: (index, lr) => {
        seen.push(index);
        return lr;
      },
    },
    2,
    3,
  );
  assertEquals(seen, [0, 1, 2, 3, 4, 5]);
});

Deno.test("every batch, warm-up and cosine share the batches of the run", async () => {
  const { during, lines } = await batchRates(
    { schedule: "cosine", warmup: 2, minLr: 0.5, verbose: true },
    2,
    3,
  );
  const height = (at: number) => (1 + Math.cos(Math.PI * at / 4)) / 2;
  const expected = [0.5, 1, ...[0, 1, 2, 3].map((i) => 0.5 + 0.5 * height(i))];
  during.forEach((rate, i) => assertAlmostEquals(rate, expected[i]!, 1e-12));
  assertEquals(lines.length, 2);
  const half = await batchRates({ schedule: "cosine", epochs: 1 }, 2, 2);
  half.during.forEach((rate, i) =>
    assertAlmostEquals(rate, [1, 0.5, 0, 0][i]!, 1e-12)
  );
});

Deno.test("every batch, their number must be known", async () => {
  await assertRejects(
    () => batchRates({ schedule: "cosine" }, 1, undefined),
    PluginError,
    "the number of batches per epoch is not known: set stepsPerEpoch",
  );
});

Deno.test("cosine keeps no state: a resumed run continues as before, a lowered rate stays lowered", async () => {
  const { during } = await rates({ schedule: "cosine" }, 6);
  const resumed = fakeRun(learningRateScheduler({ schedule: "cosine" }), {
    learningRate: during[2]!,
    params: { epochs: 6, initialEpoch: 3 },
  });
  await resumed.fire("onEpochBegin", 3);
  assertAlmostEquals(resumed.run.optimizer.learningRate, during[3]!);
  resumed.run.optimizer.learningRate /= 10;
  await resumed.fire("onEpochBegin", 4);
  assertAlmostEquals(resumed.run.optimizer.learningRate, during[4]! / 10);
});

Deno.test("cosine stays at its end", async () => {
  const { during } = await rates(
    { schedule: "cosine", epochs: 3, minLr: 0.1 },
    6,
  );
  assertAlmostEquals(during[1]!, 0.1 + 0.9 * 0.75);
  assertEquals(during.slice(3), [0.1, 0.1, 0.1]);
});

Deno.test("a function is given the epoch and the rate, and no more", async () => {
  const seen: unknown[][] = [];
  await rates({
    schedule: (...args: unknown[]) => {
      seen.push(args);
      return 0.5;
    },
  }, 2);
  assertEquals(seen, [[0, 1], [1, 0.5]]);
});

Deno.test("verbose prints the rate as Python writes a float", async () => {
  const texts: [number, string][] = [
    [1, "1.0"],
    [0, "0.0"],
    [0.1 + 0.2, "0.30000000000000004"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [2.5e-10, "2.5e-10"],
    [1e16, "1e+16"],
  ];
  for (const [rate, text] of texts) {
    const { lines } = await rates({ schedule: () => rate, verbose: true }, 1);
    assertEquals(lines, [
      `Epoch 1: LearningRateScheduler setting learning rate to ${text}.`,
    ]);
  }
});

Deno.test("verbose prints the rate in Keras' words", async () => {
  const { lines } = await rates({ schedule: () => 0.01, verbose: true }, 1);
  assertEquals(lines, [
    "Epoch 1: LearningRateScheduler setting learning rate to 0.01.",
  ]);
});

Deno.test("what a schedule returns must be a finite number >= 0", async () => {
  for (
    const [value, shown] of [
      [NaN, "NaN"],
      [-1, "-1"],
      [undefined, "undefined"],
      ["1", "1"],
    ] as const
  ) {
    const { cause } = await assertRejects(
      () => rates({ schedule: (() => value) as never }, 1),
      PluginError,
    );
    assertInstanceOf(cause, RangeError);
    assertEquals(
      cause.message,
      `the schedule returned ${shown} for epoch 0: expected a finite number >= 0`,
    );
  }
});

Deno.test("unknown schedules and broken tables are rejected at creation", () => {
  for (const schedule of ["linear", "constructor"]) {
    assertEquals(
      assertThrows(
        () => learningRateScheduler({ schedule: schedule as never }),
        OptionError,
      ).message,
      `Cannot create learning-rate-scheduler as 'schedule' must be a function or one of step, exponential, warmup, cosine: current value is "${schedule}"`,
    );
  }
  const tables = ["", "0", "0:", "0:x", "0:0.1:3", "0:-1", "0:1e999", "1.5:1"];
  for (const steps of [...tables, "5:0.1 5:0.2", "5:0.1 0:0.2"]) {
    assertEquals(
      assertThrows(
        () => learningRateScheduler({ schedule: "step", steps }),
        OptionError,
      ).message,
      `Cannot create learning-rate-scheduler as 'steps' must be pairs EPOCH:RATE with rising epochs, such as "0:0.1 5:0.01": current value is "${steps}"`,
    );
  }
});

Deno.test("a function of the epoch only, as in Keras", async () => {
  const { during } = await rates({ schedule: (epoch) => 1 / (1 + epoch) }, 3);
  assertEquals(during, [1, 0.5, 1 / 3]);
});

Deno.test("0 is a rate", async () => {
  assertEquals((await rates({ schedule: () => 0 }, 1)).during, [0]);
});

Deno.test("a bad rate is not set", async () => {
  const { run, fire } = fakeRun(
    learningRateScheduler({ schedule: () => Infinity }),
    { learningRate: 0.5 },
  );
  const { cause } = await assertRejects(
    () => fire("onEpochBegin", 4),
    PluginError,
    "the schedule returned Infinity for epoch 4: expected a finite number >= 0",
  );
  assertInstanceOf(cause, RangeError);
  assertEquals(run.optimizer.learningRate, 0.5);
});

Deno.test("settings out of range are rejected with their value", () => {
  const cases: [LearningRateSchedulerOptions, string][] = [
    [{ rate: NaN }, "'rate' must be a finite number: current value is NaN"],
    [
      { increase: Infinity },
      "'increase' must be a finite number: current value is Infinity",
    ],
    [{ minLr: -0.1 }, "'minLr' must be >= 0: current value is -0.1"],
    [
      { startEpoch: -1 },
      "'startEpoch' must be an integer >= 0: current value is -1",
    ],
    [{ epochs: 1.5 }, "'epochs' must be an integer >= 0: current value is 1.5"],
  ];
  for (const [options, message] of cases) {
    assertEquals(
      assertThrows(() => learningRateScheduler(options), OptionError).message,
      `Cannot create learning-rate-scheduler as ${message}`,
    );
  }
});

Deno.test("it reads no logs, and provides the rate", () => {
  const { needs, provides, requires } = learningRateScheduler();
  assertEquals(needs, {});
  assertEquals(provides, { onEpochEnd: ["learning_rate"] });
  assertEquals(requires, ["learningRate"]);
});
