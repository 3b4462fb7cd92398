/**
 * Runs are killed and taken up again until they reach their end, which must be
 * that of an unbroken run.
 *
 * @module
 */
import type { BackupAndRestoreOptions } from "../../mod.ts";
import { seededRandom } from "../../core/random.ts";
import { type Ended, runTask } from "./child.ts";
import { differenceOf, filesOf } from "./compare.ts";
import { runInShell } from "./shell.ts";
import { type Setting, settingOf } from "./setting.ts";

/** When a process is killed: at a change of the disk, or after a part of the time that an unbroken run takes. */
export type Kill =
  | {
    readonly at: number;
    readonly half: boolean;
    readonly what: "kill" | "power";
  }
  | { readonly after: number; readonly signal: Deno.Signal };

/** A run that is killed. */
export interface Case {
  /** Number of its setting. */
  readonly setting: number;
  readonly backup: BackupAndRestoreOptions;
  /** The kills, in turn. */
  readonly kills: readonly Kill[];
}

/** Cases that a setting has one after the other. */
const CASES_A_SETTING = 4;

/** The case with this number. */
export function caseOf(seed: number, index: number): Case {
  const random = seededRandom(seed, 2 * index + 1);
  const one = <T>(of: readonly T[]): T => of[random.integer(of.length)]!;
  const kills = Array.from({ length: one([1, 1, 2, 3, 5]) }, (): Kill => {
    if (random.next() < 0.25) {
      const signal = one(["SIGKILL", "SIGKILL", "SIGINT", "SIGTERM"] as const);
      return { after: 1.1 * random.next(), signal };
    }
    // Those that come first are of the run's beginning, and of putting it back.
    const at = 1 + random.integer(one([12, 60, 200]));
    const half = random.next() < 0.5;
    return { at, half, what: random.next() < 0.2 ? "power" : "kill" };
  });
  return {
    setting: Math.floor(index / CASES_A_SETTING),
    backup: {
      saveFreq: one(["epoch", 1, 1, 2, 5]),
      doubleCheckpoint: random.next() < 0.6,
      everySeconds: one([0, 60, 0.05]),
      deleteCheckpoint: random.next() < 0.8,
    },
    kills,
  };
}

/** What an unbroken run left. */
interface Whole {
  readonly files: ReadonlyMap<string, string>;
  /** Milliseconds that it took. */
  readonly took: number;
}

/** What came of a case. */
export interface Verdict {
  /** How often a process was killed. */
  readonly kills: number;
  /** How often one went on, and came to its end or to its next kill. */
  readonly resumed: number;
  /** What is wrong; undefined if the run ended as it was to. */
  readonly wrong: string | undefined;
}

/** The runs of a seed. */
export interface Torture {
  /**
   * Try one case.
   *
   * @param most Kills at most.
   */
  attempt(index: number, most?: number): Promise<Verdict>;
  /** Remove all folders. */
  close(): void;
}

/**
 * The runs of a seed; the unbroken ones are made once.
 *
 * @param made The settings. Default those of the seed.
 */
export function torture(
  seed: number,
  made: (number: number) => Setting = (number) => settingOf(seed, number),
): Torture {
  const place = Deno.makeTempDirSync({ prefix: "torture" });
  const wholes = new Map<number, Promise<Whole>>();

  async function makeWhole(setting: Setting, dir: string): Promise<Whole> {
    Deno.mkdirSync(dir);
    // How often a run is backed up makes no difference to what it leaves.
    const backup = { everySeconds: 0 };
    const ended = await runOf(setting)({ setting, dir, backup, bomb: NEVER });
    if (ended.code !== 0) {
      const shown = JSON.stringify(setting);
      throw new Error(`${failureOf("The unbroken run", ended)}\n${shown}`);
    }
    return { files: filesOf(dir), took: ended.took };
  }

  return {
    async attempt(index, most = Infinity) {
      const { setting: number, backup, kills } = caseOf(seed, index);
      const setting = made(number);
      if (!wholes.has(number)) {
        wholes.set(number, makeWhole(setting, `${place}/whole-${number}`));
      }
      const whole = await wholes.get(number)!;
      const dir = `${place}/case-${index}`;
      Deno.mkdirSync(dir);
      const task = { setting, dir, backup };
      const run = runOf(setting);
      let killed = 0;
      for (const kill of kills.slice(0, most)) {
        const ended = "at" in kill
          ? await run({ ...task, bomb: kill })
          : await run({ ...task, bomb: NEVER }, {
            after: kill.after * whole.took,
            signal: kill.signal,
          });
        if (ended.code === 0) return judged(whole, dir, killed, killed);
        if (ended.code !== undefined && !ENDED_BY_SIGNAL.includes(ended.code)) {
          const wrong = failureOf(`After ${killed} kills it`, ended);
          return { kills: killed, resumed: Math.max(killed - 1, 0), wrong };
        }
        killed++;
      }
      const last = await run({ ...task, bomb: NEVER });
      if (last.code === 0) return judged(whole, dir, killed, killed);
      const wrong = failureOf(`After ${killed} kills it`, last);
      return { kills: killed, resumed: killed - 1, wrong };
    },
    close: () => Deno.removeSync(place, { recursive: true }),
  };
}

function runOf({ shell }: Setting): typeof runTask {
  return shell ? runInShell : runTask;
}

/** Exit codes of runs that were asked to end, and backed up. */
const ENDED_BY_SIGNAL: readonly number[] = [130, 143];

const NEVER = { at: 0, half: false };

function judged(
  whole: Whole,
  dir: string,
  kills: number,
  resumed: number,
): Verdict {
  const wrong = differenceOf(whole.files, filesOf(dir));
  Deno.removeSync(dir, { recursive: true });
  return { kills, resumed, wrong };
}

function failureOf(what: string, { code, out, err }: Ended): string {
  const last = (text: string) => text.trim().split("\n").slice(-12).join("\n");
  return `${what} ended with ${code}:\n${last(out)}\n${last(err)}`;
}

/** What came of many kills. */
export interface Report {
  readonly kills: number;
  readonly resumed: number;
  /** Kills of runs that ended as unbroken ones do. */
  readonly equal: number;
  readonly failures: readonly {
    readonly index: number;
    readonly wrong: string;
  }[];
}

/**
 * Kill so often.
 *
 * @param tell Is told how far it is.
 */
export async function killOften(
  count: number,
  seed: number,
  tell: (report: Report) => void = () => {},
): Promise<Report> {
  const { attempt, close } = torture(seed);
  const report = { kills: 0, resumed: 0, equal: 0, failures: [] as Failure[] };
  let [next, planned] = [0, 0];

  async function work(): Promise<void> {
    while (planned < count) {
      const index = next++;
      const most = Math.min(
        caseOf(seed, index).kills.length,
        count - planned,
      );
      planned += most;
      const { kills, resumed, wrong } = await attempt(index, most);
      planned -= most - kills;
      report.kills += kills;
      report.resumed += resumed;
      if (wrong === undefined) report.equal += kills;
      else report.failures.push({ index, wrong });
      tell(report);
    }
  }
  try {
    await Promise.all([work(), work()]);
  } finally {
    close();
  }
  return report;
}

type Failure = Report["failures"][number];
