/**
 * `deno task plan`, or `train --plan`: what runs when, and what it reads.
 * Nothing is trained, nothing is written.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { terminal } from "../../terminal.ts";
import { readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { oneFile } from "./experiment_flags.ts";
import { flagOptions } from "./option_flags.ts";
import { PLAN_HELP, TRAIN_FLAGS } from "./train_flags.ts";

/**
 * Run `plan`.
 *
 * @param args The arguments of `train`.
 * @returns The exit code.
 */
export async function planCommand(args: readonly string[]): Promise<number> {
  const { flags, words } = readFlags(args, TRAIN_FLAGS);
  const screen = terminal();
  if (flags.help) {
    screen.print(asHere(PLAN_HELP));
    return 0;
  }
  if (flags.resume !== undefined) {
    throw new InputError(
      "Cannot plan a run that goes on: its plan is the one it had, leave --resume out",
    );
  }
  const file = oneFile("plan", words);
  const options = flagOptions(flags);
  const { prepare } = await import("../experiment/prepare.ts");
  const { showPlans } = await import("../experiment/show_plans.ts");
  const { experiment, context } = await prepare(file, flags, options);
  await showPlans(experiment, context, screen.print);
  return 0;
}
