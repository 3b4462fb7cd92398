/**
 * `deno task evaluate RUN|MODEL [FILE]`: the loss and the metrics of a saved
 * model, on its run's validation data or on any that are named.
 *
 * @module
 */
import { InputError, messageOf } from "../../errors.ts";
import { folderOf } from "../../files.ts";
import { terminal } from "../../terminal.ts";
import { asHere } from "../invocation.ts";
import { type Flag, flagsHelp, HELP_FLAG, readFlags } from "../flags.ts";
import { interruptible } from "../experiment/interrupt.ts";
import { resultLines } from "../report/summary.ts";
import { EXPERIMENT_FLAGS, oneFile } from "./experiment_flags.ts";
import { flagOptions } from "./option_flags.ts";

const FLAGS: readonly Flag[] = [
  ...EXPERIMENT_FLAGS,
  { name: "quiet", kind: "switch", help: "print only the results" },
  HELP_FLAG,
];

const HELP =
  `Evaluate a saved model: its loss and metrics and, if it tells classes apart,
a confusion matrix.

Usage: deno task evaluate RUN|MODEL [FILE] [flags]

RUN is the folder of a run, of which the checkpoint called best or the only one
is taken; MODEL is the folder of a checkpoint. With --data it is evaluated on
those: on all rows of a CSV file, on the validation or test samples of a data
set. Otherwise on the validation data of FILE, an experiment, or of the
experiment of its run. A checkpoint of weights alone needs the experiment for
its model. The matrix is also written into the run's folder, as evaluation/.

${flagsHelp(FLAGS)}

Examples:
  deno task evaluate runs/NAME
  deno task evaluate runs/NAME/best --data test.csv
  deno task evaluate runs/NAME experiment.ts --use print-logs`;

/**
 * Run `evaluate`.
 *
 * @returns The exit code: 128 and the number of the signal when interrupted, such as 130.
 */
export async function evaluateCommand(
  args: readonly string[],
): Promise<number> {
  const { flags, words: [checkpoint, ...words] } = readFlags(args, FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(HELP));
    return 0;
  }
  if (checkpoint === undefined) {
    throw new InputError(
      "Cannot evaluate: expected the folder of a RUN or a MODEL such as deno task evaluate runs/NAME",
    );
  }
  const file = oneFile("evaluate on", words);
  flagOptions(flags); // What is out of range is told before tf.js is loaded.
  const { findModel, useOf } = await import("../experiment/saved_model.ts");
  const { isComplete } = await import("../experiment/model.ts");
  const { prepare } = await import("../experiment/prepare.ts");
  const { evaluateCheckpoint } = await import(
    "../experiment/evaluate_checkpoint.ts"
  );
  const saved = await findModel(checkpoint);
  const use = useOf(saved, file, flags, await isComplete(saved.dir));
  const dir = saved.run?.dir ?? folderOf(saved.dir);
  const { experiment, context, why } = await prepare(
    use.experiment,
    use.flags,
    flagOptions(use.flags),
    [dir],
  );
  if (saved.warning) context.printer.print(saved.warning);
  context.printer.print(why);
  using interrupt = interruptible(context.printer);
  const { signal } = interrupt;
  try {
    const results = await evaluateCheckpoint(
      saved.dir,
      experiment,
      { ...context, dir, signal },
      use.whole,
    );
    for (const line of resultLines(results)) screen.print(line);
    return 0;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    screen.print(`Aborted: ${messageOf(error)}`);
    return interrupt.code;
  }
}
