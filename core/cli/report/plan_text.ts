/**
 * The plan of a run as text: who runs when, reads and writes what.
 *
 * @module
 */
import type { HookPlan, Turn } from "../../contract/plan.ts";
import { HOOK_NAMES, type HookName } from "../../plugin.ts";
import type { PlannedRun } from "../../run/session.ts";

/** The hooks that do not run in a mode. */
const OTHER_MODES = {
  fit: /Predict/,
  evaluate: /Predict|Train|Epoch/,
  predict: /Test|Train|Epoch/,
} as const;

/**
 * The plan, line by line.
 */
export function planText({ plan, params, entries }: PlannedRun): string[] {
  const lines = [header(params), ""];
  if (entries.length === 0) lines.push("No plugins", "");
  const others = OTHER_MODES[params.mode];
  for (const hook of HOOK_NAMES) {
    if (others.test(hook)) continue;
    const hookPlan = plan.hooks[hook];
    if (hookPlan) lines.push(...hookText(hook, hookPlan), "");
  }
  const late = HOOK_NAMES.filter((hook) =>
    !others.test(hook) && !plan.hooks[hook] &&
    entries.some(({ plugin }) => plugin[hook])
  );
  if (late.length) {
    lines.push(
      `Checked at the first call, for the keys are known only then: ${
        late.join(", ")
      }`,
      "",
    );
  }
  lines.push(...plan.warnings.map((warning) => `Warning: ${warning}`));
  return lines;
}

function header(params: PlannedRun["params"]): string {
  const { mode, epochs, initialEpoch, steps, validationSteps, batchSize } =
    params;
  const batches = (value: number | undefined) =>
    value === undefined ? "batches" : plural(value, "batch", "batches");
  return [
    mode === "fit"
      ? `Training: ${plural(Math.max(0, epochs - initialEpoch), "epoch")} of ${
        batches(steps)
      }`
      : `${mode}: ${batches(steps)}`,
    batchSize === undefined ? "" : `, ${plural(batchSize, "sample")} a batch`,
    validationSteps === undefined
      ? ""
      : `, ${batches(validationSteps)} of validation`,
  ].join("");
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

function hookText(hook: HookName, { turns, keys, reads }: HookPlan): string[] {
  const own = [...turns[0]?.sees.entries() ?? []].map(([key, presence]) =>
    presence === "always" ? key : `${key} (some epochs)`
  );
  const added = [...keys.keys()].filter((key) => !turns[0]?.sees.has(key));
  const head = own.length
    ? `${hook}: ${own.join(", ")}${reads ? "" : " (read by nobody)"}`
    : hook;
  const width = Math.max(...turns.map(({ entry }) => entry.plugin.name.length));
  return [
    added.length ? `${head} + ${added.join(", ")}` : head,
    ...turns.map((turn, i) => turnText(hook, turn, i, width)),
  ];
}

function turnText(
  hook: HookName,
  { entry: { plugin, file } }: Turn,
  index: number,
  width: number,
): string {
  const needs = plugin.needs?.[hook];
  const provides = plugin.provides?.[hook] ?? [];
  const begins = hook.endsWith("Begin");
  const reads = begins || needs?.length === 0
    ? ""
    : `  reads ${needs ? needs.join(", ") : "all"}`;
  const adds = provides.length ? `  adds ${provides.join(", ")}` : "";
  const where = file ? `  (${file})` : "";
  return `  ${index + 1}. ${plugin.name.padEnd(width)}${reads}${adds}${where}`
    .trimEnd();
}
