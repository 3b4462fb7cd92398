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
import { thrownIn } from "./report/thrown_in.ts";
import { guardExit } from "./trust/exit_guard.ts";

/**
 * Run a command and end the process with its exit code; with 1 in place of 0 if
 * something failed that the command did not notice.
 *
 * @param command Returns the exit code.
 */
export function guard(command: () => Promise<number>): void {
  const exit = guardExit();
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
  waitFor(command(), neverEnds).catch(report).then((code) => {
    // Behind the news of what was rejected last.
    setTimeout(() => exit(code === 0 && failedBeside ? 1 : code), 0);
  });
}

function neverEnds(): InputError {
  return new InputError(
    "Cannot go on: the experiment waits for a promise that nothing is left to settle: no timer, no request, no file",
  );
}
