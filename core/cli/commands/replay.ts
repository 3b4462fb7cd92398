/**
 * `deno task train --replay RUN`: plugins against a run that is over. No model
 * is made and tf.js is not loaded.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import {
  fileError,
  isFolderSync,
  makeFolderOf,
  writeWholeSync,
} from "../../files.ts";
import type { Replayed } from "../../loop/replay.ts";
import { silent, terminal } from "../../terminal.ts";
import {
  catalogue,
  PLUGINS_FOLDER,
  usedPlugins,
} from "../experiment/choose_plugins.ts";
import type { Given } from "../flags.ts";
import { recordedLine, replayedLines } from "../replay/replay_lines.ts";
import { replayRun } from "../replay/replay.ts";
import { findRun } from "../report/find_run.ts";
import { checkFree } from "../report/run_folder.ts";
import { fileLines } from "../report/summary.ts";
import { closeImports } from "../trust/confine.ts";
import { withdraw } from "../trust/withdraw.ts";

/** The flags that a replay heeds. */
const HEEDED = [
  ...["replay", "use", "plugins", "isolate", "without"],
  ...["run-dir", "overwrite", "quiet"],
];

/**
 * Run `train --replay`.
 *
 * @returns The exit code.
 */
export async function replayCommand({ flags, words }: Given): Promise<number> {
  const use = flags.use as string[] | undefined ?? [];
  checkGiven(flags, words, use);
  const run = findRun("replay", flags.replay as string);
  const dir = flags["run-dir"] as string | undefined;
  if (dir !== undefined) checkTarget(dir, run.dir, flags.overwrite === true);
  const folder = flags.plugins as string | undefined;
  await withdraw({
    experiment: () => {},
    file: undefined,
    writes: dir === undefined ? [] : [dir],
    plugins: folder ?? PLUGINS_FOLDER,
    use,
  });
  const found = await catalogue(
    folder,
    (flags.without as string[] | undefined ?? [])
      .flatMap((names) => names.split(",")).filter(Boolean),
    flags.isolate as string[] | undefined,
  );
  const plugins = await usedPlugins(found, use);
  await closeImports();
  const screen = terminal();
  const printer = flags.quiet ? silent() : screen;
  const replayed = await replayRun(run, { plugins, printer });
  printer.print("");
  screen.print(recordedLine(run.dir, replayed.history));
  for (const line of replayedLines(replayed)) screen.print(line);
  if (dir !== undefined) {
    writeFiles(dir, replayed);
    for (const line of fileLines(dir)) screen.print(line);
  }
  return 0;
}

function checkGiven(
  flags: Given["flags"],
  words: readonly string[],
  use: readonly string[],
): void {
  const odd = Object.keys(flags).find((name) => !HEEDED.includes(name));
  if (odd !== undefined) {
    throw new InputError(
      `Cannot use --${odd} with --replay: the run is over; --replay heeds ${
        HEEDED.slice(1).map((name) => `--${name}`).join(", ")
      }`,
    );
  }
  if (words.length) {
    throw new InputError(
      `Cannot replay with an experiment: leave ${
        words.join(", ")
      } out, as nothing is trained`,
    );
  }
  if (use.length === 0) {
    throw new InputError(
      "Cannot replay without a plugin: name one, such as --use early-stopping:patience=5",
    );
  }
}

/** The folder of the recorded run stays as it is. */
function checkTarget(dir: string, run: string, overwrite: boolean): void {
  if (isFolderSync(dir) && Deno.realPathSync(dir) === Deno.realPathSync(run)) {
    throw new InputError(
      `Cannot use ${dir}: it is the run that is replayed; name another folder with --run-dir`,
    );
  }
  checkFree({ dir, named: true, overwrite });
}

function writeFiles(dir: string, { plugins }: Replayed): void {
  for (const { files } of plugins) {
    for (const [name, content] of files) {
      const path = `${dir}/${name}`;
      try {
        makeFolderOf(path);
        writeWholeSync(path, content);
      } catch (error) {
        throw fileError(`Cannot write ${path}`, "write", path, error);
      }
    }
  }
}
