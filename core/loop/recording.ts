/**
 * A run that is over, as plain data: what was recorded of it, in the order in
 * which plugins saw it.
 *
 * @module
 */
import type { KeysOfHook, Presence, Validation } from "../contract/log_keys.ts";
import { VALIDATION_PREFIX } from "../contract/log_keys.ts";
import type { HookName, LogRecord, Outcome, RunParams } from "../plugin.ts";
import type { RunEvent } from "../events.ts";

/** Something that happened, and when. */
export type RecordedEvent = RunEvent & {
  /** Milliseconds since the run began. Default: not known. */
  readonly at?: number;
};

/** A run that is over. */
export interface Recording {
  /** What happened, in order: at least the logs of `onEpochEnd`. */
  readonly events: readonly RecordedEvent[];
  /** What was known of the run. Default: what follows from the events. */
  readonly params?: Partial<Omit<RunParams, "mode" | "metrics">> | undefined;
  /** Learning rate and momentum at the start. Default: not known. */
  readonly settings?: {
    readonly learningRate?: number | undefined;
    readonly momentum?: number | undefined;
  } | undefined;
  /** When the run began, in milliseconds since 1970. Default: not known. */
  readonly began?: number | undefined;
  /** How the run ended. Default: the recording breaks off. */
  readonly outcome?: Outcome | undefined;
}

/** A setting of the optimizer, and what it was set to. */
type Setting = readonly ["learningRate" | "momentum", number];

/** A hook of which something was recorded. */
export interface Moment {
  /** The hook. */
  readonly hook: HookName;
  /** Index of the epoch. */
  readonly epoch: number;
  /** Index of the batch; undefined outside of batches. */
  readonly batch: number | undefined;
  /** Its logs; undefined if none were recorded. */
  logs: LogRecord | undefined;
  /** Milliseconds since the run began; undefined if not known. */
  at: number | undefined;
  /** What plugins set in it. */
  readonly set: Setting[];
  /** Whether a plugin asked for a stop in it. */
  stops: boolean;
}

/** The moments of training, in order; what shadows would have done did not happen. */
export function momentsOf(events: readonly RecordedEvent[]): Moment[] {
  const moments: Moment[] = [];
  for (const event of events) {
    if (event.kind !== "logs" && event.kind !== "act") continue;
    const { hook, epoch, batch, at } = event;
    if (epoch === undefined || (event.kind === "act" && event.shadow)) continue;
    const last = moments.at(-1);
    const same = last && !last.logs && last.hook === hook &&
      last.epoch === epoch && last.batch === batch;
    const moment: Moment = same
      ? last
      : { hook, epoch, batch, logs: undefined, at, set: [], stops: false };
    if (!same) moments.push(moment);
    moment.at = at;
    if (event.kind === "logs") moment.logs = Object.freeze({ ...event.logs });
    else if (event.what.kind === "set") {
      moment.set.push([event.what.setting, event.what.value]);
    } else if (event.what.kind === "stop") moment.stops = true;
  }
  return moments;
}

/** The log keys that were recorded of each hook. */
export function recordedKeys(
  moments: readonly Moment[],
): (hook: HookName) => KeysOfHook {
  const counts = new Map<
    HookName,
    { times: number; keys: Map<string, number> }
  >();
  for (const { hook, logs } of moments) {
    if (!logs) continue;
    let count = counts.get(hook);
    if (!count) counts.set(hook, count = { times: 0, keys: new Map() });
    count.times++;
    for (const key in logs) count.keys.set(key, (count.keys.get(key) ?? 0) + 1);
  }
  return (hook) => {
    const { times, keys } = counts.get(hook) ??
      (hook === "onTrainEnd" ? counts.get("onEpochEnd") : undefined) ??
      { times: 0, keys: new Map<string, number>() };
    return new Map([...keys].map(([key, count]): [string, Presence] => [
      key,
      count === times ? "always" : "sometimes",
    ]));
  };
}

/** How often validation ran, by the keys of epochs. */
export function recordedValidation(keys: KeysOfHook): Validation {
  const own = [...keys].filter(([key]) => key.startsWith(VALIDATION_PREFIX));
  if (own.length === 0) {
    return { presence: "never", why: "the run had no validation" };
  }
  return own.some(([, presence]) => presence === "always")
    ? { presence: "always", why: "" }
    : { presence: "sometimes", why: "validation ran in some epochs only" };
}
