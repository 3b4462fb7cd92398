/**
 * `deno task mutate [FILE or FOLDER ...] [--tests FILE or FOLDER ...] [--jobs N]`:
 * how many small changes of the source do the tests notice? Prints those they
 * do not; fails below 90 %.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { terminal } from "../../core/terminal.ts";
import { filesAt } from "./files_at.ts";
import { type Mutant, mutantsOf } from "./mutants.ts";
import { describe, percentKilled, table, type Verdict } from "./report.ts";
import { SUITE, type Trial, trialIn } from "./trial.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** What the tests of a trial are about. */
const STANDARD = ["core/contract", "core/run", "core/loop"];

/** Of 100 mutants, so many must be killed. */
const GOAL = 90;

const screen = terminal();

/** Takes mutants off the list until there are none. */
async function judge(
  trial: Trial,
  queue: Iterator<Mutant>,
  limit: number,
  tell: (verdict: Verdict) => void,
): Promise<void> {
  for (let next = queue.next(); !next.done; next = queue.next()) {
    tell({ mutant: next.value, killed: await trial.kills(next.value, limit) });
  }
}

async function main(args: string[]): Promise<number> {
  const { _: given, jobs, tests } = parseArgs(args, {
    default: { jobs: 2 },
    collect: ["tests"],
    string: ["tests"],
  });
  const named = [tests ?? []].flat().map(String);
  const paths = given.length ? given.map(String) : STANDARD;
  const files = paths.flatMap((path) => filesAt(ROOT, path));
  const sources = new Map(
    files.map((file) => [file, Deno.readTextFileSync(ROOT + file)]),
  );
  const mutants = files.flatMap((file) => mutantsOf(file, sources.get(file)!));
  const verdicts: Verdict[] = [];

  function tell(verdict: Verdict): void {
    const { mutant, killed } = verdict;
    verdicts.push(verdict);
    if (!killed) screen.print(describe(mutant, sources.get(mutant.file)!));
    screen.status(
      `${verdicts.length}/${mutants.length}  ${
        percentKilled(verdicts).toFixed(1)
      } % killed  ${mutant.file}`,
    );
  }

  const trials = Array.from(
    { length: Number(jobs) },
    () => trialIn(ROOT, named.length ? named : SUITE),
  );
  try {
    const started = performance.now();
    const problem = await trials[0]!.problem();
    if (problem !== undefined) {
      screen.print(`${problem}\nThe tests fail without a mutant`);
      return 1;
    }
    // A mutant may hang.
    const limit = 5 * (performance.now() - started);
    const queue = mutants.values();
    await Promise.all(
      trials.map((trial) => judge(trial, queue, limit, tell)),
    );
  } finally {
    screen.status("");
    trials.forEach((trial) => trial.close());
  }
  table(verdicts).forEach(screen.print);
  return percentKilled(verdicts) < GOAL ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
