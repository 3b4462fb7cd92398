import { assertEquals, assertThrows } from "@std/assert";
import printLogs, { type PrintLogsOptions } from "../../plugins/print_logs.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

async function printed(options: PrintLogsOptions): Promise<readonly string[]> {
  const { fire, lines } = fakeRun(printLogs(options));
  for (let batch = 0; batch < 3; batch++) {
    await fire("onTrainBatchEnd", batch, { accuracy: 0.75, loss: 0.5 });
  }
  await fire("onEpochEnd", 0, { loss: 0.5, val_loss: 0.25 });
  return lines;
}

Deno.test("loss first, then the metrics, four digits, as the fifth document prints them", async () => {
  assertEquals(await printed({ every: 2 }), [
    "Batch 0: Loss = 0.5000 accuracy = 0.7500",
    "Batch 2: Loss = 0.5000 accuracy = 0.7500",
    "Epoch 0: Loss = 0.5000 val_loss = 0.2500",
  ]);
});

Deno.test("only batches, or only epochs", async () => {
  assertEquals((await printed({ batches: false })).length, 1);
  assertEquals((await printed({ epochs: false })).length, 3);
  assertEquals(printLogs({ batches: false }).onTrainBatchEnd, undefined);
});

Deno.test("non-finite numbers are printed as Python prints them", async () => {
  const { fire, lines } = fakeRun(printLogs());
  await fire("onTrainBatchEnd", 0, { loss: NaN, accuracy: -Infinity });
  assertEquals(lines, ["Batch 0: Loss = nan accuracy = -inf"]);
});

Deno.test("every must be a positive integer", () => {
  assertThrows(
    () => printLogs({ every: 0 }),
    OptionError,
    "Cannot create print-logs as 'every' must be an integer >= 1: current value is 0",
  );
});

Deno.test("without a loss only the metrics are printed, without logs only the title", async () => {
  const { fire, lines } = fakeRun(printLogs());
  await fire("onTrainBatchEnd", 4, { accuracy: 0.5 });
  await fire("onEpochEnd", 2);
  assertEquals(lines, ["Batch 4: accuracy = 0.5000", "Epoch 2:"]);
});

Deno.test("it runs after the others, so that it prints what they provide", () => {
  const plugin = printLogs();
  assertEquals([plugin.order, plugin.needs], ["post", undefined]);
  assertEquals(printLogs({ epochs: false }).onEpochEnd, undefined);
});
