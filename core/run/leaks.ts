/**
 * Plugins that leave tensors behind, epoch after epoch, are named. Counting
 * costs nothing in an ordinary epoch: only where there are more tensors at the
 * end of an epoch than at its beginning are the hooks of the next ones watched.
 *
 * @module
 */
import type { AnyHook } from "../contract/callback.ts";
import { type Entry, inFile } from "../contract/plugin_list.ts";
import type { HookName } from "../plugin.ts";
import { isPromise } from "./dispatch.ts";
import { note } from "./follow.ts";
import type { RunState } from "./state.ts";

/** Counts what hooks leave behind. */
export interface Leaks {
  /** Do something whose tensors are the run's and not the plugin's, such as a snapshot. */
  excused<T>(work: () => T): T;
  /** An epoch is about to begin, or the run is over. */
  epoch(): void;
}

/** Epochs in a row in which a plugin leaves more than it frees, until it is named. */
const EPOCHS = 2;

/** How often hooks are watched in vain until that is given up. */
const TRIES = 3;

/**
 * Watch for leaks in a training run.
 *
 * @returns Undefined where nobody can count tensors.
 */
export function leaks(
  run: Pick<
    RunState,
    "resources" | "params" | "printer" | "watch" | "position" | "swaps"
  >,
): Leaks | undefined {
  const { resources: { tensors }, params: { mode }, position, swaps } = run;
  if (!tensors || mode !== "fit") return undefined;
  const left = new Map<Entry, Map<HookName, number>>();
  /** Epochs in a row, by plugin. */
  let suspected = new Map<Entry, number>();
  const named = new Set<string>();
  /** Takes the counting away from the hooks; undefined while nothing is counted. */
  let counting: (() => void) | undefined;
  let tries = TRIES;
  let epochs = 0;
  let before: number | undefined;
  let excused = 0;

  /** The tensors that plugins answer for. */
  const count = () => tensors() - excused;

  function counted(hook: HookName, entry: Entry, call: AnyHook): AnyHook {
    return function (this: unknown, ...args) {
      const start = count();
      const result = call.apply(this, args);
      const add = () => {
        const hooks = left.get(entry) ?? new Map<HookName, number>();
        left.set(entry, hooks);
        hooks.set(hook, (hooks.get(hook) ?? 0) + count() - start);
      };
      if (isPromise(result)) {
        return Promise.resolve(result).then((value) => {
          add();
          return value;
        });
      }
      add();
      return result;
    };
  }

  /** Who left something behind again; others cannot have, if the run as a whole has no more. */
  function judge(grown: number): void {
    const before = suspected;
    suspected = new Map();
    for (const [entry, hooks] of left) {
      const sum = [...hooks.values()].reduce((a, b) => a + b, 0);
      const again = sum > 0 && sum <= grown && !named.has(entry.name);
      const times = again ? (before.get(entry) ?? 0) + 1 : 0;
      if (times === EPOCHS) tell(entry, hooks);
      else if (times > 0) suspected.set(entry, times);
    }
    if (suspected.size) return;
    tries--;
    counting?.();
    counting = undefined;
  }

  function tell({ name, file }: Entry, hooks: Map<HookName, number>): void {
    const [hook, most] = [...hooks].reduce((a, b) => b[1] > a[1] ? b : a);
    named.add(name);
    note(
      run,
      `plugin "${name}" left ${
        most === 1 ? "1 tensor" : `${most} tensors`
      } behind in ${hook} during epoch ${
        position.epochs.at(-1)?.epoch
      }, as in the epoch before; free them, with tf.dispose or tf.tidy${
        inFile(file)
      }`,
    );
  }

  return {
    excused(work) {
      if (!counting) return work();
      const start = tensors();
      try {
        return work();
      } finally {
        excused += tensors() - start;
      }
    },
    epoch() {
      const now = count();
      const grown = before === undefined ? 0 : now - before;
      if (counting) judge(grown);
      else if (grown > 0 && tries > 0) counting = swaps.add({ hook: counted });
      left.clear();
      // The first epoch makes what lasts, such as the optimizer's slots.
      if (epochs++ > 0) before = now;
    },
  };
}
