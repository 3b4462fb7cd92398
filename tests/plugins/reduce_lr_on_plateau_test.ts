import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import reduceLrOnPlateau, {
  type ReduceLrOnPlateauOptions,
} from "../../plugins/reduce_lr_on_plateau.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

/** The learning rate after each epoch. */
async function rates(
  options: ReduceLrOnPlateauOptions,
  values: readonly (number | undefined)[],
  learningRate = 1,
) {
  const plugin = reduceLrOnPlateau({
    monitor: "loss",
    factor: 0.5,
    patience: 1,
    ...options,
  });
  const { run, fire, lines } = fakeRun(plugin, { learningRate });
  const after: number[] = [];
  const provided: unknown[] = [];
  for (const [epoch, loss] of values.entries()) {
    provided.push(
      await fire("onEpochEnd", epoch, loss === undefined ? {} : { loss }),
    );
    after.push(run.optimizer.learningRate);
  }
  return { after, provided, lines };
}

Deno.test("it lowers the rate after patience epochs without improvement", async () => {
  assertEquals((await rates({ patience: 2 }, [1, 1, 1, 1, 1])).after, [
    1,
    1,
    0.5,
    0.5,
    0.25,
  ]);
});

Deno.test("it provides the rate before the reduction, even without validation", async () => {
  const { provided } = await rates({}, [1, 1, undefined]);
  assertEquals(provided, [{ learning_rate: 1 }, { learning_rate: 1 }, {
    learning_rate: 0.5,
  }]);
});

Deno.test("cooldown 1 is the same as 0; cooldown 2 reduces every second epoch", async () => {
  const values = Array(7).fill(1);
  assertEquals(
    (await rates({ cooldown: 1 }, values)).after,
    (await rates({}, values)).after,
  );
  assertEquals((await rates({ cooldown: 2 }, values)).after, [
    1,
    0.5,
    0.5,
    0.25,
    0.25,
    0.125,
    0.125,
  ]);
});

Deno.test("minLr is the floor", async () => {
  assertEquals((await rates({ minLr: 0.3 }, [1, 1, 1, 1])).after, [
    1,
    0.5,
    0.3,
    0.3,
  ]);
});

Deno.test("minDelta filters small changes", async () => {
  assertEquals((await rates({ minDelta: 0.1 }, [1, 0.95, 0.85])).after, [
    1,
    0.5,
    0.5,
  ]);
});

Deno.test("reduceExp multiplies by exp(-0.1), as the first document does", async () => {
  const { after } = await rates({ reduceExp: true }, [1, 1, 1]);
  assertAlmostEquals(after[1]!, Math.exp(-0.1));
  assertAlmostEquals(after[2]!, Math.exp(-0.2));
});

Deno.test("NaN is never an improvement, nor the first best", async () => {
  assertEquals((await rates({ patience: 2 }, [NaN, 5, 4, 3])).after, [
    1,
    1,
    1,
    1,
  ]);
});

Deno.test("verbose says so in Keras' words", async () => {
  const { lines } = await rates({ verbose: true }, [1, 1]);
  assertEquals(lines, [
    "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5.",
  ]);
});

Deno.test("options out of range are rejected with their value", () => {
  const cases: [ReduceLrOnPlateauOptions, string][] = [
    [{ factor: 1 }, "'factor' must be > 0 and < 1: current value is 1"],
    [{ factor: 0 }, "'factor' must be > 0 and < 1: current value is 0"],
    [
      { minDelta: NaN },
      "'minDelta' must be a finite number: current value is NaN",
    ],
    [
      { minLr: Infinity },
      "'minLr' must be a finite number: current value is Infinity",
    ],
    [{ minLr: -1 }, "'minLr' must be >= 0: current value is -1"],
    [
      { patience: 1.5 },
      "'patience' must be an integer >= 0: current value is 1.5",
    ],
    [
      { cooldown: -1 },
      "'cooldown' must be an integer >= 0: current value is -1",
    ],
  ];
  for (const [options, message] of cases) {
    assertEquals(
      assertThrows(() => reduceLrOnPlateau(options), OptionError).message,
      `Cannot create reduce-lr-on-plateau as ${message}`,
    );
  }
});

Deno.test("Keras' own runs: one reduction, a floor, a cooldown", async () => {
  const tenth = { factor: 0.1, minDelta: 100, patience: 1 };
  assertAlmostEquals((await rates(tenth, [5, 4], 0.1)).after.at(-1)!, 0.01);
  const floor = { ...tenth, minLr: 0.005 };
  assertEquals((await rates(floor, [5, 4, 3, 2], 0.1)).after.at(-1), 0.005);
  const cooled = { ...tenth, cooldown: 2 };
  assertAlmostEquals(
    (await rates(cooled, [5, 4, 3, 2], 0.1)).after.at(-1)!,
    0.001,
  );
});

Deno.test("a patience of 0 is the same as 1; an improvement resets the count", async () => {
  assertEquals(
    (await rates({ patience: 0 }, [1, 1, 1])).after,
    (await rates({ patience: 1 }, [1, 1, 1])).after,
  );
  assertEquals((await rates({ patience: 2 }, [3, 3, 2, 2, 1, 1])).after, [
    1,
    1,
    1,
    1,
    1,
    1,
  ]);
});

Deno.test("epochs without validation do not count, in the cooldown either", async () => {
  const { after } = await rates({ cooldown: 2 }, [
    1,
    1,
    undefined,
    undefined,
    1,
    1,
  ]);
  assertEquals(after, [1, 0.5, 0.5, 0.5, 0.5, 0.25]);
});

Deno.test("verbose prints the rate as Python writes a float", async () => {
  const { lines } = await rates({ verbose: true, factor: 1e-5 }, [1, 1]);
  assertEquals(lines, [
    "Epoch 2: ReduceLROnPlateau reducing learning rate to 1e-05.",
  ]);
});

Deno.test("at the floor nothing is printed", async () => {
  const { lines } = await rates({ minLr: 0.5, verbose: true }, [1, 1, 1, 1]);
  assertEquals(lines, [
    "Epoch 2: ReduceLROnPlateau reducing learning rate to 0.5.",
  ]);
});

Deno.test("mode max watches for higher values, auto asks the metric", async () => {
  assertEquals((await rates({ mode: "max" }, [1, 2, 2])).after, [1, 1, 0.5]);
  const { run, fire } = fakeRun(
    reduceLrOnPlateau({ monitor: "accuracy", patience: 1, factor: 0.5 }),
    { learningRate: 1 },
  );
  for (const [epoch, accuracy] of [0.5, 0.6, 0.5].entries()) {
    await fire("onEpochEnd", epoch, { accuracy });
    assertEquals(run.optimizer.learningRate, epoch < 2 ? 1 : 0.5);
  }
});

Deno.test("the same plugin starts each run afresh", async () => {
  const plugin = reduceLrOnPlateau({ monitor: "loss", patience: 1 });
  for (const loss of [1, 2]) {
    const { run, fire } = fakeRun(plugin, { learningRate: 1 });
    assertEquals(plugin.state, { best: undefined, wait: 0, cooldown: 0 });
    await fire("onEpochEnd", 0, { loss });
    assertEquals(run.optimizer.learningRate, 1);
    await fire("onEpochEnd", 1, { loss });
    assertAlmostEquals(run.optimizer.learningRate, 0.1);
  }
});

Deno.test("an unknown mode is rejected", () => {
  assertThrows(
    () => reduceLrOnPlateau({ mode: "down" as never }),
    OptionError,
    `Cannot create reduce-lr-on-plateau as 'mode' must be "auto", "min" or "max": current value is "down"`,
  );
});
