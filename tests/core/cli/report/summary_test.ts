import { assertEquals } from "@std/assert";
import { resultLines, summary } from "../../../../core/cli/report/summary.ts";
import type { History } from "../../../../core/run/history.ts";

Deno.test("summary() says how it ended, the best epoch and where the files are", () => {
  const history = {
    epoch: [0, 1],
    history: { loss: [2, 1], val_loss: [1, 3], val_accuracy: [0.5, 0.25] },
    outcome: {
      status: "stopped",
      by: "early-stopping",
      hook: "onEpochEnd",
      epoch: 1,
      reason: "val_loss has not improved",
    },
    best: { epoch: 0, key: "val_loss", value: 1 },
  } as unknown as History;
  assertEquals(
    summary({ history, aborted: false }, "runs/a", ["best/", "log.csv"]),
    [
      "Stopped after 2 epochs by early-stopping in onEpochEnd: val_loss has not improved",
      "Best epoch: 1, val_loss 1, val_accuracy 0.5",
      "  loss          █▁  2 -> 1",
      "  val_loss      ▁█  1 -> 3",
      "  val_accuracy  █▁  0.5 -> 0.25",
      "Files in runs/a:",
      "  best/",
      "  log.csv",
    ],
  );
});

Deno.test("summary() of a loop that returns no history says whether it was interrupted", () => {
  const history = undefined;
  assertEquals(summary({ history, aborted: false }, "runs/a", []), [
    "Completed",
  ]);
  assertEquals(summary({ history, aborted: true }, "runs/a", ["run.json"]), [
    "Aborted: interrupted",
    "Files in runs/a:",
    "  run.json",
  ]);
});

Deno.test("resultLines() shows one key per line, in columns", () => {
  assertEquals(resultLines({ loss: 0.123456, accuracy: 1, tiny: 1.5e-7 }), [
    "  loss      0.1235",
    "  accuracy  1",
    "  tiny      1.50e-7",
  ]);
});
