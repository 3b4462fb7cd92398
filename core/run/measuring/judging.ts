/**
 * Which plugins take too much of each step, judged by some rounds in a row.
 *
 * @module
 */
import { inFile } from "../../contract/plugin_list.ts";
import type { Span } from "../../profile.ts";

/** How many rounds it takes. */
const ROUNDS = 50;

/** The part of a round that is no plugin's to take, and the milliseconds that each may. */
const SHARE = 0.1;
const FREE = 0.5;

/**
 * Whether it is more than plugins should take.
 *
 * @param ms What they took.
 * @param whole What the round took.
 */
export function isMuch(ms: number, whole: number): boolean {
  return ms >= FREE && ms > SHARE * whole;
}

/** A plugin that takes too much. */
export interface Slow {
  /** Its name. */
  readonly name: string;
  /** Its file, if it came from one. */
  readonly file: string | undefined;
  /** Milliseconds of a round in each of its hooks, in the mean. */
  readonly hooks: ReadonlyMap<string, number>;
  /** Milliseconds of a round in the mean. */
  readonly round: number;
}

/** Judges plugins. */
export interface Judging {
  /**
   * Take the hooks of a round into account.
   *
   * @param whole What the round took.
   * @returns Once there were enough, who took too much in most of them and in
   * the mean: what happens now and then is no matter of each step.
   */
  add(hooks: readonly Span[], whole: number): Slow[] | undefined;
}

/** What a plugin took. */
interface Taken {
  readonly name: string;
  readonly file: string | undefined;
  readonly hooks: Map<string, number>;
  /** In how many rounds it was too much. */
  often: number;
}

/** Begin to judge. */
export function judging(): Judging {
  const plugins = new Map<string, Taken>();
  let rounds = 0;
  let sum = 0;

  function takenBy({ by, file }: Span): Taken {
    const found = plugins.get(by!) ??
      { name: by!, file, hooks: new Map(), often: 0 };
    plugins.set(by!, found);
    return found;
  }

  return {
    add(spans, whole) {
      const round = new Map<Taken, number>();
      for (const span of spans) {
        const taken = takenBy(span);
        add(taken.hooks, span.name, span.took);
        add(round, taken, span.took);
      }
      for (const [taken, ms] of round) if (isMuch(ms, whole)) taken.often++;
      sum += whole;
      if (++rounds < ROUNDS) return undefined;
      const mean = sum / ROUNDS;
      return [...plugins.values()].filter(({ hooks, often }) =>
        often > ROUNDS / 2 && isMuch(total(hooks) / ROUNDS, mean)
      ).map(({ name, file, hooks }) => ({
        ...{ name, file, round: mean },
        hooks: new Map([...hooks].map(([hook, ms]) => [hook, ms / ROUNDS])),
      }));
    },
  };
}

/** What is said of it; `step` is what a round is called. */
export function slowText(
  { name, file, hooks, round }: Slow,
  step: string,
): string {
  const took = total(hooks);
  const where = [...hooks].filter(([, ms]) => ms > SHARE * took)
    .map(([hook]) => hook).join(" and ");
  const share = Math.round(100 * took / round);
  return `plugin "${name}" takes ${share} % of each ${step} in ${where} (${
    text(took)
  } of ${
    text(round)
  }, mean of ${ROUNDS}); let it do less there, or only every few batches${
    inFile(file)
  }`;
}

function add<K>(sums: Map<K, number>, key: K, ms: number): void {
  sums.set(key, (sums.get(key) ?? 0) + ms);
}

function total(sums: ReadonlyMap<string, number>): number {
  return [...sums.values()].reduce((a, b) => a + b, 0);
}

/** Milliseconds, as precise as they are told. */
function text(ms: number): string {
  return ms < 9.95 ? `${ms.toPrecision(2)} ms` : `${Math.round(ms)} ms`;
}
