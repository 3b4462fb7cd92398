import { assertEquals, assertThrows } from "@std/assert";
import stopOnThreshold from "../../plugins/stop_on_threshold.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("it stops when the metric passes the threshold, not when it reaches it", async () => {
  const { fire, stops } = fakeRun(stopOnThreshold({ threshold: 0.9 }));
  await fire("onEpochEnd", 0, { val_accuracy: 0.9 });
  await fire("onEpochEnd", 1, {});
  assertEquals(stops, []);
  await fire("onEpochEnd", 2, { val_accuracy: 0.95 });
  assertEquals(stops, ["val_accuracy passed 0.9: 0.95"]);
});

Deno.test("a loss passes downwards", async () => {
  const { fire, stops } = fakeRun(
    stopOnThreshold({ monitor: "val_loss", threshold: 0.1 }),
  );
  await fire("onEpochEnd", 0, { val_loss: 0.2 });
  assertEquals(stops, []);
  await fire("onEpochEnd", 1, { val_loss: 0.05 });
  assertEquals(stops.length, 1);
});

Deno.test("a threshold that is no number is refused", () => {
  const error = assertThrows(
    () => stopOnThreshold({ threshold: NaN }),
    RangeError,
  );
  assertEquals(
    error.message,
    "Cannot create stop-on-threshold as 'threshold' must be a finite number: current value is NaN",
  );
});
