/**
 * Options of a wrong kind, refused before anything is done: types say so too,
 * but not to JavaScript, nor to an experiment that is read from a file.
 *
 * @module
 */
import { show } from "../contract/show.ts";
import { InputError } from "../errors.ts";
import type { ResumeOptions, RunOptions } from "./run_options.ts";

/**
 * Refuse an option that is given and not what it must be.
 *
 * @param name Its name.
 * @param value Its value; undefined counts as not given.
 * @param good Whether the value will do.
 * @param expected What it must be, to stand behind "must be".
 * @throws {InputError} If it will not.
 */
export function checkOption(
  name: string,
  value: unknown,
  good: (value: unknown) => boolean,
  expected: string,
): void {
  if (value === undefined || good(value)) return;
  throw new InputError(
    `Cannot start as '${name}' must be ${expected}: current value is ${
      show(value)
    }`,
  );
}

/**
 * Refuse options of any run that are of a wrong kind.
 *
 * @throws {InputError} If there is one.
 */
export function checkRunOptions(options: RunOptions & ResumeOptions): void {
  if ("callbacks" in options) {
    throw new InputError(
      "Cannot start as there is no option 'callbacks': list them under 'plugins', tf.js callbacks too",
    );
  }
  const { dir, hookTimeout, resume, signal, printer } = options;
  checkOption("dir", dir, isText, `the path of a folder such as "runs/1"`);
  checkOption(
    "resumeAnyway",
    options.resumeAnyway,
    (it) => typeof it === "boolean",
    "true or false",
  );
  checkOption("resume", resume, isText, `the folder of a run such as "runs/1"`);
  if (resume !== undefined && dir !== undefined && resume !== dir) {
    throw new InputError(
      `Cannot start as 'resume' is ${resume} and 'dir' is ${dir}: a run goes on in its own folder, leave 'dir' out`,
    );
  }
  checkOption(
    "hookTimeout",
    hookTimeout,
    (it) => typeof it === "number" && it >= 0,
    "a number of milliseconds >= 0",
  );
  checkOption(
    "onFileError",
    options.onFileError,
    (it) => it === "go on" || it === "fail",
    '"go on" or "fail"',
  );
  checkOption("signal", signal, isSignal, "an AbortSignal");
  checkOption("printer", printer, isPrinter, "a printer such as silent()");
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

function isSignal(value: unknown): boolean {
  return value instanceof AbortSignal;
}

function isPrinter(value: unknown): boolean {
  const { print, status } = Object(value);
  return typeof print === "function" && typeof status === "function";
}
