/**
 * The options of `tensorboard`.
 *
 * @module
 */
import { OptionError } from "../../core/plugin.ts";
import { type BatchRange, readBatchRange } from "../_profile/batch_range.ts";
import { checkPath } from "../_paths.ts";
import { checkInteger } from "../_ranges.ts";
import { shown } from "../_shown.ts";
import { readHparams } from "./hparams.ts";
import { readMetadata } from "./projector.ts";

/** Options of `tensorboard`. */
export interface TensorboardOptions {
  /** Folder of the event files, in the run's folder. Default `"logs"`. */
  readonly logDir?: string;
  /** Write histograms of the weights every this many epochs; 0 for never. Default 0. */
  readonly histogramFreq?: number;
  /** Whether to write the graph of the model's layers. Default true. */
  readonly writeGraph?: boolean;
  /** Whether to write the weights as pictures too, with the histograms. Default false. */
  readonly writeImages?: boolean;
  /** Whether to write how many steps a second there were. Default false. */
  readonly writeStepsPerSecond?: boolean;
  /**
   * `"epoch"`, or write batches too: each (`"batch"`), or every so many. With a
   * number, what comes at the end of an epoch is written only if the last batch
   * of it is one of these, as in Keras. Default `"epoch"`.
   */
  readonly updateFreq?: "epoch" | "batch" | number;
  /**
   * The batch to profile, counted from 1 over all epochs, or the first and the
   * last as `[10, 20]` or `"10,20"`; 0 for none. Default 0.
   */
  readonly profileBatch?: number | string | readonly [number, number];
  /** Write the embedding layers for the projector every this many epochs; 0 for never. Default 0. */
  readonly embeddingsFreq?: number;
  /**
   * File that says what the rows of embeddings stand for, or such a file by
   * layer: a path in `logDir`, or else from the working folder, from where it is
   * copied. Default none.
   */
  readonly embeddingsMetadata?: string | Readonly<Record<string, string>>;
  /**
   * Hyper-parameters for the table of runs, beside those that the run knows:
   * optimizer, learning rate at the start, batch size, epochs, seed. False or
   * null for none at all. Default: what the run knows.
   */
  readonly hparams?:
    | Readonly<Record<string, number | string | boolean>>
    | boolean
    | null;
  /** Its name in this run, which must be another where it runs twice. Default `"tensorboard"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults:
  & Required<
    Omit<TensorboardOptions, "profileBatch" | "embeddingsMetadata" | "hparams">
  >
  & {
    readonly profileBatch: undefined;
    readonly embeddingsMetadata: undefined;
    readonly hparams: undefined;
  } = {
    logDir: "logs",
    histogramFreq: 0,
    writeGraph: true,
    writeImages: false,
    writeStepsPerSecond: false,
    updateFreq: "epoch",
    profileBatch: undefined,
    embeddingsFreq: 0,
    embeddingsMetadata: undefined,
    hparams: undefined,
    name: "tensorboard",
  };

/** One line of help per option. */
export const help: Readonly<Record<keyof TensorboardOptions, string>> = {
  logDir: "folder of the event files, in the run's folder",
  histogramFreq: "write histograms of the weights every this many epochs",
  writeGraph: "write the graph of the model's layers",
  writeImages: "write the weights as pictures too, with the histograms",
  writeStepsPerSecond: "write how many steps a second there were",
  updateFreq: '"epoch", or write batches too: "batch", or every so many',
  profileBatch: "batch to profile, from 1, or the first and last as [10,20]",
  embeddingsFreq: "write embeddings for the projector every this many epochs",
  embeddingsMetadata: "file that names the rows of embeddings, or one by layer",
  hparams:
    'hyper-parameters beside those the run knows, such as {"units":64}; false for none',
  name: "its name in this run, another where it runs twice",
};

/** The options as they are used. */
export interface ReadOptions extends
  Required<
    Omit<
      TensorboardOptions,
      "updateFreq" | "profileBatch" | "embeddingsMetadata" | "hparams"
    >
  > {
  /** Every how many batches they are written; never with `"epoch"`. */
  readonly every: "epoch" | number;
  /** The batches that are profiled, if any are. */
  readonly profiled: BatchRange | undefined;
  /** What the rows of embeddings stand for. */
  readonly metadata: ReturnType<typeof readMetadata>;
  /** Hyper-parameters, if they are written. */
  readonly hparams: ReturnType<typeof readHparams>;
}

/**
 * Read the options.
 *
 * @throws {OptionError} If one is out of its range.
 */
export function readTensorboardOptions(
  options: TensorboardOptions,
): ReadOptions {
  const { updateFreq, profileBatch, embeddingsMetadata, hparams, ...rest } = {
    ...defaults,
    ...options,
  };
  const plugin = defaults.name;
  checkPath(plugin, "logDir", rest.logDir);
  checkInteger(plugin, "histogramFreq", rest.histogramFreq, 0);
  checkInteger(plugin, "embeddingsFreq", rest.embeddingsFreq, 0);
  return {
    ...rest,
    every: readUpdateFreq(plugin, updateFreq),
    profiled: readBatchRange(plugin, "profileBatch", profileBatch ?? 0),
    metadata: readMetadata(plugin, embeddingsMetadata),
    hparams: readHparams(plugin, hparams),
  };
}

/** The command line passes text. */
function readUpdateFreq(plugin: string, value: unknown): "epoch" | number {
  if (value === "epoch") return value;
  const isNumber = typeof value === "number" || typeof value === "string";
  const batches = value === "batch" ? 1 : isNumber ? Number(value) : NaN;
  if (Number.isInteger(batches) && batches >= 1) return batches;
  throw new OptionError(
    `Cannot create ${plugin} as 'updateFreq' must be "epoch", "batch" or an integer >= 1: current value is ${
      shown(value)
    }`,
  );
}
