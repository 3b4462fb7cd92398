/**
 * Inputs by the thousand, each from its own seed, and what came of them.
 *
 * @module
 */
import { judge, type Verdict } from "./oracle.ts";
import type { AnyTarget } from "./target.ts";
import { commands } from "./targets/commands.ts";
import { csv } from "./targets/csv.ts";
import { experiments } from "./targets/experiments.ts";
import { flags } from "./targets/flags.ts";
import { hooks, steps } from "./targets/hooks.ts";
import { idxFile, idxFolderTarget } from "./targets/idx.ts";
import { logs } from "./targets/logs.ts";
import { modules } from "./targets/modules.ts";
import { names } from "./targets/names.ts";
import { optionTexts, optionValues } from "./targets/options.ts";
import { templates } from "./targets/templates.ts";

/** All of them. */
export const TARGETS: readonly AnyTarget[] = [
  ...[csv, idxFile, idxFolderTarget, names, flags, optionValues, optionTexts],
  ...[modules, experiments, hooks, steps, logs, templates, commands],
];

/** An input on which the code is wrong. */
export interface Finding {
  /** Which target, and which of its inputs. */
  readonly target: string;
  /** Index of the input; with the seed, it makes the input again. */
  readonly index: number;
  /** The input, shortened. */
  readonly input: string;
  /** What is wrong. */
  readonly wrong: string;
}

/** What came of many inputs. */
export interface Report {
  /** Target -> kind of outcome -> how many. */
  readonly counts: ReadonlyMap<string, Readonly<Record<string, number>>>;
  /** Where the code is wrong. */
  readonly findings: readonly Finding[];
}

/** Inputs of each target, in proportion to their shares; at least one. */
export function sharesOf(
  count: number,
  targets: readonly AnyTarget[] = TARGETS,
): Map<AnyTarget, number> {
  const all = targets.reduce((sum, { share }) => sum + share, 0);
  return new Map(
    targets.map((target) =>
      [target, Math.max(1, Math.round(count * target.share / all))] as const
    ),
  );
}

/**
 * Try many inputs.
 *
 * @param plan How many of each target.
 * @param seed The same seed makes the same inputs.
 * @param tell Called after each input with how many there were.
 */
export async function fuzz(
  plan: ReadonlyMap<AnyTarget, number>,
  seed: number,
  tell: (done: number, findings: number) => void = () => {},
): Promise<Report> {
  const counts = new Map<string, Record<string, number>>();
  const findings: Finding[] = [];
  let done = 0;
  for (const [target, count] of plan) {
    const kinds: Record<string, number> = {};
    counts.set(target.name, kinds);
    for (let index = 0; index < count; index++) {
      const { verdict, input } = await tryOne(target, seed, index);
      kinds[verdict.kind] = (kinds[verdict.kind] ?? 0) + 1;
      if (verdict.wrong !== undefined) {
        const { wrong } = verdict;
        findings.push({ target: target.name, index, input: input(), wrong });
      }
      tell(++done, findings.length);
    }
  }
  return { counts, findings };
}

/** Try one input. */
export async function tryOne(
  target: AnyTarget,
  seed: number,
  index: number,
): Promise<{ readonly verdict: Verdict; readonly input: () => string }> {
  const { text, attempt } = target.input(seedOf(seed, index));
  const dir = await Deno.makeTempDir({ prefix: "fuzz-" });
  try {
    return { verdict: await judge(() => attempt(dir), dir), input: text };
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** Seeds of neighbours have nothing in common: multiplication by the golden ratio (Knuth, volume 3, 6.4). */
function seedOf(seed: number, index: number): number {
  return Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b);
}
