/**
 * What plugins would have done in a recorded run, in words.
 *
 * @module
 */
import type { Replayed, ReplayedPlugin } from "../../loop/replay.ts";
import type { History } from "../../run/history.ts";
import { short } from "../../number_text.ts";

/** The recorded run, in a line. */
export function recordedLine(dir: string, { epoch, best }: History): string {
  const epochs = epoch.length === 1 ? "1 epoch" : `${epoch.length} epochs`;
  return `Replayed ${dir}: ${epochs}${bestText(best)}`;
}

/** A line for each plugin. */
export function replayedLines({ plugins, history }: Replayed): string[] {
  return plugins.map((plugin) =>
    `${plugin.summary}${endText(plugin, history)}`
  );
}

/** How the run really went on. */
function endText(
  { stop, failed }: ReplayedPlugin,
  { epoch, best }: History,
): string {
  const last = epoch.at(-1);
  if (stop?.epoch !== undefined && last !== undefined) {
    return last > stop.epoch
      ? `; the run went on to epoch ${last + 1}${bestText(best)}`
      : "; it was the last epoch of the run";
  }
  return failed ? "; then it failed" : "";
}

function bestText(best: History["best"]): string {
  return best
    ? `, best ${best.key} ${short(best.value)} in epoch ${best.epoch + 1}`
    : "";
}
