/**
 * `deno task predict RUN|MODEL`: what a saved model predicts, as CSV.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import {
  existsSync,
  fileError,
  folderOf,
  isFolderSync,
  writeWholeSync,
} from "../../files.ts";
import { terminal } from "../../terminal.ts";
import { interruptible } from "../experiment/interrupt.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { EXPERIMENT_FLAGS } from "./experiment_flags.ts";
import { flagOptions } from "./option_flags.ts";

const FLAGS: readonly Flag[] = [
  ...EXPERIMENT_FLAGS.filter(({ name }) => name !== "validation-split"),
  {
    name: "out",
    kind: "text",
    value: "FILE",
    help: "CSV file to write; it must not exist (default predictions.csv)",
  },
  { name: "quiet", kind: "switch", help: "print nothing" },
  HELP_FLAG,
];

const HELP =
  `Write what a saved model predicts: a CSV file with a row for each sample.

Usage: deno task predict RUN|MODEL [flags]

RUN is the folder of a run, of which the checkpoint called best or the only one
is taken; MODEL is the folder of a checkpoint that holds the whole model. The
samples are all rows of a CSV file, with or without a label, in its order, or the
validation or test samples of a data set; without --data, the data set that the
run was trained on. A class is written by its name, if the model has one for it,
with its probability.

${flagsHelp(FLAGS)}

Examples:
  deno task predict runs/NAME
  deno task predict runs/NAME --data new.csv --out new-predictions.csv`;

/**
 * Run `predict`.
 *
 * @returns The exit code: 128 and the number of the signal when interrupted.
 */
export async function predictCommand(
  args: readonly string[],
): Promise<number> {
  const { flags, words: [given, ...more] } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (given === undefined || more.length) {
    throw new InputError(
      "Cannot predict: expected the folder of one RUN or MODEL such as deno task predict runs/NAME --data new.csv",
    );
  }
  const out = flags.out as string | undefined ?? "predictions.csv";
  checkFree(out);
  flagOptions(flags);
  const { findModel, useOf } = await import("../experiment/saved_model.ts");
  const { prepare } = await import("../experiment/prepare.ts");
  const { predictCheckpoint } = await import(
    "../experiment/predict_checkpoint.ts"
  );
  const saved = await findModel(given);
  const use = useOf(saved, undefined, flags, true);
  const dir = saved.run?.dir ?? folderOf(saved.dir);
  // Plugins are kept from the other files beside it.
  const part = `${out}.${crypto.randomUUID().slice(0, 8)}.part`;
  const { experiment, context, why } = await prepare(
    use.experiment,
    use.flags,
    {},
    [dir, out, part],
  );
  const data = dataOf(experiment, context.data);
  if (saved.warning) context.printer.print(saved.warning);
  context.printer.print(why);
  using interrupt = interruptible(context.printer);
  const { signal } = interrupt;
  try {
    const { csv, count } = await predictCheckpoint(saved.dir, data, {
      ...context,
      dir,
      signal,
    });
    checkFree(out);
    write(out, csv, part);
    context.printer.print(`${count} predictions in ${out}`);
    return 0;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    return interrupt.code;
  }
}

/** Only data that have a name can be predicted for: what an experiment makes belongs to its model. */
function dataOf(experiment: unknown, named: string | undefined): string {
  const { data } = Object(experiment) as { data?: unknown };
  const name = named ?? data;
  if (typeof name === "string") return name;
  throw new InputError(
    "Cannot predict: the experiment of the run makes its own data; name a data set or a CSV file with --data",
  );
}

/** Told before anything is computed. */
function checkFree(path: string): void {
  const folder = folderOf(path);
  if (!isFolderSync(folder)) {
    throw new InputError(
      `Cannot write ${path}: there is no folder ${folder}; make it first`,
    );
  }
  if (!existsSync(path)) return;
  throw new InputError(
    `Cannot write ${path}: it already exists; name another file with --out, or remove it first`,
  );
}

function write(path: string, csv: string, part: string): void {
  try {
    writeWholeSync(path, csv, part);
  } catch (error) {
    throw fileError(`Cannot write ${path}`, "write", path, error);
  }
}
