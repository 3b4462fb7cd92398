/**
 * Ctrl-C and the system's requests to end, as a signal that a run can heed.
 *
 * @module
 */
import { stderr } from "../../output.ts";
import type { Printer } from "../../terminal.ts";

/** Listens until disposed of. */
export interface Interrupt extends Disposable {
  /** Aborted by the first request. */
  readonly signal: AbortSignal;
  /** The exit code of a run that it ended: 128 and the number of the signal. */
  readonly code: number;
}

/** The signals that ask a process to end, with their exit codes. */
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGBREAK: 149 };

/** Those that the system has. */
const ASKING: readonly (keyof typeof CODES)[] = Deno.build.os === "windows"
  ? ["SIGINT", "SIGBREAK", "SIGHUP"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * How soon after a request another is the same one, in milliseconds: Ctrl-C
 * reaches a run from the terminal and from `deno task`, which passes it on.
 */
const ECHO = 250;

/**
 * The first request aborts the run, which ends cleanly after the batch at hand;
 * the second ends the process.
 *
 * @param printer Where the run prints: told that it ends, so that nobody thinks
 * it went unheard.
 */
export function interruptible(printer: Printer): Interrupt {
  const controller = new AbortController();
  let code: number = CODES.SIGINT;
  let echoes = true;

  const listeners = ASKING.map((name) => ({
    name,
    heard() {
      if (controller.signal.aborted) {
        if (echoes) return;
        printer.status("");
        Deno.exit(CODES[name]);
      }
      code = CODES[name];
      const again = name === "SIGINT" ? "Ctrl-C" : name;
      const notice =
        `Stopping after this batch; ${again} again to quit at once`;
      if (printer.interactive) printer.print(notice);
      else stderr.write(`${notice}\n`);
      controller.abort(new Error(`interrupted by ${name}`));
      // An echo that came during a long batch is heard before the inner timer.
      const listen = () => later(0, () => void (echoes = false));
      later(ECHO, listen);
    },
  }));
  for (const { name, heard } of listeners) Deno.addSignalListener(name, heard);
  return {
    signal: controller.signal,
    get code() {
      return code;
    },
    [Symbol.dispose]() {
      for (const { name, heard } of listeners) {
        Deno.removeSignalListener(name, heard);
      }
    },
  };
}

/** Do something later, if the process lives as long. */
function later(wait: number, act: () => void): void {
  setTimeout(act, wait).unref?.();
}
