/**
 * The plugins of every experiment, unless it lists its own or `--without` takes
 * them off: a CSV, the best checkpoint, backups, the progress bar.
 *
 * @module
 */
import type { Given } from "../flags.ts";
import type { Use } from "./experiment.ts";

const best = (monitor: string) =>
  [
    "model-checkpoint",
    { filepath: "best", monitor, saveBestOnly: true },
  ] as const;

/**
 * The default plugins. Of two with one name, the first that a run has room for
 * is taken.
 */
export const DEFAULT_PLUGINS: readonly Exclude<Use, string>[] = [
  ["csv-logger", {}],
  best("val_loss"),
  best("loss"),
  ["backup-and-restore", {}],
  ["progress", {}],
];

/** Whether a plugin of this name is among them. */
export function isDefault(name: string): boolean {
  return DEFAULT_PLUGINS.some(([other]) => other === name);
}

/** The plugin that `--dashboard` adds, unless the experiment lists its own. */
export const DASHBOARD = "dashboard";

/**
 * Those of a run.
 *
 * @param given `quiet` leaves the progress bar out, `dashboard` adds one.
 * @param batchLogs Whether they show the logs of each batch.
 */
export function defaultPlugins(
  { quiet, dashboard }: Given["flags"],
  batchLogs: boolean,
): Use[] {
  const plugins = DEFAULT_PLUGINS.filter(([name]) =>
    !quiet || name !== "progress"
  ).map(([name, options]): Use => [
    name,
    name === "progress" ? { batchLogs } : options,
  ]);
  return dashboard ? [...plugins, [DASHBOARD, { batchLogs }]] : plugins;
}
