/**
 * The logs that a hand-written loop passes in, checked against what it declared.
 *
 * @module
 */
import { keyProblem, LOGS, VALIDATION_PREFIX } from "../contract/log_keys.ts";
import { kindOf } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import { type HookName, HOOKS, type LogRecord } from "../plugin.ts";
import { NO_LOGS } from "../run/dispatch.ts";
import type { Position } from "../run/state.ts";
import { checkHanded } from "./checked_logs.ts";

/** What is declared of the logs. */
export interface Declared {
  /** The keys of batches; undefined for any. */
  readonly metrics?: readonly string[];
  /** Whether the epochs' logs have `val_` keys too. */
  readonly validation?: unknown;
  /** In which epochs they have. */
  readonly validationFreq?: number | readonly number[];
}

/**
 * Checks logs and freezes a copy of them.
 *
 * @param declared What they hold.
 * @param reads Whether anybody reads the logs of a hook.
 * @param position Remembers the last epoch's logs, which the end of training gets.
 */
export function handedLogs(
  { metrics, validation = false, validationFreq = 1 }: Declared,
  reads: (hook: HookName) => boolean,
  position: Pick<Position, "last"> = { last: NO_LOGS },
): (hook: HookName, given: LogRecord | undefined) => LogRecord {
  const validated = validation
    ? (metrics ?? []).map((key) => VALIDATION_PREFIX + key)
    : [];
  const always = validationFreq === 1;

  return (hook, given) => {
    const kind = HOOKS[hook].logs;
    if (!given) {
      if (kind === "lastEpoch") return position.last;
      // Logs that no plugin reads need not be passed in.
      if (!reads(hook)) return NO_LOGS;
    }
    const { keys } = LOGS[kind];
    const logs = given ?? NO_LOGS;
    if (keys === "outputs") return Object.freeze({ ...logs });
    if (metrics && keys !== "none") {
      const ofEpoch = keys === "epoch";
      checkHanded(
        `the logs of ${hook}`,
        logs,
        ofEpoch && always ? [...metrics, ...validated] : metrics,
        ofEpoch && !always ? validated : [],
      );
    }
    const copy: Record<string, number> = {};
    for (const key in logs) {
      const value: unknown = logs[key];
      const problem = keyProblem(key);
      if (problem || typeof value !== "number") {
        throw new InputError(
          `Cannot use the logs of ${hook}: "${key}" ${
            problem ?? `is ${kindOf(value)}: expected a number`
          }`,
        );
      }
      copy[key] = value;
    }
    if (kind === "epoch") position.last = copy;
    return Object.freeze(copy);
  };
}
