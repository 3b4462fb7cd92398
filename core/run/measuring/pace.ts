/**
 * A plugin that takes a good part of each step is named. Now and then a round is
 * timed, from the hooks of one batch to those of the next; only where the hooks
 * stand out each plugin is timed for a while, and then it is judged.
 *
 * @module
 */
import type { HookName, LogRecord } from "../../plugin.ts";
import { type Fire, isPromise } from "../dispatch.ts";
import { note } from "../follow.ts";
import type { RunHooks } from "../hooks.ts";
import type { RunState } from "../state.ts";
import { isMuch, type Judging, judging, slowText } from "./judging.ts";
import { hooksAndWaits, type Outer } from "./spans.ts";

/** Rounds from one that is timed to the next; the first of them warm the run up. */
const EVERY = 16;

/** At most, where plugins stood out in vain. */
const SELDOM = 1024;

/** Looks at how long plugins take. */
export interface Pace {
  /** The same hooks, some of which are timed now and then. */
  hooks(hooks: RunHooks): RunHooks;
  /** The run is over. */
  end(): void;
}

/** Of each kind of pass: its hooks, and what a step of it is called. */
const PASSES: readonly {
  readonly hooks: readonly [HookName, HookName];
  readonly step: string;
}[] = [
  {
    hooks: ["onTrainBatchEnd", "onTrainBatchBegin"],
    step: "training step",
  },
  {
    hooks: ["onTestBatchEnd", "onTestBatchBegin"],
    step: "test step",
  },
  {
    hooks: ["onPredictBatchEnd", "onPredictBatchBegin"],
    step: "prediction step",
  },
];

/** The pace of a run. */
export function pace(state: RunState): Pace {
  const named = new Set<string>();
  const passes = PASSES.map((pass) => ({
    ...pass,
    rounds: rounds(state, pass.hooks, pass.step, named),
  }));
  return {
    hooks(hooks) {
      const fire: { [H in HookName]?: Fire } = { ...hooks.fire };
      for (const { hooks: names, rounds } of passes) {
        const [first, second] = names.filter((name) => fire[name]);
        // A round ends where the next begins, at any of the hooks there are.
        if (first) fire[first] = rounds.turning(fire[first]!);
        if (second) fire[second] = rounds.within(fire[second]!);
      }
      return { ...hooks, fire };
    },
    end: () => passes.forEach(({ rounds }) => rounds.end()),
  };
}

/** The rounds of a kind of pass. */
interface Rounds {
  /** The same function, which begins and ends rounds. */
  turning(fire: Fire): Fire;
  /** The same function, which is part of a round. */
  within(fire: Fire): Fire;
  /** Nothing is timed any more. */
  end(): void;
}

function rounds(
  state: RunState,
  hooks: readonly HookName[],
  step: string,
  named: Set<string>,
): Rounds {
  const { now } = state;
  let left = EVERY;
  let every = EVERY;
  /** Whether the round is timed, since when, which it is, and what all its hooks took. */
  let timing = false;
  let [began, first, spent] = [0, 0, 0];
  /** Takes the timing away from each plugin's hooks; undefined while they are not timed. */
  let untime: (() => void) | undefined;
  let spans: Outer[] = [];
  /** Judges the plugins, while each round is timed. */
  let looking: Judging | undefined;

  function turn(index: number): void {
    // Anything may stand between the passes.
    if (timing && index === first + 1) judge(now() - began);
    timing = !timing || looking !== undefined;
    left = timing ? 1 : every;
    if (!timing) return;
    spans = [];
    [began, first, spent] = [now(), index, 0];
  }

  function timed(
    fire: Fire,
    index: number,
    logs: LogRecord,
  ): ReturnType<Fire> {
    const at = now();
    const over = () => void (spent += now() - at);
    const fired = fire(index, logs);
    if (!isPromise(fired) || state.resources.engine?.asynchronous) over();
    else return fired.finally(over);
    return fired;
  }

  /** A round that was timed is over. */
  function judge(whole: number): void {
    if (!looking) {
      if (isMuch(spent, whole)) look();
      return;
    }
    const slow = looking.add(spans, whole);
    if (!slow) return;
    for (const plugin of slow) {
      if (named.has(plugin.name)) continue;
      named.add(plugin.name);
      note(state, slowText(plugin, step));
    }
    // Those that are named would stand out again and again.
    every = Math.min(2 * every, SELDOM);
    end();
  }

  function look(): void {
    looking = judging();
    const each = timer(state, (span) => spans.push(span));
    untime = state.swaps.add({ ...each, only: hooks });
  }

  function end(): void {
    looking = undefined;
    untime?.();
  }

  return {
    turning: (fire) => (index, logs) => {
      if (--left <= 0) turn(index);
      return timing ? timed(fire, index, logs) : fire(index, logs);
    },
    within: (fire) => (index, logs) =>
      timing ? timed(fire, index, logs) : fire(index, logs),
    end,
  };
}

/**
 * Times hooks. On a device that computes beside the run a hook that waits most
 * likely waits for the step, so that only the time until it returns is its own.
 */
function timer(
  state: RunState,
  onSpan: (span: Outer) => void,
): ReturnType<typeof hooksAndWaits> {
  const { now, resources: { engine } } = state;
  const { hook, ...waits } = hooksAndWaits(state, {
    begin: (kind, name, place) => (
      { kind, name, ...place, at: now(), took: 0 }
    ),
    close(span) {
      span.took = now() - span.at;
      onSpan(span);
    },
  });
  if (!engine?.asynchronous) return { hook: hook!, ...waits };
  return {
    hook: (name, { name: by, file }, call) =>
      function (this: unknown, ...args) {
        const at = now();
        const result = call.apply(this, args);
        const took = now() - at;
        onSpan({ kind: "hook", name, by, file, at, took });
        return result;
      },
  };
}
