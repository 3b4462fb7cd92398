/**
 * Who may end the process with code 0: the command line, and nobody else.
 *
 * @module
 */
import { stderr } from "../../output.ts";
import { callerIn, placeIn } from "../report/thrown_in.ts";

/** Deno sets this on the global object so that `unload` is dispatched once. */
const DISPATCHED = Symbol.for("Deno.isUnloadDispatched");

/**
 * From now on a plugin or an experiment that ends the process is named, and has
 * not succeeded: code 0 becomes 1 unless it comes through the function that this
 * returns. Listeners for `unload` that are added later are not called.
 *
 * @returns Ends the process.
 */
export function guardExit(): (code: number) => never {
  const { exit } = Deno;
  let code: number | undefined;
  let ended = false;
  Object.defineProperty(globalThis, DISPATCHED, {
    get: () => ended,
    set: () => {}, // Set beforehand, it would keep the listener from being called.
  });
  addEventListener("unload", (event) => {
    ended = true;
    event.stopImmediatePropagation();
    if (code === undefined) toldWhoExits(new Error().stack ?? "");
    else Deno.exitCode = code;
  });
  return (last) => {
    code = last;
    return exit(last);
  };
}

/** A stack can be forged, so code 0 counts in no case. */
function toldWhoExits(stack: string): void {
  const caller = callerIn(stack);
  if (caller && !caller.own) {
    stderr.write(
      `The process was ended before the run was over, by Deno.exit in ${
        placeIn(caller.line)
      }\n`,
    );
  }
  Deno.exitCode ||= 1;
}
