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
  isA,
  messageOf,
  PluginError,
} from "../../errors.ts";
import { placeIn, thrownIn } from "../report/thrown_in.ts";

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
  if (isKnown(error)) return error;
  const { by, frames } = thrownIn(error);
  if (by === "hookloop") return error;
  return new ExperimentError(
    `The experiment's loop failed${placeOf(frames)}: ${messageOf(error)}`,
    { cause: error },
  );
}

/**
 * What the function that makes the model threw: tf.js refuses a loss or a metric
 * that it does not know, and layers that do not fit.
 */
export function modelError(error: unknown): unknown {
  if (isKnown(error)) return error;
  return new InputError(
    `Cannot run the experiment: its 'model' failed${
      placeOf(thrownIn(error).frames)
    }: ${messageOf(error)}`,
    { cause: error },
  );
}

/** An error of ours, or of the system. */
function isKnown(error: unknown): boolean {
  const ours = [InputError, PluginError, DataError, FileError];
  return [...ours, ...Object.values(Deno.errors)]
    .some((kind) => isA(error, kind));
}

/** ` at tiny.ts:12:9`, where the user's own code is in the stack. */
function placeOf([frame]: readonly string[]): string {
  const place = frame && placeIn(frame);
  return place ? ` at ${place}` : "";
}
