/**
 * From the plan of a hook to one function. It stays synchronous until a hook
 * returns a promise, makes nothing while hooks return nothing, and says who
 * failed.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { HookName, HookResult, Logs, Plugin, Run } from "../plugin.ts";

/** A plugin of a run, with its own handle on it. */
export interface Listener {
  /** The plugin. */
  readonly plugin: Plugin;
  /** Its handle. */
  readonly run: Run;
  /** Whether what its hooks return is no matter. */
  readonly bare: boolean;
  /** A hook it must not be called in any more, or `"all"`. */
  muted: HookName | "all" | undefined;
}

/**
 * Call a hook of every plugin that has it. What comes back are the logs with
 * what plugins added, or undefined where none added anything.
 */
export type Fire = (
  index: number,
  logs: Logs,
) => Logs | undefined | Promise<Logs | undefined>;

/** What dispatch and the rest of a run tell each other. */
export interface Position {
  /** The hook that is running. */
  hook: HookName;
  /** Whether any listener was muted. */
  muting: boolean;
}

/** What to do when the listener at `position` threw: throw in turn, or return to go on with the next. */
export type OnFailure = (
  hook: HookName,
  listeners: readonly Listener[],
  position: number,
  error: unknown,
) => void;

type AnyHook = (this: unknown, ...args: unknown[]) => HookResult;

/**
 * One function for a hook, or undefined where nobody listens.
 *
 * @param hook The hook.
 * @param listeners Who has it, in order.
 * @param onFailure What to do when one throws.
 * @param position Is told which hook is running.
 */
export function makeFire(
  hook: HookName,
  listeners: readonly Listener[],
  onFailure: OnFailure,
  position: Position,
): Fire | undefined {
  if (listeners.length === 0) return undefined;
  const indexed = hook.includes("Batch") || hook.includes("Epoch");
  const hooks = listeners.map(({ plugin }) => plugin[hook] as AnyHook)
    .map((call) => indexed ? call : withoutIndex(call));
  const count = listeners.length;

  const plugins = listeners.map(({ plugin }) => plugin);
  const runs = listeners.map(({ run }) => run);

  /** The straight way: as long as hooks return nothing, this loop is all there is. */
  function fire(index: number, logs: Logs): ReturnType<Fire> {
    position.hook = hook;
    if (position.muting) return from(0, index, logs, logs);
    for (let i = 0; i < count; i++) {
      let result: ReturnType<AnyHook>;
      try {
        result = hooks[i]!.call(plugins[i], index, logs, runs[i]);
      } catch (error) {
        onFailure(hook, listeners, i, error);
        return from(i + 1, index, logs, logs);
      }
      if (result !== undefined) return resume(i, result, index, logs, logs);
    }
    return undefined;
  }

  /** The same from listener `start` on, with the logs as they were left. */
  function from(
    start: number,
    index: number,
    logs: Logs,
    seen: Logs,
  ): ReturnType<Fire> {
    for (let i = start; i < count; i++) {
      if (isMuted(listeners[i]!, hook)) continue;
      let result: ReturnType<AnyHook> = undefined;
      try {
        result = hooks[i]!.call(plugins[i], index, seen, runs[i]);
      } catch (error) {
        onFailure(hook, listeners, i, error);
      }
      if (result !== undefined) return resume(i, result, index, logs, seen);
    }
    return seen === logs ? undefined : seen;
  }

  /** Listener `i` returned something: keys, or a promise of them. */
  function resume(
    i: number,
    result: Exclude<HookResult, undefined>,
    index: number,
    logs: Logs,
    seen: Logs,
  ): ReturnType<Fire> {
    if (isPromise(result)) return wait(i, result, index, logs, seen);
    return from(i + 1, index, logs, take(i, result, seen));
  }

  async function wait(
    i: number,
    pending: PromiseLike<Logs | void>,
    index: number,
    logs: Logs,
    seen: Logs,
  ): Promise<Logs | undefined> {
    let result: Logs | void = undefined;
    try {
      result = await pending;
    } catch (error) {
      onFailure(hook, listeners, i, error);
    }
    return from(i + 1, index, logs, take(i, result, seen));
  }

  function take(i: number, result: Logs | void, seen: Logs): Logs {
    try {
      return accept(hook, listeners[i]!, result, seen);
    } catch (error) {
      onFailure(hook, listeners, i, error);
      return seen;
    }
  }

  return fire;
}

/**
 * Whether a value is a promise, so that nobody waits for what is none.
 *
 * @param value What a hook or a step returned.
 */
export function isPromise<T>(
  value: T | PromiseLike<T>,
): value is PromiseLike<T> {
  return typeof (value as { then?: unknown } | null | undefined)?.then ===
    "function";
}

/** All hooks are called alike; these get no index. */
function withoutIndex(call: AnyHook): AnyHook {
  return function (this: unknown, _index, logs, run) {
    return call.call(this, logs, run);
  };
}

function isMuted(listener: Listener, hook: HookName): boolean {
  return listener.muted === "all" || listener.muted === hook;
}

/** The logs with what a hook returned, which it must have declared. */
function accept(
  hook: HookName,
  { plugin, bare }: Listener,
  result: Logs | void,
  seen: Logs,
): Logs {
  // A tf.js callback may return anything, such as what `list.push` does.
  if (bare || typeof result !== "object" || result === null) return seen;
  const declared = plugin.provides?.[hook] ?? [];
  for (const [key, value] of Object.entries(result)) {
    if (!declared.includes(key)) {
      throw new InputError(
        `it returned the log key "${key}", which it does not declare: add provides: { ${hook}: ["${key}"] }`,
      );
    }
    if (typeof value !== "number") {
      throw new InputError(
        `it returned a ${typeof value} as log key "${key}": expected a number`,
      );
    }
  }
  return { ...seen, ...result };
}
