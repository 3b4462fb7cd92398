/**
 * A plugin that takes a good part of each step is named. Now and then a round is
 * timed, from the hooks of one batch to those of the next; only where a plugin
 * stands out are all rounds timed for a while, and then it is judged.
 *
 * @module
 */
import { inFile } from "../../contract/plugin_list.ts";
import { type HookName } from "../../plugin.ts";
import type { Fire } from "../dispatch.ts";
import type { RunHooks } from "../hooks.ts";
import type { RunState } from "../state.ts";
import { hooksAndWaits, type Outer } from "./spans.ts";
import type { PassKind } from "./swaps.ts";

/** Rounds from one that is timed to the next; the first of them warm the run up. */
const EVERY = 16;

/** At most, where plugins stood out in vain. */
const SELDOM = 1024;

/** Rounds after which a plugin that stood out is judged. */
const ROUNDS = 50;

/** The part of a round that is no plugin's to take, and the milliseconds that each may. */
const SHARE = 0.1;
const FREE = 0.5;

/** Looks at how long plugins take. */
export interface Pace {
  /** The same hooks, some of which are timed now and then. */
  hooks(hooks: RunHooks): RunHooks;
  /** The run is over. */
  end(): void;
}

/** By the kind of pass: its hooks, and what a step of it is called. */
const PASSES: readonly {
  readonly kind: PassKind;
  readonly hooks: readonly [HookName, HookName];
  readonly step: string;
}[] = [
  {
    kind: "train",
    hooks: ["onTrainBatchEnd", "onTrainBatchBegin"],
    step: "training step",
  },
  {
    kind: "test",
    hooks: ["onTestBatchEnd", "onTestBatchBegin"],
    step: "test step",
  },
  {
    kind: "predict",
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
        // A round ends where the next begins, at any of the hooks there are.
        const hook = names.find((name) => fire[name]);
        if (hook) fire[hook] = rounds.around(fire[hook]!);
      }
      return { ...hooks, fire };
    },
    end: () => passes.forEach(({ rounds }) => rounds.end()),
  };
}

/** What a plugin took in the rounds that were timed. */
interface Taken {
  readonly file: string | undefined;
  /** Milliseconds, by hook. */
  readonly hooks: Map<HookName, number>;
  /** In how many of them it took too much. */
  often: number;
}

/** The rounds of a kind of pass. */
interface Rounds {
  /** The same function, which begins and ends rounds. */
  around(fire: Fire): Fire;
  /** Nothing is timed any more. */
  end(): void;
}

function rounds(
  state: RunState,
  hooks: readonly HookName[],
  step: string,
  named: Set<string>,
): Rounds {
  const { now, printer } = state;
  let left = EVERY;
  let every = EVERY;
  /** Takes the timing away from the hooks; undefined while no round is timed. */
  let timing: (() => void) | undefined;
  let [began, first] = [0, 0];
  let spans: Outer[] = [];
  /** While each round is timed: how many, how long, and who took what. */
  let looking: {
    rounds: number;
    whole: number;
    readonly plugins: Map<string, Taken>;
  } | undefined;

  function start(index: number): void {
    left = 1;
    const each = timer(state, (span) => spans.push(span));
    timing ??= state.swaps.add({ ...each, only: hooks });
    spans = [];
    began = now();
    first = index;
  }

  function end(): void {
    timing?.();
    timing = undefined;
    left = every;
  }

  function turn(index: number): void {
    // Anything may stand between the passes.
    if (timing && index === first + 1) judge(now() - began);
    if (looking || !timing) start(index);
    else end();
  }

  /** A round that was timed is over. */
  function judge(whole: number): void {
    const took = new Map<string, number>();
    for (const { by, took: ms } of spans) {
      took.set(by!, (took.get(by!) ?? 0) + ms);
    }
    const much = [...took].filter(([by, ms]) =>
      !named.has(by) && ms >= FREE && ms > SHARE * whole
    ).map(([by]) => by);
    if (!looking) {
      if (much.length) looking = { rounds: 0, whole: 0, plugins: new Map() };
      return;
    }
    looking.rounds++;
    looking.whole += whole;
    for (const { by, file, name, took } of spans) {
      const taken = looking.plugins.get(by!) ??
        { file, hooks: new Map(), often: 0 };
      looking.plugins.set(by!, taken);
      const hook = name as HookName;
      taken.hooks.set(hook, (taken.hooks.get(hook) ?? 0) + took);
    }
    for (const by of much) looking.plugins.get(by)!.often++;
    if (looking.rounds < ROUNDS) return;
    const mean = looking.whole / ROUNDS;
    const slow = [...looking.plugins].filter(([, { hooks, often }]) => {
      const took = sumOf(hooks) / ROUNDS;
      return often > ROUNDS / 2 && took >= FREE && took > SHARE * mean;
    });
    for (const [by, taken] of slow) tell(by, taken, mean);
    if (slow.length === 0) every = Math.min(2 * every, SELDOM);
    looking = undefined;
  }

  function tell(by: string, { file, hooks }: Taken, mean: number): void {
    named.add(by);
    const took = sumOf(hooks) / ROUNDS;
    const where = [...hooks].filter(([, ms]) => ms > SHARE * ROUNDS * took)
      .map(([hook]) => hook).join(" and ");
    printer.print(
      `Warning: plugin "${by}" takes ${
        Math.round(100 * took / mean)
      } % of each ${step} in ${where} (${text(took)} of ${
        text(mean)
      }, mean of ${ROUNDS}); let it do less there, or only every few batches${
        inFile(file)
      }`,
    );
  }

  return {
    around: (fire) => (index, logs) => {
      if (--left <= 0) turn(index);
      return fire(index, logs);
    },
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

function sumOf(hooks: ReadonlyMap<HookName, number>): number {
  return [...hooks.values()].reduce((a, b) => a + b, 0);
}

/** Milliseconds, as precise as they are told. */
function text(ms: number): string {
  return ms < 9.95 ? `${ms.toPrecision(2)} ms` : `${Math.round(ms)} ms`;
}
