/**
 * What passes between a run and a plugin that is not to be trusted: what it is
 * shown, and what it may ask for.
 *
 * @module
 */
import { messageOf } from "../../../errors.ts";
import type { HookName, Run } from "../../../plugin.ts";
import type { RunView } from "./messages.ts";

/** The run as it is now, in plain data. */
export function viewOf(
  run: Run,
  hook: string,
  requires: readonly string[],
): RunView {
  const { epoch, step, params, outcome, dir, optimizer } = run;
  const { interactive, columns } = run.terminal;
  const needs = (what: string) => requires.includes(what);
  return {
    ...{ epoch, step, params, dir },
    outcome: outcome?.error === undefined
      ? outcome
      : { ...outcome, error: messageOf(outcome.error) },
    terminal: { interactive, columns },
    learningRate: needs("learningRate") ? optimizer.learningRate : undefined,
    momentum: needs("momentum") ? optimizer.momentum : undefined,
    keys: run.keys(hook as HookName),
    now: run.now(),
    time: run.time(),
    aborted: run.signal.aborted,
  };
}

/**
 * Ask the run for what a plugin asks for.
 *
 * @param what What came from its worker, which may be anything.
 * @throws {Error} If it is nothing that it may ask for.
 */
export function askedFor(run: Run, what: unknown): void {
  const { kind, reason, resumable, keep, line, setting, value } = Object(
    what,
  ) as Record<string, unknown>;
  if (kind === "stop" && typeof reason === "string") {
    return run.stop(reason, { resumable: resumable === true });
  }
  if (kind === "backup" && Number.isInteger(keep)) {
    return run.backup({ keep: keep as number });
  }
  if (kind === "print" && typeof line === "string") return run.print(line);
  if (kind === "status" && typeof line === "string") return run.status(line);
  if (
    kind === "set" && typeof value === "number" &&
    (setting === "learningRate" || setting === "momentum")
  ) {
    run.optimizer[setting] = value;
    return;
  }
  throw new Error("its worker asked for what there is not");
}
