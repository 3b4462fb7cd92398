/**
 * Measures a range of batches: which kernels, and which plugin in which hook,
 * took how long, as a table and as a trace that Perfetto opens.
 *
 * @example Two batches of a run without kernels
 * ```ts
 * import { silent, train } from "@hookloop/hookloop";
 * import profile from "@hookloop/hookloop/plugins/profile";
 *
 * const lines: string[] = [];
 * await train({ trainStep: (loss: number) => ({ loss }) }, [3, 2, 1], {
 *   dir: await Deno.makeTempDir(),
 *   printer: { ...silent(), print: (line) => void lines.push(line) },
 *   plugins: [profile({ batches: [2, 3] })],
 * });
 * console.log(lines.join("\n"));
 * ```
 *
 * @module
 */
import type { Plugin, Profile, Run } from "../core/plugin.ts";
import {
  type BatchRange,
  rangeText,
  readBatchRange,
} from "./_profile/batch_range.ts";
import { checkPath } from "./_paths.ts";
import {
  type ProfiledRange,
  type RangeProfiler,
  rangeProfiler,
} from "./_profile/profiled_range.ts";
import { profileTable } from "./_profile/table.ts";
import { duration } from "./_progress_text.ts";
import { traceOf } from "./_profile/trace.ts";

/** Options of {@linkcode profile}. */
export interface ProfileOptions {
  /** The batches, counted from 1 over all epochs, the last one included: a number, a pair, or text such as `"10..20"`. Default 100 to 110, by which time all is warm, counted from where the process takes the run up; in a shorter run the last 11. */
  readonly batches?: number | readonly [number, number] | string | undefined;
  /** Path of the trace, relative to the run's folder; `""` for none. Default `"profile.json"`. */
  readonly filename?: string;
  /** Whether to print the table. Default true. */
  readonly print?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"profile"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults:
  & Required<Omit<ProfileOptions, "batches">>
  & Pick<ProfileOptions, "batches"> = {
    batches: undefined,
    filename: "profile.json",
    print: true,
    name: "profile",
  };

/** One line of help per option. */
export const help: Readonly<Record<keyof ProfileOptions, string>> = {
  batches: "which batches, counted from 1, such as 10..20 (default 100..110)",
  filename: "path of the trace, relative to the run's folder; empty for none",
  print: "print the table",
  name: "its name in this run, another where it runs twice",
};

/** What is measured where nobody says: by then the engine has compiled what runs often. */
const RANGE: BatchRange = { first: 100, last: 110 };

/**
 * Measure a range of batches, whole rounds: from the begin of the first to that
 * of the one after the last. The range may cross epochs, and then holds what is
 * between them. In `evaluate` and `predict` it measures their batches. The
 * trace is in Chrome's format: open it at https://ui.perfetto.dev.
 *
 * While it measures, each kernel and each hook takes a few microseconds more;
 * before and after nothing does. On a GPU, kernels' times are those of handing
 * them over. A run that goes on measures what is left of the range.
 *
 * @param options Which batches, and where to write.
 * @throws {OptionError} If `batches` names none, or `filename` is no path of a
 * run's file.
 */
export default function profile(options: ProfileOptions = {}): Plugin {
  const { batches, filename, print, name } = { ...defaults, ...options };
  const wanted = batches === undefined
    ? RANGE
    : readBatchRange(defaults.name, "batches", batches);
  if (filename) checkPath(defaults.name, "filename", filename);
  const state = { done: wanted === undefined };
  let range = wanted ?? RANGE;
  /** Once a batch has begun. */
  let profiler: RangeProfiler | undefined;

  function start(run: Run): void {
    if (filename) run.path(filename);
    profiler = undefined;
  }

  function begins(batch: number, run: Run): void {
    if (state.done) return;
    if (!profiler) {
      if (batches === undefined) range = warmRange(batch, run);
      profiler = rangeProfiler(range);
    }
    report(profiler.begins(batch, run), run);
  }

  function report(measured: ProfiledRange | undefined, run: Run): void {
    if (!measured) return;
    state.done = true;
    const { profile, range } = measured;
    if (print) {
      run.print(heading(profile, rangeText(range), run));
      for (const line of profileTable(profile, run.terminal.columns)) {
        run.print(line);
      }
    }
    if (!filename) return;
    run.files.write(filename, `${JSON.stringify(traceOf(profile, run.dir))}\n`);
    run.print(
      `Profile: the trace is in ${
        run.path(filename)
      }; open it at https://ui.perfetto.dev`,
    );
  }

  function over(run: Run): void {
    report(profiler?.over(), run);
    if (state.done) return;
    state.done = true;
    const batches = profiler?.batches ?? 0;
    run.print(
      `Profile: ${rangeText(range)} ${
        batches > range.last
          ? "had passed when the run was taken up again"
          : `never came: the run ended after ${
            batches === 1 ? "1 batch" : `${batches} batches`
          }`
      }`,
    );
  }

  return {
    name,
    order: "pre", // Before the others, whose hooks count.
    onlooker: true,
    needs: {},
    state,
    onTrainBegin: (_logs, run) => start(run),
    onTrainBatchBegin: (_batch, _logs, run) => begins(run.step + 1, run),
    onTestBegin(_logs, run) {
      if (run.params.mode === "evaluate") start(run);
      else report(profiler?.ends(), run);
    },
    onTestBatchBegin(batch, _logs, run) {
      if (run.params.mode === "evaluate") begins(batch + 1, run);
    },
    onTestEnd(_logs, run) {
      if (run.params.mode === "evaluate") over(run);
    },
    onEpochEnd: (_epoch, _logs, run) => report(profiler?.ends(), run),
    onTrainEnd: (_logs, run) => over(run),
    onPredictBegin: (_logs, run) => start(run),
    onPredictBatchBegin: (batch, _logs, run) => begins(batch + 1, run),
    onPredictEnd: (_logs, run) => over(run),
  };
}

/** Batches at which all is warm in a process that begins with this one; the last of a run that does not get there. */
function warmRange(batch: number, { params }: Run): BatchRange {
  const { steps, epochs, initialEpoch, mode } = params;
  const { first, last } = RANGE;
  const all = (steps ?? Infinity) *
    (mode === "fit" ? epochs - initialEpoch : 1);
  const before = batch - 1;
  return before + last <= all
    ? { first: before + first, last: before + last }
    : { first: Math.max(batch, all - (last - first)), last: all };
}

function heading(
  { began, ended, spans, engine, submitted, cut }: Profile,
  range: string,
  { params: { mode } }: Run,
): string {
  const kind = mode === "fit" ? "train" : mode === "evaluate" ? "test" : mode;
  const steps = spans.filter((it) => it.kind === "step");
  const own = steps.filter(({ name }) => name === kind).length;
  const others = steps.length - own;
  const took = ended - began;
  return [
    `Profile of ${range}: ${duration(took)}`,
    ...own > 1 ? [`${duration(took / own)} each`] : [],
    ...others ? [`with ${others} of validation`] : [],
    ...engine === undefined ? [] : [
      `on ${engine}${
        submitted ? " (kernels' times are those of handing them over)" : ""
      }`,
    ],
    ...cut ? ["which ended early as there was too much"] : [],
  ].join(", ");
}
