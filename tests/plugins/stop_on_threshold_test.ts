import { assertEquals, assertThrows } from "@std/assert";
import stopOnThreshold from "../../plugins/stop_on_threshold.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("it stops when the metric passes the threshold, not when it reaches it", async () => {
  const { fire, stops } = fakeRun(stopOnThreshold({ threshold: 0.9 }));
  await fire("onEpochEnd", 0, { val_accuracy: 0.9 });
  await fire("onEpochEnd", 1);
  assertEquals(stops, []);
  await fire("onEpochEnd", 2, { val_accuracy: 0.95 });
  assertEquals(stops, ["val_accuracy passed 0.9: 0.95"]);
});

Deno.test("a loss passes downward", async () => {
  const { fire, stops } = fakeRun(
    stopOnThreshold({ monitor: "val_loss", threshold: 0.1 }),
  );
  await fire("onEpochEnd", 0, { val_loss: 0.2 });
  assertEquals(stops, []);
  await fire("onEpochEnd", 1, { val_loss: 0.05 });
  assertEquals(stops.length, 1);
});

Deno.test("a threshold that is not a number is rejected", () => {
  const error = assertThrows(
    () => stopOnThreshold({ threshold: NaN }),
    OptionError,
  );
  assertEquals(
    error.message,
    "Cannot create stop-on-threshold as 'threshold' must be a finite number: current value is NaN",
  );
});

Deno.test("an explicit mode overrides what the metric declares", async () => {
  const { fire, stops } = fakeRun(
    stopOnThreshold({ monitor: "loss", mode: "max", threshold: 5 }),
  );
  await fire("onEpochEnd", 0, { loss: 4 });
  assertEquals(stops, []);
  await fire("onEpochEnd", 1, { loss: 6 });
  assertEquals(stops, ["loss passed 5: 6"]);
});

Deno.test("NaN passes nothing", async () => {
  for (const mode of ["min", "max"] as const) {
    const { fire, stops } = fakeRun(
      stopOnThreshold({ monitor: "loss", mode, threshold: 0 }),
    );
    await fire("onEpochEnd", 0, { loss: NaN });
    assertEquals(stops, []);
  }
});

Deno.test("it needs the metric, and its direction if none is given", () => {
  assertEquals(stopOnThreshold().needs, {
    onEpochEnd: [{ key: "val_accuracy", direction: true }],
  });
  assertEquals(stopOnThreshold({ mode: "max" }).needs, {
    onEpochEnd: ["val_accuracy"],
  });
});

Deno.test("an unknown mode is rejected", () => {
  assertThrows(
    () => stopOnThreshold({ mode: "above" as never }),
    OptionError,
    `Cannot create stop-on-threshold as 'mode' must be "auto", "min" or "max": current value is "above"`,
  );
});
