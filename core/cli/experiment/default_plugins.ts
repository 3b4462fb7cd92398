/**
 * The plugins of every experiment, unless it lists its own or `--without` takes
 * them off: a CSV, the best checkpoint, backups, the progress bar.
 *
 * @module
 */
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

/**
 * Those of a run.
 *
 * @param quiet Whether it has no progress bar.
 * @param batchLogs Whether the bar shows the logs of each batch.
 */
export function defaultPlugins(quiet: boolean, batchLogs: boolean): Use[] {
  return DEFAULT_PLUGINS.filter(([name]) => !quiet || name !== "progress")
    .map(([name, options]) => [
      name,
      name === "progress" ? { batchLogs } : options,
    ]);
}
