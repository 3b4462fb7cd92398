/**
 * The profile of a range of batches where Keras writes it and TensorBoard's
 * plugin for profiles looks for it:
 * `train/plugins/profile/TIME/HOST.trace.json.gz`.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";
import type { BatchRange } from "../_profile/batch_range.ts";
import {
  type ProfiledRange,
  rangeProfiler,
} from "../_profile/profiled_range.ts";
import { traceOf } from "../_profile/trace.ts";

/** Profiles a range of batches. A promise where there is something to write. */
export interface ProfileWriter {
  /** A training batch begins. */
  begins(run: Run): Promise<void> | undefined;
  /** The batches of an epoch are over. */
  ends(run: Run): Promise<void> | undefined;
  /** The run is over. */
  over(run: Run): Promise<void> | undefined;
}

/** The name of this machine is nobody's business. */
const HOST = "hookloop";

/**
 * Profile a range of batches.
 *
 * @param logDir Folder of the event files.
 * @param range The batches.
 */
export function profileWriter(
  logDir: string,
  range: BatchRange,
): ProfileWriter {
  const profiler = rangeProfiler(range);

  async function write({ profile }: ProfiledRange, run: Run): Promise<void> {
    const folder = `${logDir}/train/plugins/profile/${moment(profile.time)}`;
    const path = `${folder}/${HOST}.trace.json.gz`;
    const text = JSON.stringify(traceOf(profile, run.dir));
    run.files.write(path, await gzipped(text));
    run.print(
      `The trace is in ${run.path(path)}; open it at https://ui.perfetto.dev`,
    );
  }

  const written = (measured: ProfiledRange | undefined, run: Run) =>
    measured && write(measured, run);
  return {
    begins: (run) => written(profiler.begins(run.step + 1, run), run),
    ends: (run) => written(profiler.ends(), run),
    over: (run) => written(profiler.over(), run),
  };
}

/** A time in the words of TensorFlow's profiler: `2026_11_22_09_05_00`. */
function moment(time: number): string {
  const date = new Date(time);
  return [
    date.getFullYear(),
    date.getMonth() + 1,
    date.getDate(),
    date.getHours(),
    date.getMinutes(),
    date.getSeconds(),
  ].map((part) => String(part).padStart(2, "0")).join("_");
}

function gzipped(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).bytes();
}
