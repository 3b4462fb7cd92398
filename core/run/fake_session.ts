/**
 * What a run without a model is opened with, besides its steps: a fit of ten
 * epochs of three batches, unless it is told otherwise.
 *
 * @module
 */
import { validationOf } from "../contract/log_keys.ts";
import type { RunFiles } from "../plugin.ts";
import type { FakeRunOptions } from "../testing.ts";
import { batchesOf } from "./fake_resources.ts";
import { runFiles } from "./files/run_files.ts";
import type { SessionOptions } from "./run_options.ts";

/** The options of its session. */
export function fakeSession(
  options: FakeRunOptions,
): Omit<SessionOptions, "steps"> {
  const { validation = true, validationFreq = 1, dir, files, signal } = options;
  const params = {
    mode: "fit" as const,
    epochs: 10,
    initialEpoch: 0,
    steps: 3,
    validationSteps: 1,
    batchSize: 32,
    ...options.params,
  };
  const { epochs, initialEpoch } = params;
  return {
    ...{ dir, signal, params },
    files: files ?? (dir === undefined ? unmarked() : undefined),
    validation: validationOf(
      validation !== false && params.mode === "fit",
      validationFreq,
      initialEpoch,
      epochs,
    ),
    validationData: Array.isArray(validation)
      ? batchesOf(validation)
      : undefined,
  };
}

/** Files on the disk that no backup puts back: without a folder of its own, a run that is no run must not touch what is there. */
function unmarked(): RunFiles {
  const { read, write, open, remove } = runFiles(".");
  return { read, write, open, remove };
}
