import { assertEquals } from "@std/assert";
import { needsText, planText } from "../../../../core/cli/report/plan_text.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import type { PlannedRun } from "../../../../core/run/planned_run.ts";

const PARAMS = {
  mode: "evaluate",
  epochs: 1,
  initialEpoch: 0,
  steps: 1,
  validationSteps: undefined,
  batchSize: 32,
  metrics: ["loss"],
  directions: {},
} as const;

Deno.test("planText() shows only the hooks of the mode, with what each reads and adds", () => {
  const plugins: Plugin[] = [
    {
      name: "watch",
      needs: { onTestEnd: [{ key: "loss", direction: true }] },
      provides: { onTestEnd: ["best"] },
      onTestEnd() {},
      onEpochEnd() {},
    },
    { name: "log", onTestBegin() {}, onTestEnd() {} },
  ];
  const [watch, log] = plugins.map((plugin) => ({
    plugin,
    name: plugin.name,
    hooks: plugin,
    file: `plugins/${plugin.name}.ts`,
  }));
  const loss = new Map([["loss", "always"]] as const);
  const both = new Map([...loss, ["best", "always"]] as const);
  const none = new Map();
  const planned = {
    entries: [watch, log],
    leftOut: ["Left out: it needs salt"],
    params: PARAMS,
    plan: {
      hooks: {
        onTestBegin: {
          calls: [{ entry: log, sees: none }],
          keys: none,
          reads: false,
        },
        onTestEnd: {
          calls: [{ entry: watch, sees: loss }, { entry: log, sees: both }],
          keys: both,
          reads: true,
        },
      },
      problems: [],
      warnings: ["mind the gap"],
    },
  } as unknown as PlannedRun;
  assertEquals(planText(planned), [
    "Evaluation: 1 batch, 32 samples per batch",
    "",
    "onTestBegin",
    "  1. log  (plugins/log.ts)",
    "",
    "onTestEnd: loss + best",
    "  1. watch  reads loss (direction)  adds best  (plugins/watch.ts)",
    "  2. log    reads all  (plugins/log.ts)",
    "",
    "Left out: it needs salt",
    "Warning: mind the gap",
  ]);
});

Deno.test("planText() says which hooks cannot be checked yet", () => {
  const plugin: Plugin = {
    name: "late",
    onPredictBatchEnd() {},
    onTestEnd() {},
  };
  const entry = { plugin, name: plugin.name, hooks: plugin, bare: false };
  const planned = {
    entries: [entry],
    leftOut: [],
    params: { ...PARAMS, mode: "predict", steps: undefined },
    plan: { hooks: {}, problems: [], warnings: [] },
  } as unknown as PlannedRun;
  assertEquals(planText(planned), [
    "Prediction: batches, 32 samples per batch",
    "",
    "Checked at the first call, since the keys are known only then: onPredictBatchEnd",
    "",
  ]);
});

Deno.test("needsText() shows keys, directions and `all`", () => {
  assertEquals(
    needsText(["a", { key: "b", direction: true }]),
    "a, b (direction)",
  );
  assertEquals(needsText("all"), "all");
  assertEquals(needsText([]), "");
});
