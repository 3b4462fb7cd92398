/**
 * From the plan of a hook to one function. It stays synchronous until a hook
 * returns a promise, makes nothing while hooks return nothing, and says who
 * failed.
 *
 * @module
 */
import type { HookName, HookResult, Logs, Plugin, Run } from "./plugin.ts";

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

/** What to do when the listener at `position` threw: throw in turn, or return to go on with the next. */
export type OnFailure = (
  hook: HookName,
  listeners: readonly Listener[],
  position: number,
  error: unknown,
) => void;

type AnyHook = (...args: unknown[]) => HookResult;

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
  position: { hook: HookName },
): Fire | undefined {
  if (listeners.length === 0) return undefined;
  const indexed = hook.includes("Batch") || hook.includes("Epoch");
  const hooks = listeners.map(({ plugin }) => plugin[hook] as AnyHook);
  const count = listeners.length;

  function fire(index: number, logs: Logs): ReturnType<Fire> {
    position.hook = hook;
    return from(0, index, logs, logs);
  }

  function from(
    start: number,
    index: number,
    logs: Logs,
    before: Logs,
  ): ReturnType<Fire> {
    let seen = before;
    for (let i = start; i < count; i++) {
      const listener = listeners[i]!;
      if (listener.muted !== undefined && isMuted(listener, hook)) continue;
      try {
        const result = indexed
          ? hooks[i]!.call(listener.plugin, index, seen, listener.run)
          : hooks[i]!.call(listener.plugin, seen, listener.run);
        if (result === undefined) continue;
        if (isPromise(result)) return wait(i, result, index, logs, seen);
        seen = accept(hook, listener, result, seen);
      } catch (error) {
        onFailure(hook, listeners, i, error);
      }
    }
    return seen === logs ? undefined : seen;
  }

  async function wait(
    i: number,
    pending: PromiseLike<Logs | void>,
    index: number,
    logs: Logs,
    before: Logs,
  ): Promise<Logs | undefined> {
    let seen = before;
    try {
      seen = accept(hook, listeners[i]!, await pending, seen);
    } catch (error) {
      onFailure(hook, listeners, i, error);
    }
    return from(i + 1, index, logs, seen);
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
      throw new TypeError(
        `it returned the log key "${key}", which it does not declare: add provides: { ${hook}: ["${key}"] }`,
      );
    }
    if (typeof value !== "number") {
      throw new TypeError(
        `it returned a ${typeof value} as log key "${key}": expected a number`,
      );
    }
  }
  return { ...seen, ...result };
}
