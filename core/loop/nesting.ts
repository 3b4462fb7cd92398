/**
 * Begin and end in pairs, one inside the other: what may be called when in a
 * hand-written loop.
 *
 * @module
 */
import type { HookName } from "../plugin.ts";

/** A part of a run, and the parts it may stand in; `""` is the outside. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  Train: [""],
  Epoch: ["Train"],
  TrainBatch: ["Epoch"],
  Test: ["", "Epoch", "Train"],
  TestBatch: ["Test"],
  Predict: ["", "Epoch", "Train"],
  PredictBatch: ["Predict"],
};

/** The parts that are open. */
export interface Pairing {
  /** Open or close the part that a hook begins or ends. Throws if that is out of order. */
  check(hook: HookName, index: number): void;
  /** Whether any part is open. */
  readonly inside: boolean;
  /** The end hooks of the open phases (train, test, predict), innermost first. */
  open(): HookName[];
  /** Forget what is open. */
  clear(): void;
}

/**
 * A checker that starts outside of everything.
 */
export function pairing(): Pairing {
  const stack: { part: string; index: number }[] = [];

  function begin(hook: HookName, part: string, index: number): void {
    const inside = stack.at(-1)?.part ?? "";
    if (!PARENTS[part]!.includes(inside)) {
      const expected = PARENTS[part]!.filter(Boolean).map((p) => `on${p}Begin`);
      throw new Error(
        `${hook} was called ${
          inside
            ? `inside of on${inside}Begin and on${inside}End`
            : `before ${expected.join(" or ")}`
        }: expected ${
          expected.length
            ? `inside of ${expected.join(" or ")}`
            : "outside of everything"
        }`,
      );
    }
    stack.push({ part, index });
  }

  function end(hook: HookName, part: string, index: number): void {
    const top = stack.at(-1);
    if (top?.part !== part || top.index !== index) {
      const open = top
        ? `on${top.part}End${numbered(top)} is due`
        : "nothing has begun";
      throw new Error(
        `${hook}${
          numbered({ part, index })
        } was called without its begin: ${open}`,
      );
    }
    stack.pop();
  }

  return {
    check(hook, index) {
      const [, part, side] = /^on(\w+?)(Begin|End)$/.exec(hook)!;
      if (side === "Begin") begin(hook, part!, index);
      else end(hook, part!, index);
    },
    get inside() {
      return stack.length > 0;
    },
    open: () =>
      stack.map(({ part }) => part)
        .filter((part) => ["Train", "Test", "Predict"].includes(part))
        .map((part) => `on${part}End` as HookName).reverse(),
    clear: () => void (stack.length = 0),
  };
}

function numbered({ part, index }: { part: string; index: number }): string {
  return /Batch|Epoch/.test(part) ? `(${index})` : "";
}
