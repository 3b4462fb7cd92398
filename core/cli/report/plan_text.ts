/**
 * The plan of a run as text: what runs when, what it reads and what it adds.
 *
 * @module
 */
import { runsIn } from "../../contract/phases.ts";
import type { HookPlan, PlannedCall } from "../../contract/plan.ts";
import { HOOK_NAMES, type HookName, HOOKS, type Needs } from "../../plugin.ts";
import type { PlannedRun } from "../../run/planned_run.ts";

/** The plan, line by line. */
export function planText(
  { plan, params, entries, leftOut }: PlannedRun,
): string[] {
  const lines = [planHeader(params), ""];
  if (entries.length === 0) lines.push("No plugins", "");
  const late: HookName[] = [];
  for (const hook of HOOK_NAMES) {
    const hookPlan = plan.hooks[hook];
    const listened = entries.some(({ hooks }) => hooks[hook]);
    if (hookPlan) lines.push(...hookText(hook, hookPlan), "");
    else if (listened && runsIn(params.mode, hook)) late.push(hook);
  }
  if (late.length) {
    lines.push(
      `Checked at the first call, since the keys are known only then: ${
        late.join(", ")
      }`,
      "",
    );
  }
  return [
    ...lines,
    ...leftOut,
    ...plan.warnings.map((warning) => `Warning: ${warning}`),
  ];
}

/** The log keys that a hook needs, as a plugin lists them: `val_loss`, or `val_loss (direction)`. */
export function needsText(needs: Needs[HookName]): string {
  if (needs === undefined || needs === "all") return "all";
  return needs.map((need) =>
    typeof need === "string" ? need : `${need.key} (direction)`
  ).join(", ");
}

/** What is planned, in a line. */
export function planHeader(params: PlannedRun["params"]): string {
  const { mode, epochs, initialEpoch, steps, validationSteps, batchSize } =
    params;
  const batches = (value: number | undefined) =>
    value === undefined ? "batches" : plural(value, "batch", "batches");
  return [
    mode === "fit"
      ? `Training: ${plural(Math.max(0, epochs - initialEpoch), "epoch")} of ${
        batches(steps)
      }`
      : `${mode === "evaluate" ? "Evaluation" : "Prediction"}: ${
        batches(steps)
      }`,
    batchSize === undefined ? "" : `, ${plural(batchSize, "sample")} per batch`,
    validationSteps === undefined
      ? ""
      : `, ${batches(validationSteps)} of validation`,
  ].join("");
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function hookText(hook: HookName, { calls, keys, reads }: HookPlan): string[] {
  const own = [...calls[0]?.sees.entries() ?? []].map(([key, presence]) =>
    presence === "always" ? key : `${key} (some epochs)`
  );
  const added = [...keys.keys()].filter((key) => !calls[0]?.sees.has(key));
  const head = own.length
    ? `${hook}: ${own.join(", ")}${reads ? "" : " (not read)"}`
    : hook;
  const width = Math.max(...calls.map(({ entry }) => entry.name.length));
  return [
    added.length ? `${head} + ${added.join(", ")}` : head,
    ...calls.map((call, i) => callText(hook, call, i, width)),
  ];
}

function callText(
  hook: HookName,
  { entry: { name, plugin, file, shadow } }: PlannedCall,
  index: number,
  width: number,
): string {
  const provides = plugin.provides?.[hook] ?? [];
  const needs = readsOf(hook, plugin.needs);
  const reads = needs ? `  reads ${needs}` : "";
  const verb = shadow ? "would add" : "adds";
  const adds = provides.length ? `  ${verb} ${provides.join(", ")}` : "";
  const where = file ? `  (${file})` : "";
  return `  ${index + 1}. ${name.padEnd(width)}${reads}${adds}${where}`
    .trimEnd();
}

/** A plugin without needs reads all keys; one with needs reads none in hooks it does not list. */
export function readsOf(hook: HookName, needs: Needs | undefined): string {
  if (HOOKS[hook].logs === "none") return "";
  return needs ? needsText(needs[hook] ?? []) : "all";
}
