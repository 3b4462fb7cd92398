/**
 * Telling those who follow a run what happens in it: its host, and plugins that
 * ask to. Where nobody does, nothing is done.
 *
 * @module
 */
import { HOOK_NAMES, type HookName, HOOKS, type LogRecord } from "../plugin.ts";
import type { Act, EventPlace, RunEvent } from "../events.ts";
import type { Beginner } from "./begun.ts";
import { type Fire, isPromise } from "./dispatch.ts";
import type { RunHooks } from "./hooks.ts";
import type { RunWatch } from "./run_options.ts";
import type { RunState } from "./state.ts";

/** Those who follow a run. */
export interface Followers {
  /** Whether there are any. */
  readonly any: boolean;
  /** Tell them. */
  tell(event: RunEvent): void;
  /** A plugin follows from now on. */
  add(by: string, listener: (event: RunEvent) => void): void;
  /** A plugin is not told any more. */
  drop(by: string): void;
}

/**
 * The followers of a run.
 *
 * @param host Its host, which is told first.
 * @param failed Is told whose listener threw.
 */
export function followers(
  host: RunWatch["event"],
  failed: (by: string, error: unknown) => void,
): Followers {
  let plugins: { by: string; listener: (event: RunEvent) => void }[] = [];
  const drop = (by: string) =>
    void (plugins = plugins.filter((it) => it.by !== by));
  return {
    get any() {
      return host !== undefined || plugins.length > 0;
    },
    tell(event) {
      host?.(event);
      if (plugins.length === 0) return;
      // The host writes it down later: nobody is to change it before.
      if ("what" in event) Object.freeze(event.what);
      Object.freeze(event);
      const thrown = plugins.flatMap(({ by, listener }) => {
        try {
          listener(event);
          return [];
        } catch (error) {
          return [{ by, error }];
        }
      });
      // Only now, so that all are told of this event before the next.
      for (const { by, error } of thrown) {
        drop(by);
        failed(by, error);
      }
    },
    add(by, listener) {
      plugins = [...plugins, { by, listener }];
    },
    drop,
  };
}

/** The same hooks, whose logs are told once every plugin had its say. */
export function followed(state: RunState, hooks: RunHooks): RunHooks {
  const fire: { [H in HookName]?: Fire } = { ...hooks.fire };
  for (const hook of HOOK_NAMES) {
    const { indexed, logs } = HOOKS[hook];
    if (logs === "none" || logs === "outputs") continue;
    // Reading the logs of a batch may wait for the device.
    if (indexed === "batch" && !hooks.reads(hook)) continue;
    fire[hook] = telling(state, hook, hooks.fire[hook]);
  }
  return { ...hooks, fire };
}

function telling(
  state: RunState,
  hook: HookName,
  fire: Fire | undefined,
): Fire {
  const training = state.params.mode === "fit";
  const ofBatch = HOOKS[hook].indexed === "batch";

  function tell(index: number, logs: LogRecord): void {
    state.followers.tell({
      kind: "logs",
      hook,
      ...training && { epoch: state.position.epoch },
      ...ofBatch && { batch: index },
      logs,
    });
  }

  return (index, logs) => {
    if (!state.followers.any) return fire?.(index, logs);
    let fired: ReturnType<Fire>;
    try {
      fired = fire?.(index, logs);
    } catch (error) {
      tell(index, logs); // What a plugin failed at.
      throw error;
    }
    if (!isPromise(fired)) {
      tell(index, fired ?? logs);
      return fired;
    }
    return fired.then((added) => {
      tell(index, added ?? logs);
      return added;
    }, (error) => {
      tell(index, logs);
      throw error;
    });
  };
}

const WARNING = "Warning: ";

/** Who is told; nobody while a run is put back, for then it has happened before. */
function listening(
  { followers, rejoining }: RunState,
): Followers | undefined {
  return followers.any && !rejoining ? followers : undefined;
}

/**
 * To be asked before an act is carried out, and called once it is.
 *
 * @returns Undefined if there is nothing to tell.
 */
export function tellingOf(
  state: RunState,
  { what, ...act }: Act,
): (() => void) | undefined {
  const followers = listening(state);
  if (!followers) return undefined;
  const place = placed(act);
  switch (what.kind) {
    case "status":
    case "show":
    case "backup":
    case "average": // Done at each step, and says nothing.
      return undefined;
    case "print": {
      if (!what.line.startsWith(WARNING)) return undefined;
      const text = what.line.slice(WARNING.length);
      return () => followers.tell({ kind: "warning", ...place, text });
    }
    case "set": {
      const { optimizer } = state.resources;
      const was = (optimizer as Record<string, number>)[what.setting]!;
      return () => followers.tell({ kind: "act", ...place, what, was });
    }
    case "stop":
      // A run that goes on from there was never stopped.
      if (what.resumable) return undefined;
  }
  return () => followers.tell({ kind: "act", ...place, what });
}

/** A line that warns of something in the run itself. */
export function warn(state: RunState, text: string): void {
  const { printer, params, position } = state;
  printer.print(WARNING + text);
  listening(state)?.tell({
    kind: "warning",
    ...params.mode === "fit" && { epoch: position.epoch },
    text,
  });
}

/**
 * A line that warns of what is no event, since another process might not find
 * it: that a plugin is slow, or that something is waited for.
 */
export function note(
  { printer, watch }: Pick<RunState, "printer" | "watch">,
  text: string,
): void {
  printer.print(WARNING + text);
  watch.note?.(text);
}

/** A plugin failed, and is not called any more. */
export function switchedOff(
  state: RunState,
  who: Beginner,
  reason: string,
): void {
  state.printer.print(
    `${WARNING}${reason}; it is switched off for the rest of the run`,
  );
  state.followers.drop(who.by);
  listening(state)?.tell({ kind: "off", ...placed(who), reason });
}

/** Without what is undefined, as it comes back from a file. */
function placed(
  { by, hook, epoch, batch }: Beginner,
): EventPlace & Pick<Act, "by"> {
  return {
    by,
    hook,
    ...epoch !== undefined && { epoch },
    ...batch !== undefined && { batch },
  };
}
