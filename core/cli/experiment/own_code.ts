/**
 * What an experiment's own code throws: neither a mistake in what was asked for
 * nor a fault of hookloop.
 *
 * @module
 */
import {
  DataError,
  FileError,
  InputError,
  messageOf,
  PluginError,
} from "../../errors.ts";

/** The loop of an experiment failed. The original error is kept as `cause`. */
export class ExperimentError extends Error {
  /** Always `"ExperimentError"`. */
  override name = "ExperimentError";
}

/**
 * What a loop of one's own threw, as an error that says so. What the loop let
 * through stays as it is: errors of ours, of the system, and those that began in
 * our code.
 */
export function loopError(error: unknown): unknown {
  if (
    error instanceof InputError || error instanceof PluginError ||
    error instanceof DataError || error instanceof FileError ||
    isOfSystem(error) || isOfCore(error)
  ) {
    return error;
  }
  return new ExperimentError(
    `The experiment's loop failed${placeOf(error)}: ${messageOf(error)}`,
    { cause: error },
  );
}

/**
 * What the function that makes the model threw: tf.js refuses a loss or a metric
 * that it does not know, and layers that do not fit.
 */
export function modelError(error: unknown): unknown {
  if (error instanceof InputError || isOfSystem(error)) return error;
  return new InputError(
    `Cannot run the experiment: its 'model' failed${placeOf(error)}: ${
      messageOf(error)
    }`,
    { cause: error },
  );
}

function isOfSystem(error: unknown): boolean {
  return Object.values(Deno.errors).some((kind) => error instanceof kind);
}

const CORE = new URL("../../", import.meta.url).href;

function isOfCore(error: unknown): boolean {
  const [first] = framesOf(error);
  return first?.startsWith(CORE) === true;
}

/** ` at tiny.ts:12:9`, where the user's own code comes first in the stack. */
function placeOf(error: unknown): string {
  const own = framesOf(error).find((frame) =>
    frame.startsWith("file:") && !frame.startsWith(CORE) &&
    !/\/npm\/|\/node_modules\//.test(frame)
  );
  if (!own) return "";
  const [url, ...position] = own.split(/:(?=\d+(?::\d+)?$)/);
  const path = decodeURIComponent(new URL(url!).pathname);
  const here = `${Deno.cwd()}/`;
  const shown = path.startsWith(here) ? path.slice(here.length) : path;
  return ` at ${[shown, ...position].join(":")}`;
}

/** `file:///tiny.ts:12:9`, from where it was thrown outwards. */
function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? error.stack ?? "" : "";
  return [...stack.matchAll(/^\s+at .*?(\w+:\/\/\S+:\d+:\d+)\)?$/gm)]
    .map(([, frame]) => frame!);
}
