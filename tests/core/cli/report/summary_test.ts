import { assertEquals } from "@std/assert";
import {
  curveLines,
  resultLines,
  summary,
} from "../../../../core/cli/report/summary.ts";
import { widthOf } from "../../../../core/text_width.ts";
import type { History } from "../../../../core/run/history.ts";
import { folder } from "../_command.ts";

const ENDED = {
  history: undefined,
  aborted: false,
  dir: undefined,
  problem: undefined,
  unwritten: [],
};

Deno.test("summary() says how it ended, the best epoch and where the files are", async () => {
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
    best: {
      epoch: 0,
      key: "val_loss",
      value: 1,
      logs: { loss: 2, val_loss: 1, val_accuracy: 0.5 },
    },
  } as unknown as History;
  const dir = await folder({ "best/model.json": "", "log.csv": "" });
  assertEquals(summary({ ...ENDED, history, dir }), [
    "Stopped after 2 epochs by early-stopping in onEpochEnd: val_loss has not improved",
    "Best epoch: 1, val_loss 1, val_accuracy 0.5",
    "  loss          █▁  2 -> 1",
    "  val_loss      ▁█  1 -> 3",
    "  val_accuracy  █▁  0.5 -> 0.25",
    `Files in ${dir}:`,
    "  best/",
    "  log.csv",
  ]);
});

Deno.test("the best epoch is shown with its own values, whatever other epochs had", () => {
  const history = {
    epoch: [0, 1, 2],
    history: { loss: [3, 1, 2], val_loss: [9] },
    outcome: { status: "completed" },
    best: { epoch: 1, key: "loss", value: 1, logs: { loss: 1, mae: NaN } },
  } as unknown as History;
  assertEquals(summary({ ...ENDED, history }).slice(0, 2), [
    "Completed 3 epochs",
    "Best epoch: 2, loss 1, mae NaN",
  ]);
});

Deno.test("curves fit a window of 80 columns, in columns of any script", () => {
  const values = Array.from({ length: 100 }, (_, i) => 1e6 / (i + 1));
  const history = {
    loss: values,
    "précision_日本語": values,
    a_metric_with_a_very_long_name_indeed_really_very: values,
  };
  const lines = curveLines(history);
  assertEquals(lines.map(widthOf), [79, 79, 79]);
  assertEquals(lines.map((line) => line.split("█")[0]), [
    `  loss${" ".repeat(34)}`,
    `  précision_日本語${" ".repeat(22)}`,
    "  a_metric_with_a_very_long_name_inde…  ",
  ]);
  assertEquals(resultLines({ "日本": 1, accuracy: 1 })[0], "  日本      1");
});

Deno.test("summary() of an experiment that trains nothing says whether it was interrupted", async () => {
  assertEquals(summary(ENDED), ["Completed"]);
  const dir = await folder({ "run.json": "" });
  assertEquals(summary({ ...ENDED, aborted: true, dir }), [
    "Aborted: interrupted",
    `Files in ${dir}:`,
    "  run.json",
  ]);
});

Deno.test("summary() says what the record does not hold", () => {
  assertEquals(summary({ ...ENDED, unwritten: ["Cannot write log.csv"] }), [
    "Completed",
    "Not written: Cannot write log.csv",
  ]);
  assertEquals(summary({ ...ENDED, problem: "Cannot write x: no space" }), [
    "Completed",
    "The record is not whole: Cannot write x: no space",
  ]);
});

Deno.test("resultLines() shows one key per line, in columns", () => {
  assertEquals(resultLines({ loss: 0.123456, accuracy: 1, tiny: 1.5e-7 }), [
    "  loss      0.1235",
    "  accuracy  1",
    "  tiny      1.50e-7",
  ]);
});
