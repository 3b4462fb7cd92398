/**
 * Writes what TensorBoard shows: scalars, the graph of the model, its weights as
 * histograms and pictures, in the folders, under the tags and at the steps of
 * Keras' callback of that name. `tensorboard --logdir runs` opens it, also while
 * the run goes on.
 *
 * @example Event files in the run's folder
 * ```ts
 * import tensorboard from "@hookloop/hookloop/plugins/tensorboard";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const dir = await Deno.makeTempDir();
 * const { fire } = fakeRun(tensorboard(), { dir, metrics: ["loss"] });
 * await fire("onTrainBegin");
 * await fire("onEpochEnd", 0, { loss: 0.5, val_loss: 0.6 });
 * await fire("onTrainEnd");
 * for (const { name } of Deno.readDirSync(`${dir}/logs`)) {
 *   console.log(name); // "train" and "validation"
 * }
 * ```
 *
 * @module
 */
import type { Logs, Plugin, Run } from "../core/plugin.ts";
import {
  type EventFiles,
  eventFiles,
  type EventPaths,
} from "./_event_files.ts";
import { learningRateOf } from "./_learning_rate.ts";
import { optimizerSteps } from "./_optimizer_steps.ts";
import { checkPath } from "./_paths.ts";
import { checkInteger } from "./_ranges.ts";
import { type EpochSoFar, type StepRate, stepRate } from "./_step_rate.ts";
import { graphValues } from "./_tensorboard_graph.ts";
import {
  endValues,
  HPARAMS_DEFINITIONS,
  hparamsOf,
  readHparams,
  startValues,
} from "./_tensorboard_hparams.ts";
import { type Encode, loadMessages } from "./_tensorboard_messages.ts";
import { readProfileBatch, readUpdateFreq } from "./_tensorboard_options.ts";
import {
  type Projector,
  projector,
  readMetadata,
} from "./_tensorboard_projector.ts";
import { scalarValues } from "./_tensorboard_values.ts";
import { type EncodePng, loadPng } from "./_weight_pictures.ts";
import { weightValues } from "./_weight_values.ts";

/** Options of {@linkcode tensorboard}. */
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

/**
 * Write event files: `train/` has the scalars `epoch_…` of each epoch and
 * `batch_…` of batches, the graph, histograms and pictures; `validation/` has
 * the scalars of validation, and `evaluation_…_vs_iterations` at the step of the
 * optimizer.
 *
 * @param options What to write, how often, and where.
 * @throws {OptionError} If a number is out of range, or `logDir` is no path of
 * a run's file.
 */
export default function tensorboard(options: TensorboardOptions = {}): Plugin {
  const given = { ...defaults, ...options };
  const { logDir, histogramFreq, writeImages, writeStepsPerSecond } = given;
  const { name, writeGraph, embeddingsFreq } = given;
  checkPath(defaults.name, "logDir", logDir);
  checkInteger(defaults.name, "histogramFreq", histogramFreq, 0);
  checkInteger(defaults.name, "embeddingsFreq", embeddingsFreq, 0);
  const metadata = readMetadata(defaults.name, given.embeddingsMetadata);
  const hparams = readHparams(defaults.name, given.hparams);
  const every = readUpdateFreq(given.updateFreq);
  readProfileBatch(given.profileBatch ?? 0);

  const state: EventPaths = {};
  let files: EventFiles;
  let rate: StepRate;
  let encode: Encode;
  let encodePng: EncodePng | undefined;
  let embeddings: Projector | undefined;
  /** Over all runs of this plugin, as in Keras. */
  let testBatches = 0;
  /** Those of the last training, which an evaluation may come after. */
  let trained = 0;

  /** Whether what comes after so many batches is written. */
  const counts = (batches: number) =>
    every === "epoch" || batches % every === 0;

  async function begin(run: Run): Promise<void> {
    run.path(logDir);
    encode = await loadMessages(HPARAMS_DEFINITIONS);
    files = eventFiles(run, logDir, state, encode);
    rate = stepRate(run.now);
    if (writeImages && histogramFreq) encodePng = await loadPng();
    if (writeGraph) files.add("train", 0, graphValues(name, run));
  }

  function addEpoch(epoch: number, logs: Logs, run: Run): void {
    const [train, validation] = parted(logs);
    const rates: Record<string, number> = {};
    const learningRate = learningRateOf(run);
    if (learningRate !== undefined) rates.learning_rate = learningRate;
    if (writeStepsPerSecond) {
      rates.steps_per_second = rate.ofEpoch(optimizerSteps(run, trained));
    }
    const tagOf = (key: string) => `epoch_${key}`;
    files.add("train", epoch, scalarValues({ ...train, ...rates }, tagOf));
    files.add("validation", epoch, scalarValues(validation, tagOf));
  }

  const ofBatches: Partial<Plugin> = {
    onTrainBatchBegin: () => rate.beginBatch(),
    onTrainBatchEnd(_batch, logs, run) {
      if (!counts(run.step)) return;
      const rates = writeStepsPerSecond && { steps_per_second: rate.ofBatch() };
      const all = { ...rates, ...logs };
      files.add("train", run.step, scalarValues(all, (key) => `batch_${key}`));
    },
    onTestBatchBegin: () => void testBatches++,
  };

  return {
    name,
    needs: {
      onTestEnd: "all",
      onEpochEnd: "all",
      ...every !== "epoch" && { onTrainBatchEnd: "all" as const },
    },
    requires: histogramFreq || embeddingsFreq ? ["weights"] : [],
    state,
    keeps: {
      save: (): Kept => ({ testBatches, epoch: rate.save() }),
      load(saved) {
        const { epoch, ...counted } = saved as Kept;
        ({ testBatches } = counted);
        rate.load(epoch);
      },
    },
    ...every !== "epoch" && ofBatches,
    async onTrainBegin(_logs, run) {
      if (embeddingsFreq) {
        const every = embeddingsFreq;
        embeddings = projector(name, { logDir, every, metadata }, run);
        await embeddings.begin();
      }
      await begin(run);
      if (hparams) {
        files.add("", 0, startValues(encode, hparamsOf(run, hparams), run));
      }
      if (every !== "epoch") files.begin("train");
    },
    onEpochBegin: (_epoch, _logs, run) =>
      rate.beginEpoch(optimizerSteps(run, trained)),
    async onTestBegin(_logs, run) {
      if (run.params.mode !== "fit") await begin(run);
      if (every !== "epoch") files.begin("validation");
    },
    onTestEnd(logs, run) {
      files.begin("validation");
      const tagOf = (key: string) => `evaluation_${key}_vs_iterations`;
      if (counts(testBatches)) {
        const step = optimizerSteps(run, trained);
        files.add("validation", step, scalarValues(logs, tagOf));
      }
      if (run.params.mode !== "fit") files.close();
    },
    async onEpochEnd(epoch, logs, run) {
      await embeddings?.endEpoch(epoch);
      if (!counts(run.step)) return;
      addEpoch(epoch, logs, run);
      if (histogramFreq && epoch % histogramFreq === 0) {
        files.add("train", epoch, await weightValues(run, encodePng));
      }
    },
    onTrainEnd(_logs, run) {
      trained = run.step;
      if (hparams) files.add("", 0, endValues(encode, run));
      files.close();
    },
  };
}

/** What is kept beside the files. */
interface Kept {
  readonly testBatches: number;
  readonly epoch: EpochSoFar;
}

/** Logs of training, and those of validation without what says that they are. */
function parted(logs: Logs): [train: Logs, validation: Logs] {
  const all = Object.entries(logs);
  const isValidation = ([key]: [string, unknown]) => key.startsWith("val_");
  const validation = all.filter(isValidation)
    .map(([key, value]) => [key.slice("val_".length), value]);
  return [
    Object.fromEntries(all.filter((it) => !isValidation(it))),
    Object.fromEntries(validation),
  ];
}
