/**
 * Runs to make pages of: a folder with a record and a log.
 *
 * @module
 */
import { comparePage } from "../../../../../core/cli/report/page/compare_page.ts";
import { reportPage } from "../../../../../core/cli/report/page/run_page.ts";
import { readRun } from "../../../../../core/cli/report/past_run.ts";
import {
  type RunReport,
  runReport,
} from "../../../../../core/cli/report/run_report.ts";
import { folder } from "../../_command.ts";

/** When the pages here are made. */
export const AT = "2026-11-22T10:00:00.000Z";

/** What a short run leaves, with a plugin of each sort. */
export const FACTS = {
  experiment: "digits",
  experimentSha256: "15b149ea958cbc0038069162fc12e3c029e12e1e2aa5edcdfb8ed0ea",
  seed: 42,
  backend: "wasm",
  threads: 2,
  versions: { deno: "2.9.6", hookloop: "0.1.0", tfjs: "4.22.0" },
  host: { os: "linux", arch: "x86_64", cores: 2 },
  began: "2026-11-22T09:00:00.000Z",
  ended: "2026-11-22T09:00:04.000Z",
  command: ["train", "--epochs", "5", "--run-dir", "runs/a"],
  data: { name: "digits", samples: 6000, validation: 1000 },
  optimizer: { name: "Adam", learningRate: 0.002 },
  loss: "sparseCategoricalCrossentropy",
  learningRate: 0.002,
  plugins: [
    { name: "early-stopping", file: "built in", options: { patience: 1 } },
    { name: "model-checkpoint", file: "built in", options: {} },
  ],
  params: {
    mode: "fit",
    epochs: 5,
    initialEpoch: 0,
    steps: 94,
    batchSize: 64,
    metrics: ["loss", "val_loss"],
    directions: { loss: "min", val_loss: "min" },
  },
  plan: {
    what: "Training: 5 epochs of 94 batches, 64 samples per batch",
    hooks: [{
      hook: "onEpochEnd",
      keys: ["loss", "val_loss"],
      calls: [
        { plugin: "early-stopping", reads: "val_loss" },
        { plugin: "model-checkpoint" },
      ],
    }],
    leftOut: [],
    warnings: [],
  },
  model: {
    layers: [
      { name: "flat", type: "Flatten", output: [null, 784], params: 0 },
      { name: "out", type: "Dense", output: [null, 10], params: 7850 },
    ],
  },
  epoch: [0, 1, 2],
  history: { loss: [3, 2, 1], val_loss: [3, 1.5, 2] },
  seconds: [1, 1.5, 1],
  best: { epoch: 1, key: "val_loss", value: 1.5 },
  outcome: {
    status: "stopped",
    by: "early-stopping",
    hook: "onEpochEnd",
    epoch: 2,
    reason: "val_loss has not improved on 1.5 (epoch 2) for 1 epoch",
  },
};

const PLACE = { hook: "onEpochEnd", epoch: 1 };

/** What happened in it. */
export const EVENTS: readonly object[] = [
  { at: 10, kind: "logs", hook: "onTrainBatchEnd", epoch: 0, batch: 0 },
  { at: 900, kind: "logs", hook: "onTrainBatchEnd", epoch: 0, batch: 1 },
  { at: 950, kind: "logs", hook: "onTestEnd", epoch: 0 },
  { at: 1000, kind: "logs", hook: "onEpochEnd", epoch: 0 },
  {
    ...{ at: 2400, kind: "act", by: "model-checkpoint", ...PLACE },
    what: { kind: "save", path: "best", weightsOnly: false },
  },
  { at: 2450, kind: "warning", by: "slow", ...PLACE, text: "it is slow" },
  {
    ...{ at: 3500, kind: "act", by: "early-stopping", ...PLACE, epoch: 2 },
    what: { kind: "stop", reason: "enough" },
  },
];

/** The text of a log. */
export function logOf(events: readonly unknown[]): string {
  return events.map((it) => `${JSON.stringify(it)}\n`).join("");
}

/** What is known of a run in a folder of its own. */
export async function reportOf(
  facts: unknown = FACTS,
  log: string | undefined = logOf(EVENTS),
): Promise<RunReport> {
  const dir = await folder({
    "run/run.json": JSON.stringify(facts),
    ...log !== undefined && { "run/events.jsonl": log },
  });
  return runReport(readRun(`${dir}/run`)!);
}

/** The page of one run without drawings. */
export function pageOf(report: RunReport): string {
  return reportPage(report, [], AT);
}

/** The page of several runs without drawings. */
export function comparisonOf(...reports: readonly RunReport[]): string {
  const runs = reports.map((report, i) => ({
    name: `run ${i + 1}`,
    report,
    page: undefined,
  }));
  return comparePage(runs, [], AT);
}

/** What a page says, without its style and its tags; cells and blocks apart by a space. */
export function wordsOf(page: string): string {
  return page.replace(/<style>.*?<\/style>/gs, "")
    .replaceAll(/<\/(td|th|dt|dd|p|li|h\d|span)>|<br>|<small>/g, " ")
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&quot;", '"').replaceAll("&#39;", "'")
    .replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ").replaceAll(/ (?=[),;.])/g, "");
}
