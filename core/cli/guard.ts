/**
 * What a whole process runs under: whatever ends it, or goes wrong beside what
 * it waits for, is told in a sentence.
 *
 * @module
 */
import { InputError, messageOf } from "../errors.ts";
import { stderr } from "../output.ts";
import { waitFor } from "../waiting.ts";
import { report } from "./report/failure.ts";
import { callerIn, placeIn, thrownIn } from "./report/thrown_in.ts";

/**
 * Run a command and end the process with its exit code; with 1 in place of 0 if
 * something failed that the command did not notice.
 *
 * @param command Returns the exit code.
 */
export function guard(command: () => Promise<number>): void {
  // The stacks of tf.js are deep, and whose fault it is stands at their end.
  Error.stackTraceLimit = 50;
  let failedBeside = false;

  function tell(what: string, thrown: unknown): void {
    failedBeside = true;
    const frames = thrownIn(thrown).frames.slice(0, 3);
    stderr.write(
      [`Warning: ${what}: ${messageOf(thrown)}`, ...frames, ""].join("\n"),
    );
  }

  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    tell("a promise that nobody awaits was rejected", event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    tell("an error that nobody catches was thrown", event.error);
  });
  addEventListener("unload", toldWhoExits);

  waitFor(command(), neverEnds).catch(report).then((code) => {
    // Behind the news of what was rejected last.
    setTimeout(() => Deno.exit(code === 0 && failedBeside ? 1 : code), 0);
  });
}

/** A plugin or an experiment that ends the process is named; it has not succeeded. */
function toldWhoExits(): void {
  const caller = callerIn(new Error().stack ?? "");
  if (!caller || caller.own) return;
  stderr.write(
    `The process was ended before the run was over, by Deno.exit in ${
      placeIn(caller.line)
    }\n`,
  );
  Deno.exitCode ||= 1;
}

function neverEnds(): InputError {
  return new InputError(
    "Cannot go on: the experiment waits for a promise that nothing is left to settle: no timer, no request, no file",
  );
}
