/**
 * When a plugin that looks at the validation data reports.
 *
 * @module
 */
import type { Plugin, Run } from "../core/plugin.ts";

/** Precedes the lines below the title of a report. */
export const INDENT = "  ";

/** Reports; `when` follows its title. */
export type Report = (when: string, run: Run) => Promise<void>;

/**
 * Hooks that report every `every` epochs, after the last one, and at the end of
 * an evaluation. They read no logs, and a failing report does not end the run.
 */
export function afterEpochs(
  every: number,
  report: Report,
): Pick<
  Plugin,
  | "requires"
  | "onError"
  | "needs"
  | "state"
  | "onEpochEnd"
  | "onTrainEnd"
  | "onTestEnd"
> {
  const state = { reported: undefined as number | undefined };
  return {
    requires: ["validation", "predict"],
    onError: "disable",
    needs: {},
    state,
    async onEpochEnd(epoch, _logs, run) {
      const last = epoch + 1 === run.params.epochs;
      if ((epoch + 1) % every !== 0 && !last) return;
      state.reported = epoch;
      await report(`after epoch ${epoch + 1}`, run);
    },
    async onTrainEnd(_logs, run) {
      // Only here is it known that a run was stopped, and which epoch was its last.
      const missed = state.reported !== run.epoch && run.step > 0;
      if (run.outcome?.status !== "stopped" || !missed) return;
      await report("at the end of training", run);
    },
    async onTestEnd(_logs, run) {
      if (run.params.mode === "evaluate") {
        await report("of the evaluation", run);
      }
    },
  };
}
