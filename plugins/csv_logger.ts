/**
 * Writes the logs of each epoch to a CSV file, one row per epoch, flushed at
 * once so that a crash loses nothing.
 *
 * @example A file in the run's folder
 * ```ts
 * import csvLogger from "@hookloop/hookloop/plugins/csv-logger";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const dir = await Deno.makeTempDir();
 * const { fire } = fakeRun(csvLogger({ filename: "log.csv" }), {
 *   dir,
 *   metrics: ["loss"],
 * });
 * await fire("onTrainBegin");
 * await fire("onEpochEnd", 0, { loss: 0.5, val_loss: 0.6 });
 * await fire("onTrainEnd");
 * console.log(await Deno.readTextFile(`${dir}/log.csv`));
 * ```
 *
 * @module
 */
import { parse, stringify } from "@std/csv";
import {
  type FileWriter,
  type Logs,
  OptionError,
  type Plugin,
  type Run,
} from "../core/plugin.ts";
import { nonFinite } from "./_non_finite.ts";
import { checkPath } from "./_paths.ts";

/** Options of {@linkcode csvLogger}. */
export interface CsvLoggerOptions {
  /** Path of the file, relative to the run's folder; its folder is created. Default `"log.csv"`. */
  readonly filename?: string;
  /** Character between columns. Default `","`. */
  readonly separator?: string;
  /** Whether to add to an existing file, whose columns must be the same. Default false. */
  readonly append?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"csv-logger"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<CsvLoggerOptions> = {
  filename: "log.csv",
  separator: ",",
  append: false,
  name: "csv-logger",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof CsvLoggerOptions, string>> = {
  filename: "path of the file, relative to the run's folder",
  separator: "character between columns",
  append: "add to an existing file",
  name: "its name in this run, another where it runs twice",
};

/**
 * Write the logs of each epoch to a CSV file: `epoch` (from 0), then the keys
 * by name. A value missing in an epoch is `NA`. Lines end with CR LF, as in RFC
 * 4180.
 *
 * @param options Where to write, and how.
 * @throws {OptionError} If the separator is not one character, or `filename` is
 * no path of a run's file.
 */
export default function csvLogger(options: CsvLoggerOptions = {}): Plugin {
  const { filename, separator, append, name } = { ...defaults, ...options };
  if (separator.length !== 1 || /["\r\n]/.test(separator)) {
    throw new OptionError(
      `Cannot create csv-logger as 'separator' must be one character, not a quote or a line break: current value is ${
        JSON.stringify(separator)
      }`,
    );
  }
  checkPath(defaults.name, "filename", filename);
  const state = { columns: undefined as string[] | undefined };
  let file: FileWriter | undefined;

  function open(run: Run): FileWriter {
    // A run that goes on has its header already.
    if (state.columns) return run.files.open(filename, { append: true });
    const text = append ? run.files.read(filename) : undefined;
    const before = text ? readBefore(text, separator) : undefined;
    const columns = ["epoch", ...run.keys("onEpochEnd")];
    if (before && line(before.columns) !== line(columns)) {
      throw new Error(
        `cannot append to ${run.path(filename)}: its columns are ${
          before.columns.join(", ")
        }, this run's are ${
          columns.join(", ")
        }; choose another filename, or set append=false`,
      );
    }
    state.columns = columns;
    const opened = run.files.open(filename, { append });
    if (!before) opened.write(line(columns));
    else if (!before.complete) opened.write("\r\n");
    return opened;
  }

  /** The log that this run has begun in another process. */
  function reopen(run: Run): FileWriter {
    return run.files.open(filename, { append: true });
  }

  function line(cells: readonly string[]): string {
    return stringify([cells], { separator, headers: false });
  }

  function row(epoch: number, logs: Logs): string[] {
    return state.columns!.map((key) =>
      key === "epoch" ? String(epoch) : cell(logs[key])
    );
  }

  return {
    name,
    needs: { onEpochEnd: "all" },
    state,
    onTrainBegin(_logs, run) {
      // If the keys are not known yet, the first epoch provides them.
      if (run.params.metrics.length) file = open(run);
    },
    onEpochEnd(epoch, logs, run) {
      file ??= state.columns ? reopen(run) : open(run);
      file.write(line(row(epoch, logs)));
    },
    onTrainEnd() {
      file?.close();
      file = undefined;
    },
  };
}

function cell(value: number | undefined): string {
  return value === undefined ? "NA" : nonFinite(value) ?? String(value);
}

/** An existing log. */
interface Before {
  readonly columns: readonly string[];
  /** Whether its last line ended, which a crash or an editor may have prevented. */
  readonly complete: boolean;
}

/** What is known about it; undefined if it has no header. */
function readBefore(text: string, separator: string): Before | undefined {
  const [line] = text.split(/\r?\n/, 1);
  if (!line) return undefined;
  const columns = parse(line, { separator })[0] ?? [];
  return { columns, complete: text.endsWith("\n") };
}
