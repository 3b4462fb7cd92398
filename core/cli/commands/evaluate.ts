/**
 * `deno task evaluate CHECKPOINT [FILE]`: the loss and the metrics of a
 * checkpoint on an experiment's validation data.
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
import { checkThreads } from "./option_flags.ts";

const FLAGS: readonly Flag[] = [
  ...EXPERIMENT_FLAGS,
  { name: "quiet", kind: "switch", help: "print only the results" },
  HELP_FLAG,
];

const HELP =
  `Evaluate a checkpoint on validation data, with plugins' test hooks.

Usage: deno task evaluate CHECKPOINT [FILE] [flags]

CHECKPOINT is a folder that model-checkpoint wrote. FILE is the experiment that
gives the data and, for a checkpoint of weights only, the model. Without it,
experiment.ts does; where there is none, the embedded one on synthetic digits.

${flagsHelp(FLAGS)}

Examples:
  deno task evaluate runs/NAME/best
  deno task evaluate runs/NAME/best --data mnist
  deno task evaluate runs/NAME/best experiment.ts --use print-logs`;

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
      "Cannot evaluate: expected the folder of a CHECKPOINT such as deno task evaluate runs/NAME/best",
    );
  }
  const file = oneFile("evaluate on", words);
  checkThreads(flags);
  const { prepare } = await import("../experiment/prepare.ts");
  const { evaluateCheckpoint } = await import(
    "../experiment/evaluate_checkpoint.ts"
  );
  const { experiment, context, why } = await prepare(file, flags);
  context.printer.print(why);
  const dir = folderOf(checkpoint);
  using interrupt = interruptible(context.printer);
  const { signal } = interrupt;
  try {
    const results = await evaluateCheckpoint(checkpoint, experiment, {
      ...context,
      dir,
      signal,
    });
    for (const line of resultLines(results)) screen.print(line);
    return 0;
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
    screen.print(`Aborted: ${messageOf(error)}`);
    return interrupt.code;
  }
}
