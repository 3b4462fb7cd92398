/**
 * What is printed when a command fails. A user's mistake is its message; a
 * failed run its message and where in the user's files it happened; only a fault
 * of hookloop has a trace, and that goes into a file.
 *
 * @module
 */
import {
  DataError,
  FileError,
  InputError,
  isA,
  messageOf,
  PluginError,
} from "../../errors.ts";
import { stderr } from "../../output.ts";
import { FailedRun } from "../experiment/failed_run.ts";
import { ExperimentError } from "../experiment/own_code.ts";
import { asHere, permissionAdvice } from "../invocation.ts";
import { givenUpAdvice } from "../trust/given_up.ts";
import { goOnLines } from "./go_on_lines.ts";
import { thrownIn } from "./thrown_in.ts";
import { writeTrace } from "./trace.ts";

/** Exit code of a fault of hookloop itself, as `sysexits.h` has it. */
const FAULT = 70;

/** Exit code of a mistake in what was asked for. */
const MISTAKE = 2;

/**
 * Print what went wrong, on the standard error.
 *
 * @param thrown What a command threw.
 * @returns The exit code: 2 for a user's mistake, 1 for a run that failed, 70
 * for a fault of hookloop.
 */
export function report(thrown: unknown): number {
  const { text, code } = explained(thrown);
  const lines = [`${text}${givenUpAdvice(thrown)}`, ...wayOn(thrown, code)];
  stderr.write(`${lines.join("\n")}\n`);
  return code;
}

/** How a run goes on once what made it fail is mended; what was refused is to be given otherwise. */
function wayOn(thrown: unknown, code: number): string[] {
  if (code === MISTAKE || !isA(thrown, FailedRun)) return [];
  return goOnLines(thrown.dir).map(asHere);
}

/** What went wrong, in words, and the exit code. */
interface Explained {
  readonly text: string;
  readonly code: number;
}

function explained(thrown: unknown): Explained {
  return isA(thrown, FailedRun)
    ? ofError(thrown.cause, thrown.dir)
    : ofError(thrown);
}

function ofError(error: unknown, dir?: string): Explained {
  if (isA(error, InputError)) {
    return { text: asHere(error.message), code: MISTAKE };
  }
  if (isA(error, Deno.errors.NotCapable)) {
    return { text: permissionMessage(error), code: MISTAKE };
  }
  if (isA(error, PluginError) || isA(error, DataError)) {
    return ofPart(error);
  }
  if (isA(error, ExperimentError) || isA(error, FileError)) {
    return { text: error.message, code: 1 };
  }
  const { by, frames } = thrownIn(error);
  if (by === "hookloop" && isOfSystem(error)) {
    return { text: `Cannot go on: ${messageOf(error)}`, code: 1 };
  }
  if (by === "user") {
    return {
      text: withFrames(`The run failed: ${messageOf(error)}`, frames),
      code: 1,
    };
  }
  const trace = writeTrace(error, dir);
  if (by === "package") {
    const text = `The run failed in a package it uses: ${
      messageOf(error)
    }\n${trace}`;
    return { text, code: 1 };
  }
  const text = `${
    messageOf(error)
  }\nThis is a fault of hookloop, not of yours. ${trace}`;
  return { text, code: FAULT };
}

/** A full disk, a link in a circle, a file that may not be read: nobody's fault here. */
function isOfSystem(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^E[A-Z0-9]+$/.test(code);
}

/** A hook, or data, may hit a user's mistake too: a missing permission, a key it did not declare, an option that will not do. */
function ofPart({ message, cause }: PluginError | DataError): Explained {
  const mistake = isA(cause, InputError) ||
    isA(cause, Deno.errors.NotCapable) ||
    (cause as Error | undefined)?.name === "OptionError";
  if (mistake) return { text: message, code: MISTAKE };
  const frames = isA(cause, FileError) ? [] : thrownIn(cause).frames;
  return { text: withFrames(message, frames), code: 1 };
}

function withFrames(message: string, frames: readonly string[]): string {
  return [message, ...frames.slice(0, 3)].join("\n");
}

/** Deno says which flag is missing. */
function permissionMessage({ message }: Error): string {
  const flag = /--allow-[\w-]+/.exec(message)?.[0] ?? "--allow-…";
  const what = message.replace(/,?\s*(run again|specify).*$/s, "");
  return `A permission is missing: ${what}; ${permissionAdvice(flag)}`;
}
