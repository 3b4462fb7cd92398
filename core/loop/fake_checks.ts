/**
 * What a run without a model refuses: hooks and keys that no run would have.
 *
 * @module
 */
import { runsIn } from "../contract/phases.ts";
import { InputError } from "../errors.ts";
import {
  type HookName,
  HOOKS,
  type LogRecord,
  type RunParams,
} from "../plugin.ts";
import type { RunState } from "../run/state.ts";
import { checkHanded } from "./checked_logs.ts";

/** A run that goes on has begun before. */
export function checkRejoined({ rejoining }: RunState): void {
  if (!rejoining) return;
  throw new InputError(
    "Cannot go on from a backup before the run has begun: fire onTrainBegin first",
  );
}

/** Firing a hook that the run would never call tests nothing. */
export function checkCalled(hook: HookName, { mode }: RunParams): void {
  if (runsIn(mode, hook)) return;
  const other = MODES.find((mode) => runsIn(mode, hook));
  throw new InputError(
    `Cannot fire ${hook} as a run of mode "${mode}" never calls it: pass \`params: { mode: "${other}" }\` to fakeRun`,
  );
}

const MODES: readonly RunParams["mode"][] = ["fit", "evaluate", "predict"];

/** A fake run may leave keys out, but never has one that a real run would not. */
export function checkKnown(
  hook: HookName,
  logs: LogRecord,
  params: RunParams,
): void {
  const { logs: kind } = HOOKS[hook];
  if (kind === "none" || kind === "outputs") return;
  if (!params.metrics.length) return; // Known only once they are reported.
  checkHanded(`the logs of ${hook}`, logs, [], params.metrics);
}
