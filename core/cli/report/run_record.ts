/**
 * The record of a run: `run.json` in its folder, which says from the start what
 * runs there, and at the end how it went.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { fileError, writeWholeSync } from "../../files.ts";
import type { PlannedRun } from "../../run/planned_run.ts";
import type { Ended } from "../experiment/run_once.ts";

/** A record that is notified of what happens. */
export interface RunRecord {
  /**
   * The plan is proven: the folder is created. A second run of the same
   * experiment continues in it.
   *
   * @throws {InputError} If the folder cannot be created or written to.
   */
  begun(planned: PlannedRun): void;
  /** The run ended cleanly. */
  finished(ended: Ended): void;
  /** The run failed. */
  failed(error: unknown): void;
}

/**
 * An empty record. It stays in memory until the run has begun: a refused run
 * leaves no folder.
 *
 * @param dir Folder of the run.
 * @param about What was requested.
 */
export function runRecord(
  dir: string,
  about: Readonly<Record<string, unknown>>,
): RunRecord {
  /** The content of the file; undefined while there is no folder. */
  let known: Readonly<Record<string, unknown>> | undefined;

  function write(facts: Readonly<Record<string, unknown>>): void {
    known = { ...known, ...facts };
    writeWholeSync(
      `${dir}/run.json`,
      `${JSON.stringify(known, jsonValue, 2)}\n`,
    );
  }
  function end(facts: Readonly<Record<string, unknown>>): void {
    if (known) write({ ended: new Date().toISOString(), ...facts });
  }
  return {
    begun({ entries, params }) {
      if (known) return;
      const plugins = entries.map(({ name, file }) => ({
        name,
        file,
      }));
      try {
        Deno.mkdirSync(dir, { recursive: true });
        write({ ...about, plugins, params });
      } catch (error) {
        known = undefined;
        throw refusal(dir, error);
      }
    },
    finished({ history, aborted }) {
      const status = aborted ? "aborted" : "completed";
      end({ outcome: { status }, ...history });
    },
    failed: (error) => end({ outcome: { status: "failed" }, error }),
  };
}

/** JSON has no NaN and no Infinity; an error becomes its message. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  return value instanceof Error ? value.message : value;
}

function refusal(dir: string, error: unknown): Error {
  const what = `Cannot write into the run folder ${dir}`;
  const { message } = fileError(what, "write", dir, error);
  return new InputError(`${message}; --run-dir names another folder`, {
    cause: error,
  });
}
