/**
 * The parts of a run: where each may stand, and in which kinds of runs it
 * happens. Which hooks begin and end them follows from the table of hooks.
 *
 * @module
 */
import {
  HOOK_NAMES,
  type HookName,
  HOOKS,
  type Phase,
  type RunParams,
} from "../plugin.ts";

/** Which kind of run. */
export type Mode = RunParams["mode"];

/** What is known of a part. */
interface PhaseFacts {
  /** The parts it may stand in; `"run"` is the outside. */
  readonly within: readonly (Phase | "run")[];
  /** The runs it happens in. */
  readonly modes: readonly Mode[];
}

/** The parts of a run. */
export const PHASES: Readonly<Record<Phase, PhaseFacts>> = {
  train: { within: ["run"], modes: ["fit"] },
  epoch: { within: ["train"], modes: ["fit"] },
  trainBatch: { within: ["epoch"], modes: ["fit"] },
  test: { within: ["run", "epoch", "train"], modes: ["fit", "evaluate"] },
  testBatch: { within: ["test"], modes: ["fit", "evaluate"] },
  predict: { within: ["run", "epoch", "train"], modes: ["predict"] },
  predictBatch: { within: ["predict"], modes: ["predict"] },
};

/** The part that is the whole of a run. */
export const WHOLE: Readonly<Record<Mode, Phase>> = {
  fit: "train",
  evaluate: "test",
  predict: "predict",
};

/** The hook that begins or ends a part. */
export function hookOf(phase: Phase, side: "begin" | "end"): HookName {
  return HOOK_NAMES.find((name) =>
    HOOKS[name].phase === phase && HOOKS[name].side === side
  )!;
}

/** Whether a hook runs in a kind of run. */
export function runsIn(mode: Mode, hook: HookName): boolean {
  return PHASES[HOOKS[hook].phase].modes.includes(mode);
}

/** Whether a hook begins or ends a part that may be the whole of a run. */
export function isOuter(hook: HookName): boolean {
  return PHASES[HOOKS[hook].phase].within.includes("run");
}
