/**
 * From `--resume` to the run that goes on: which it is, and with which
 * experiment and flags it began.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { folderOf } from "../../files.ts";
import type { Given } from "../flags.ts";
import { findRun } from "../report/find_run.ts";
import { type PastRun, readRun, runsIn } from "../report/past_run.ts";
import { inUse } from "../report/run_lock.ts";
import { experimentState, stateOf, stateText } from "../report/run_state.ts";

/** An experiment that goes on. */
export interface Resume {
  /** File of the experiment; undefined for the embedded one. */
  readonly file: string | undefined;
  /** Its flags, with those given now; not `--quiet`, which would leave a plugin out. */
  readonly flags: Given["flags"];
}

/** The folder of all runs. */
const RUNS = "runs";

/** Flags that a run has settled. */
const SETTLED = [
  "from",
  "initial-epoch",
  "learning-rate",
  "overwrite",
  "run-dir",
  "seed",
];

/** Flags that say how a process runs, not what: those of the earlier one do not count. */
const OF_PROCESS = [
  "help",
  "overwrite",
  "plan",
  "resume",
  "resume-anyway",
];

/**
 * What `--resume` means.
 *
 * @param flags The flags given now.
 * @param words The other words given now.
 * @throws {InputError} If there is no such run, or it cannot go on.
 */
export function whatToResume({ flags, words }: Given): Resume {
  const settled = SETTLED.find((name) => flags[name] !== undefined);
  if (settled !== undefined || words.length) {
    throw new InputError(
      `Cannot give ${
        settled === undefined ? words[0] : `--${settled}`
      } with --resume: a run goes on with its own, leave it out`,
    );
  }
  const run = rootOf(meant(flags.resume as string));
  checkResumable(run, flags.epochs as number | undefined);
  const { experiment, seed, backend, threads } = run.facts;
  const { quiet: _, ...now } = flags;
  const known = Object.entries(Object(run.facts.flags) as Given["flags"])
    .filter(([name]) => !OF_PROCESS.includes(name));
  const file = typeof experiment === "string" && /\.\w+$/.test(experiment)
    ? experiment
    : undefined;
  return {
    file,
    flags: {
      ...backend === "wasm" && Number(threads) >= 1
        ? { threads: Number(threads) }
        : {},
      ...typeof seed === "number" ? { seed } : {},
      ...Object.fromEntries(known),
      ...now,
      "run-dir": run.dir,
      overwrite: true,
    },
  };
}

function meant(name: string): PastRun {
  if (name !== "") return findRun("resume", name, RUNS);
  const newest = runsIn(RUNS).runs.find((run) => stateOf(run).resumable);
  if (newest) return newest;
  throw new InputError(
    `Cannot resume: no run in ${RUNS} can go on; deno task runs lists them`,
  );
}

/** The further trainings of an experiment lie below its first, and go on with it. */
function rootOf(run: PastRun): PastRun {
  if (!/\/\d+$/.test(run.dir)) return run;
  return readRun(folderOf(run.dir)) ?? run;
}

function checkResumable(run: PastRun, epochs: number | undefined): void {
  const { dir, wanted } = run;
  const what = `Cannot resume ${dir}`;
  const { running, holder, over, backup } = experimentState(run);
  if (running) throw inUse(dir, holder ?? {});
  const extended = epochs !== undefined && wanted !== undefined &&
    epochs > wanted && run.outcome?.status === "completed";
  if (over && !(extended && backup)) {
    throw new InputError(
      `${what}: it is over (${stateText(run)})${
        backup ? "; more --epochs than it had let it go on" : ""
      }`,
    );
  }
  if (backup) return;
  throw new InputError(
    `${what}: it ran without backup-and-restore, so there is nothing to go on from; begin anew with --run-dir ${dir} --overwrite`,
  );
}
