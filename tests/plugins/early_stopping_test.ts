import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import earlyStopping, {
  type EarlyStoppingOptions,
} from "../../plugins/early_stopping.ts";
import { OptionError, type Outcome } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

/** Feeds values (undefined: no validation in that epoch) and returns the epoch at which it stopped. */
async function stoppedAt(
  options: EarlyStoppingOptions,
  values: readonly (number | undefined)[],
): Promise<number | undefined> {
  const { fire, stops } = fakeRun(
    earlyStopping({ monitor: "loss", ...options }),
  );
  await fire("onTrainBegin");
  for (const [epoch, loss] of values.entries()) {
    await fire("onEpochEnd", epoch, loss === undefined ? {} : { loss });
    if (stops.length) return epoch;
  }
  return undefined;
}

Deno.test("patience counts epochs without improvement; 0 is the same as 1", async () => {
  const losses = [10, 9, 8, 9, 8.9, 8.8, 8.7, 8.6, 8.5];
  const expected = [3, 3, 4, 5];
  for (const [patience, epoch] of expected.entries()) {
    assertEquals(await stoppedAt({ patience }, losses), epoch);
  }
});

Deno.test("Keras' worked traces", async () => {
  assertEquals(await stoppedAt({ patience: 2 }, [1, NaN, NaN]), 2);
  assertEquals(await stoppedAt({ patience: 0 }, [1, 0.9, 0.9]), 2);
  assertEquals(
    await stoppedAt({ patience: 0, startFromEpoch: 2 }, [1, 2, 3, 4]),
    3,
  );
  assertEquals(
    await stoppedAt({ patience: 2 }, [
      1,
      undefined,
      undefined,
      undefined,
      1,
      1,
    ]),
    5,
  );
});

Deno.test("it never stops at epoch 0", async () => {
  assertEquals(await stoppedAt({ patience: 0 }, [NaN]), undefined);
});

Deno.test("a first NaN is not the best: the first number is", async () => {
  assertEquals(await stoppedAt({ patience: 3 }, [NaN, 5, 4, 3, 2]), undefined);
});

Deno.test("exactly minDelta better is not an improvement, in float32 as in Keras", async () => {
  assertEquals(
    await stoppedAt({ patience: 1, minDelta: 0.05 }, [0.34, 0.29]),
    1,
  );
  assertEquals(
    await stoppedAt({ patience: 1, minDelta: 0.05 }, [0.34, 0.28]),
    undefined,
  );
  assertEquals(
    await stoppedAt({ patience: 1, minDelta: -0.05 }, [0.34, 0.29]),
    1,
  ); // Its sign does not matter.
});

Deno.test("mode max watches for higher values, auto asks the metric", async () => {
  assertEquals(await stoppedAt({ patience: 1, mode: "max" }, [1, 2, 1.5]), 2);
  const { fire, stops } = fakeRun(
    earlyStopping({ monitor: "val_accuracy", patience: 1 }),
  );
  await fire("onEpochEnd", 0, { val_accuracy: 0.5 });
  await fire("onEpochEnd", 1, { val_accuracy: 0.6 });
  assertEquals(stops.length, 0);
  await fire("onEpochEnd", 2, { val_accuracy: 0.55 });
  assertEquals(stops, [
    "val_accuracy has not improved on 0.6 (epoch 2) for 1 epoch",
  ]);
});

Deno.test("a baseline that is not beaten lets patience run out at the next epoch that is not better", async () => {
  assertEquals(
    await stoppedAt({ patience: 1, baseline: 0.5 }, [0.9, 0.8, 0.7]),
    undefined,
  );
  assertEquals(
    await stoppedAt({ patience: 1, baseline: 0.5 }, [0.9, 0.8, 0.8]),
    2,
  );
  assertEquals(
    await stoppedAt({ patience: 3, baseline: 0.5 }, [0.9, 0.8, 0.8]),
    2, // The epochs that improve below the baseline count.
  );
  assertEquals(
    await stoppedAt({ patience: 2, baseline: 0.5 }, [0.4, 0.45, 0.3, 0.35]),
    undefined,
  );
});

async function restoredWeight(
  values: readonly number[],
  options: EarlyStoppingOptions,
  outcome: Outcome = { status: "completed" },
): Promise<{ weight: number; left: number; lines: readonly string[] }> {
  const plugin = earlyStopping({
    monitor: "loss",
    restoreBestWeights: true,
    ...options,
  });
  const { fire, weights, snapshots, lines } = fakeRun(plugin, { outcome });
  await fire("onTrainBegin");
  for (const [epoch, loss] of values.entries()) {
    weights[0] = epoch;
    await fire("onEpochEnd", epoch, { loss });
    assertEquals(snapshots.size <= 1, true, "one snapshot at most");
  }
  await fire("onTrainEnd");
  return { weight: weights[0]!, left: snapshots.size, lines };
}

Deno.test("the best weights are restored at the end, whatever ended the run, and freed", async () => {
  assertEquals(await restoredWeight([1, 0.5, 0.7], { patience: 10 }), {
    weight: 1,
    left: 0,
    lines: [],
  });
  const { weight } = await restoredWeight([0.1, 0.1, 3, 4], {
    patience: 1,
    startFromEpoch: 2,
  });
  assertEquals(weight, 2); // Better epochs of the warm-up do not count.
});

Deno.test("after a failure the weights stay as they are", async () => {
  const { weight, left } = await restoredWeight([1, 2], { patience: 5 }, {
    status: "failed",
  });
  assertEquals([weight, left], [1, 0]);
});

Deno.test("if no value was ever a number, the first weights watched are restored", async () => {
  const { weight, left, lines } = await restoredWeight(
    [NaN, NaN, NaN, NaN],
    { patience: 2, startFromEpoch: 1, verbose: true },
  );
  assertEquals([weight, left], [1, 0]);
  assertEquals(
    lines.at(-1),
    "Restoring model weights from the end of the best epoch: 2.",
  );
});

Deno.test("verbose says what it did, in Keras' words", async () => {
  const { lines } = await restoredWeight([1, 0.5, 0.7], {
    patience: 1,
    verbose: true,
  });
  assertEquals(lines, [
    "Epoch 3: early stopping",
    "Restoring model weights from the end of the best epoch: 2.",
  ]);
});

Deno.test("what it declares follows from its options", () => {
  const plain = earlyStopping({ monitor: "loss", mode: "min" });
  assertEquals([plain.needs, plain.requires], [{ onEpochEnd: ["loss"] }, []]);
  const auto = earlyStopping({ restoreBestWeights: true });
  assertEquals([auto.needs, auto.requires], [
    { onEpochEnd: [{ key: "val_loss", direction: true }] },
    ["weights"],
  ]);
});

Deno.test("options out of range are rejected with their value", () => {
  const cases: [EarlyStoppingOptions, string][] = [
    [
      { patience: -1 },
      "Cannot create early-stopping as 'patience' must be an integer >= 0: current value is -1",
    ],
    [
      { startFromEpoch: 0.5 },
      "Cannot create early-stopping as 'startFromEpoch' must be an integer >= 0: current value is 0.5",
    ],
    [
      { minDelta: NaN },
      "Cannot create early-stopping as 'minDelta' must be a finite number: current value is NaN",
    ],
    [
      { baseline: NaN },
      "Cannot create early-stopping as 'baseline' must be a number, or undefined for none: current value is NaN",
    ],
    [
      { baseline: null as never },
      "Cannot create early-stopping as 'baseline' must be a number, or undefined for none: current value is null",
    ],
    [
      { mode: "up" as never },
      `Cannot create early-stopping as 'mode' must be "auto", "min" or "max": current value is "up"`,
    ],
  ];
  for (const [options, message] of cases) {
    assertEquals(
      assertThrows(() => earlyStopping(options), OptionError).message,
      message,
    );
  }
});

/** Keras' algorithm, reimplemented independently to check ours against: keras-semantics 2.3. */
function kerasStop(
  losses: readonly number[],
  patience: number,
  minDelta: number,
  start: number,
): number | undefined {
  let best: number | undefined;
  let wait = 0;
  for (const [epoch, loss] of losses.entries()) {
    if (epoch < start) continue;
    wait++;
    if (
      best === undefined || Math.fround(loss + minDelta) < Math.fround(best)
    ) {
      best = loss;
      wait = 0;
    } else if (wait >= patience && epoch > 0) return epoch;
  }
  return undefined;
}

Deno.test("it stops where Keras' algorithm does, whatever the losses", async () => {
  const loss = fc.integer({ min: 0, max: 10 }).map((n) => n / 10);
  await fc.assert(fc.asyncProperty(
    fc.array(loss, { maxLength: 15 }),
    fc.nat(4),
    fc.constantFrom(0, 0.1, 0.25),
    fc.nat(3),
    async (losses, patience, minDelta, startFromEpoch) => {
      const ours = await stoppedAt(
        { patience, minDelta, startFromEpoch },
        losses,
      );
      assertEquals(ours, kerasStop(losses, patience, minDelta, startFromEpoch));
    },
  ));
});

Deno.test("the directions of Keras' own test", async () => {
  const metrics = ["loss", "acc", "accuracy", "mse", "hinge", "f1_score"];
  const directions = { mse: "min", hinge: "min", f1_score: "max" } as const;
  const cases: [
    EarlyStoppingOptions["mode"] & string,
    string,
    "min" | "max",
  ][] = [
    ["max", "val_mse", "max"],
    ["min", "val_loss", "min"],
    ["auto", "val_mse", "min"],
    ["auto", "loss", "min"],
    ["auto", "acc", "max"],
    ["auto", "val_accuracy", "max"],
    ["auto", "hinge", "min"],
    ["auto", "f1_score", "max"],
  ];
  for (const [mode, monitor, direction] of cases) {
    const { fire, stops } = fakeRun(earlyStopping({ monitor, mode }), {
      metrics,
      directions,
    });
    await fire("onEpochEnd", 0, { [monitor]: 1 });
    await fire("onEpochEnd", 1, { [monitor]: direction === "min" ? 0.9 : 1.1 });
    assertEquals(stops.length, 0, `${mode} ${monitor}`);
    await fire("onEpochEnd", 2, { [monitor]: 1 });
    assertEquals(stops.length, 1, `${mode} ${monitor}`);
  }
});

Deno.test("if nothing beats the baseline, the best of the losers is restored", async () => {
  const { weight, left } = await restoredWeight([0.9, 0.8, 0.7, 0.71, 0.72], {
    patience: 5,
    baseline: 0.5,
  });
  assertEquals([weight, left], [2, 0]);
});

Deno.test("a run that another plugin stopped, or that was aborted, gets its best weights back too", async () => {
  for (const status of ["stopped", "aborted"] as const) {
    const { weight, left, lines } = await restoredWeight(
      [1, 2, 0.5, 0.7],
      { patience: 5, verbose: true },
      { status },
    );
    assertEquals([weight, left], [2, 0]);
    assertEquals(lines, [
      "Restoring model weights from the end of the best epoch: 3.",
    ]);
  }
});

Deno.test("restoreBestWeights: false takes no copy", async () => {
  const { left, weight, lines } = await restoredWeight([1, 2], {
    restoreBestWeights: false,
    verbose: true,
    patience: 1,
  });
  assertEquals([left, weight], [0, 1]);
  assertEquals(lines, ["Epoch 2: early stopping"]);
});

Deno.test("the reason names the best value, its epoch and how long ago", async () => {
  const plugin = earlyStopping({ monitor: "loss", patience: 3 });
  const { fire, stops } = fakeRun(plugin);
  for (const [epoch, loss] of [1, 0.5, 0.5, 0.6, NaN].entries()) {
    await fire("onEpochEnd", epoch, { loss });
  }
  const never = fakeRun(earlyStopping({ monitor: "loss", patience: 2 }));
  for (const epoch of [0, 1]) {
    await never.fire("onEpochEnd", epoch, { loss: NaN });
  }
  assertEquals([...stops, ...never.stops], [
    "loss has not improved on 0.5 (epoch 2) for 3 epochs",
    "loss was never a number in 2 epochs",
  ]);
});

Deno.test("the same plugin starts each run afresh", async () => {
  const plugin = earlyStopping({ monitor: "loss", patience: 2 });
  for (const losses of [[0.1, 1, 1], [5, 6, 6]]) {
    const { fire, stops } = fakeRun(plugin);
    assertEquals(plugin.state, {
      best: undefined,
      bestEpoch: 0,
      wait: 0,
      stoppedEpoch: undefined,
    });
    await fire("onTrainBegin");
    for (const [epoch, loss] of losses.entries()) {
      assertEquals(stops.length, 0);
      await fire("onEpochEnd", epoch, { loss });
    }
    assertEquals(stops.length, 1);
    await fire("onTrainEnd");
  }
});
