/**
 * Begin and end in pairs, one inside the other: what may be called when in a
 * hand-written loop.
 *
 * @module
 */
import { hookOf, isOuter, PHASES } from "../contract/phases.ts";
import { type HookName, HOOKS, type Phase } from "../plugin.ts";

/** The parts of a run that are open. */
export interface Nesting {
  /** Open or close the part that a hook begins or ends. Throws if that is out of order. */
  enter(hook: HookName, index: number): void;
  /** Whether any part is open. */
  readonly inside: boolean;
  /** The end hooks of the open parts that may be the whole of a run, innermost first. */
  open(): HookName[];
  /** Forget what is open. */
  clear(): void;
}

/** A checker that starts outside of everything. */
export function nesting(): Nesting {
  const stack: { phase: Phase; index: number }[] = [];

  function begin(hook: HookName, index: number): void {
    const { phase } = HOOKS[hook];
    const { within } = PHASES[phase];
    const around = stack.at(-1)?.phase;
    if (!within.includes(around ?? "run")) {
      const expected = within.filter((it) => it !== "run")
        .map((it) => hookOf(it, "begin")).join(" or ");
      const where = around
        ? `inside of ${hookOf(around, "begin")} and ${hookOf(around, "end")}`
        : `before ${expected}`;
      throw new Error(
        `${hook} was called ${where}: expected ${
          expected ? `inside of ${expected}` : "outside of everything"
        }`,
      );
    }
    stack.push({ phase, index });
  }

  function end(hook: HookName, index: number): void {
    const top = stack.at(-1);
    if (top?.phase !== HOOKS[hook].phase || top.index !== index) {
      const due = top
        ? `${numbered(hookOf(top.phase, "end"), top.index)} is due`
        : "nothing has begun";
      throw new Error(
        `${numbered(hook, index)} was called without its begin: ${due}`,
      );
    }
    stack.pop();
  }

  return {
    enter(hook, index) {
      if (HOOKS[hook].side === "begin") begin(hook, index);
      else end(hook, index);
    },
    get inside() {
      return stack.length > 0;
    },
    open: () =>
      stack.map(({ phase }) => hookOf(phase, "end")).filter(isOuter).reverse(),
    clear: () => void (stack.length = 0),
  };
}

function numbered(hook: HookName, index: number): string {
  return HOOKS[hook].indexed ? `${hook}(${index})` : hook;
}
