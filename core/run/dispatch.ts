/**
 * From the plan of a hook to one function. It stays synchronous until a hook
 * returns a promise, makes nothing while hooks return nothing, hands each plugin
 * the keys it needs, and says who failed.
 *
 * @module
 */
import { allOver, type Beginner, type Beginnings } from "./begun.ts";
import type { AnyHook, HookResult } from "../contract/callback.ts";
import type { Entry } from "../contract/plugin_list.ts";
import { kindOf } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import { type HookName, HOOKS, type LogRecord, type Run } from "../plugin.ts";
import { waitFor } from "../waiting.ts";
import { waitBegins, waitEnds, type Waits } from "./awaited.ts";
import type { Swaps } from "./measuring/swaps.ts";
import type { ShadowRun } from "./shadow/shadow.ts";

/** A plugin of a run, with its own handle on it. */
export interface Listener {
  /** The plugin. */
  readonly entry: Entry;
  /** Its handle. */
  readonly run: Run;
  /** Its own run, if it is a shadow. */
  readonly shadow?: ShadowRun | undefined;
  /** A hook it must not be called in any more, or `"all"`. */
  muted: HookName | "all" | undefined;
}

/** A listener's call in a hook, and the keys it is handed. */
export interface Call {
  /** Who. */
  readonly listener: Listener;
  /** All keys there are, or those of a list. */
  readonly gets: "all" | readonly string[];
}

/**
 * Call a hook of every plugin that has it. What comes back are the logs with
 * what plugins added, or undefined where none added anything. The logs that are
 * passed in must be frozen.
 */
export type Fire = (
  index: number,
  logs: LogRecord,
) => LogRecord | undefined | Promise<LogRecord | undefined>;

/** What dispatch and the rest of a run tell each other. */
export interface Running extends Beginnings, Waits {
  /** The hook that is running. */
  hook: HookName;
  /** Its index. */
  index: number;
  /** Whether any listener was muted. */
  muting: boolean;
  /** Knows the hooks, so that others can be put in their place. */
  swaps?: Pick<Swaps, "hooks"> | undefined;
}

/**
 * What to do when the call at `at` threw: throw in turn, or return to go on with
 * the next. What failed without being listened to says who began it.
 */
export type OnFailure = (
  hook: HookName,
  calls: readonly Call[],
  at: number,
  error: unknown,
  who?: Beginner,
) => void;

/** The logs of a hook that gets none. */
export const NO_LOGS: LogRecord = Object.freeze({});

/** One function for a hook, or undefined if no plugin has it. */
export function makeFire(
  hook: HookName,
  calls: readonly Call[],
  onFailure: OnFailure,
  running: Running,
): Fire | undefined {
  if (calls.length === 0) return undefined;
  const count = calls.length;
  const entries = calls.map(({ listener }) => listener.entry);
  const hooks = entries.map((entry) => calledAlike(hook, entry.hooks[hook]!));
  running.swaps?.hooks(hook, entries, hooks);
  const plugins = entries.map(({ plugin }) => plugin);
  const runs = calls.map(({ listener }) => listener.run);
  const views = viewsOf(calls);
  const [view, ...others] = new Set(views);
  const shared = others.length ? undefined : view;

  function attempt(i: number, index: number, logs: LogRecord): HookResult {
    try {
      const seen = views[i]!(logs);
      return hooks[i]!.call(plugins[i], index, seen, runs[i]);
    } catch (error) {
      onFailure(hook, calls, i, error);
    }
  }

  /** From call `i` on, which returned `result`; `seen` is `base` with what was added so far. */
  function goOn(
    i: number,
    result: HookResult,
    index: number,
    base: LogRecord,
    seen: LogRecord,
  ): ReturnType<Fire> {
    for (;;) {
      let promise: Promise<LogRecord | void> | undefined;
      let returned: LogRecord | void = undefined;
      try {
        if (isPromise(result)) promise = result;
        else returned = result;
      } catch (error) {
        // It throws when it is looked at, which is done once.
        onFailure(hook, calls, i, error);
      }
      if (promise) {
        waitBegins(running, entries[i]!);
        return waitFor(promise, neverSettles).then(
          (settled) => {
            waitEnds(running);
            return goOn(i, settled, index, base, seen);
          },
          (error) => {
            waitEnds(running);
            onFailure(hook, calls, i, error);
            return goOn(i, undefined, index, base, seen);
          },
        );
      }
      if (running.begun) {
        const settled = returned;
        waitBegins(running, entries[i]!);
        return waitFor(allOver(running), neverSettles).then((lost) => {
          waitEnds(running);
          for (const { who, error } of lost) {
            onFailure(hook, calls, i, error, who);
          }
          return goOn(i, settled, index, base, seen);
        });
      }
      if (returned !== undefined) {
        try {
          const added = returnedKeys(hook, entries[i]!, returned);
          const { shadow } = calls[i]!.listener;
          if (added && shadow) shadow.adds(added);
          else if (added) seen = Object.freeze({ ...seen, ...added });
        } catch (error) {
          onFailure(hook, calls, i, error);
        }
      }
      if (++i === count) return seen === base ? undefined : seen;
      const muted = running.muting && isMuted(calls[i]!.listener, hook);
      result = muted ? undefined : attempt(i, index, seen);
    }
  }

  // As long as hooks return nothing, this loop is all there is.
  return (index, logs) => {
    running.hook = hook;
    running.index = index;
    if (running.muting) return goOn(-1, undefined, index, logs, logs);
    const same = shared?.(logs);
    let i = 0;
    let result: HookResult = undefined;
    try {
      for (; i < count; i++) {
        const seen = same ?? views[i]!(logs);
        result = hooks[i]!.call(plugins[i], index, seen, runs[i]);
        if (result !== undefined || running.begun) break;
      }
    } catch (error) {
      onFailure(hook, calls, i, error);
    }
    return i === count ? undefined : goOn(i, result, index, logs, logs);
  };
}

/** Whether a value is a promise, so that nothing else is awaited. */
export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then ===
    "function";
}

function neverSettles(): Error {
  return new Error(
    "it returned a promise that nothing is left to settle: no timer, no request, no file",
  );
}

/** All hooks are called alike; those without an index do not get one. */
function calledAlike(hook: HookName, call: AnyHook): AnyHook {
  if (HOOKS[hook].indexed) return call;
  return function (this: unknown, _index, logs, run) {
    return call.call(this, logs, run);
  };
}

function isMuted({ muted, shadow }: Listener, hook: HookName): boolean {
  return muted === "all" || muted === hook || shadow?.isOver(hook) === true;
}

type View = (logs: LogRecord) => LogRecord;

const ALL: View = (logs) => logs;
const NONE: View = () => NO_LOGS;

/** What each call makes of the logs; calls with the same list share what is picked. */
function viewsOf(calls: readonly Call[]): readonly View[] {
  const pickers = new Map<string, View>();
  return calls.map(({ gets }) => {
    if (gets === "all") return ALL;
    if (gets.length === 0) return NONE;
    const id = JSON.stringify(gets.toSorted());
    const view = pickers.get(id) ?? picker(gets);
    pickers.set(id, view);
    return view;
  });
}

function picker(keys: readonly string[]): View {
  let from: LogRecord | undefined;
  let picked: LogRecord = NO_LOGS;
  return (logs) => {
    if (from === logs) return picked;
    const some: Record<string, number> = {};
    for (const key of keys) {
      const value = logs[key];
      if (value !== undefined) some[key] = value;
    }
    from = logs;
    picked = Object.freeze(some);
    return picked;
  };
}

/** The keys that a hook returned, which it must have declared; undefined for none. */
function returnedKeys(
  hook: HookName,
  { plugin, bare }: Entry,
  result: LogRecord | void,
): LogRecord | undefined {
  // A tf.js callback may return anything, such as what `list.push` does.
  if (bare || typeof result !== "object" || result === null) return undefined;
  const declared = plugin.provides?.[hook] ?? [];
  for (const [key, value] of Object.entries(result)) {
    if (!declared.includes(key)) {
      throw new InputError(
        `it returned the log key "${key}", which it does not declare: add provides: { ${hook}: ["${key}"] }`,
      );
    }
    if (typeof value !== "number") {
      throw new InputError(
        `it returned ${kindOf(value)} as log key "${key}": expected a number`,
      );
    }
  }
  return result;
}
