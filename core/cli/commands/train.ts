/**
 * `deno task train`: arguments -> experiment, backend, plugins -> run -> summary.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { type Printer, silent, terminal } from "../../terminal.ts";
import type { FailedRun } from "../experiment/failed_run.ts";
import { interruptible } from "../experiment/interrupt.ts";
import { readFlags } from "../flags.ts";
import { asHere } from "../invocation.ts";
import { goOnLines } from "../report/go_on_lines.ts";
import { reportAtEnd } from "../report/report_at_end.ts";
import { withoutSecrets } from "../report/secrets.ts";
import { summary } from "../report/summary.ts";
import { oneFile } from "./experiment_flags.ts";
import { flagOptions } from "./option_flags.ts";
import { planCommand } from "./plan.ts";
import { TRAIN_FLAGS, TRAIN_HELP } from "./train_flags.ts";

/**
 * Run `train`.
 *
 * @returns The exit code: 128 and the number of the signal when interrupted, such as 130.
 */
export async function trainCommand(args: readonly string[]): Promise<number> {
  const given = readFlags(args, TRAIN_FLAGS);
  const screen = terminal();
  if (given.flags.help) {
    screen.print(asHere(TRAIN_HELP));
    return 0;
  }
  if (given.flags.replay !== undefined) {
    return await (await import("./replay.ts")).replayCommand(given);
  }
  if (given.flags.plan) return await planCommand(args);
  const anyway = given.flags["resume-anyway"] === true;
  const resume = given.flags.resume === undefined ? undefined : { anyway };
  if (anyway && !resume) {
    throw new InputError("Cannot resume anyway: give --resume [RUN] too");
  }
  const { file, flags } = resume
    ? (await import("../experiment/resume.ts")).whatToResume(given)
    : { file: oneFile("train", given.words), flags: given.flags };
  const options = flagOptions(flags);
  // tf.js is loaded from here on, once the arguments are known to be valid.
  const { prepare } = await import("../experiment/prepare.ts");
  const { runOnce } = await import("../experiment/run_once.ts");
  const { experiment, context, why } = await prepare(file, flags, options);
  const printer = given.flags.quiet ? addressAlone(screen) : context.printer;
  printer.print(why);
  using interrupt = interruptible(printer);
  const { signal } = interrupt;
  const about = {
    ...context.about,
    command: ["train", ...withoutSecrets(args)],
  };
  const run = { ...context, about, printer, resume, signal };
  const began = new Date().toISOString();
  const ended = await runOnce(experiment, run).catch(async (failed) => {
    const { dir } = failed as FailedRun;
    for (const line of await reportAtEnd(dir, began)) screen.print(line);
    throw failed;
  });
  const reported = await reportAtEnd(ended.dir, began);
  for (
    const line of ["", ...summary(ended), ...reported, ...goOnLines(ended.dir)]
  ) {
    screen.print(asHere(line));
  }
  if (ended.aborted) return interrupt.code;
  return ended.problem === undefined && ended.unwritten.length === 0 ? 0 : 1;
}

/** Prints where the dashboard is, which nobody could guess, and nothing else. */
function addressAlone({ print }: Printer): Printer {
  return {
    ...silent(),
    print: (line) => line.startsWith("Dashboard: ") ? print(line) : undefined,
  };
}
