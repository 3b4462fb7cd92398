/**
 * `deno task train`: arguments -> experiment, backend, plugins -> run -> summary.
 *
 * @module
 */
import { terminal } from "../../terminal.ts";
import { interruptible } from "../experiment/interrupt.ts";
import { readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { summary } from "../report/summary.ts";
import { oneFile } from "./experiment_flags.ts";
import { flagOptions } from "./option_flags.ts";
import { planCommand } from "./plan.ts";
import { replayCommand } from "./replay.ts";
import { TRAIN_FLAGS, TRAIN_HELP } from "./train_flags.ts";

/**
 * Run `train`.
 *
 * @returns The exit code: 128 and the number of the signal when interrupted, such as 130.
 */
export async function trainCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, TRAIN_FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(TRAIN_HELP));
    return 0;
  }
  if (flags.replay !== undefined) return await replayCommand({ flags, words });
  if (flags.plan) return await planCommand(args);
  const file = oneFile("train", words);
  const options = flagOptions(flags);
  // tf.js is loaded from here on, once the arguments are known to be valid.
  const { prepare } = await import("../experiment/prepare.ts");
  const { runOnce } = await import("../experiment/run_once.ts");
  const { experiment, context, why } = await prepare(file, flags, options);
  context.printer.print(why);
  using interrupt = interruptible(context.printer);
  const { signal } = interrupt;
  const about = { ...context.about, command: ["train", ...args] };
  const ended = await runOnce(experiment, { ...context, about, signal });
  for (const line of ["", ...summary(ended)]) screen.print(line);
  return ended.aborted ? interrupt.code : 0;
}
