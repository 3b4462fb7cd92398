/**
 * What an experiment is: a module whose default export gives model, data,
 * options and plugins; or, for a hand-written loop, a function.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { History } from "../../run/history.ts";
import type { PluginList } from "../../contract/plugin_list.ts";
import type { RunOptions } from "../../run/run_options.ts";
import type { FitOptions } from "../../tf/fit.ts";
import type { TrainingData } from "../../tf/data/forms.ts";

/** Options of an experiment; command-line flags override them. */
export type ExperimentOptions =
  & Pick<
    FitOptions,
    | "batchSize"
    | "classWeight"
    | "epochs"
    | "gradients"
    | "hookTimeout"
    | "initialEpoch"
    | "onFileError"
    | "shuffle"
    | "stepsPerEpoch"
    | "validationBatchSize"
    | "validationFreq"
    | "validationSplit"
    | "validationSteps"
  >
  & {
    /** Learning rate of the optimizer. Default: the one it was created with. */
    readonly learningRate?: number | undefined;
  };

/** What the command line gives an experiment. */
export interface Setup {
  /** Seed of everything random: pass it to initializers and data. */
  readonly seed: number;
  /** The flags that were given, such as `epochs`. */
  readonly options: ExperimentOptions;
  /** What `--data` names, if it was given. */
  readonly data?: string | undefined;
  /** What `--label` names, if it was given. */
  readonly label?: string | undefined;
  /** What `--separator` says, if it was given. */
  readonly separator?: string | undefined;
  /** False if `--no-header` was given. */
  readonly header?: boolean | undefined;
  /** Folder of the experiment, where its first training run is; further ones are in `2`, `3` and so on below it, and their plugins know where: `run.path("x")`. It is taken when it is first asked for. */
  readonly dir: string;
  /** Print a line. */
  print(line: string): void;
  /**
   * Options for `fit`, `evaluate`, `predict`, `train` or `callbackList`: folder,
   * signal, printer, seed, and these plugins with those of the command line, among
   * them, unless others of their names are listed, a CSV, the best checkpoint
   * and the progress bar.
   *
   * Each training run gets a folder of its own, with a record; an evaluation or
   * a prediction writes to that of the training before it.
   */
  run(plugins?: PluginList): RunOptions & { readonly seed: number };
}

/** Data of an experiment. */
export interface ExperimentData {
  /** To train on. */
  readonly train: TrainingData;
  /** To validate with. Default: none. */
  readonly validation?: TrainingData | undefined;
}

/**
 * An experiment that `fit` runs: the default export of a module that `train`,
 * `plan` and `evaluate` are given.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { type Experiment, terminateOnNan } from "@hookloop/hookloop";
 *
 * // In a file of its own: export default experiment.
 * const experiment: Experiment = {
 *   data: "digits", // or a function that returns { train, validation }
 *   model({ seed }) {
 *     const kernelInitializer = tf.initializers.glorotUniform({ seed });
 *     const model = tf.sequential({
 *       layers: [
 *         tf.layers.flatten({ inputShape: [28, 28] }),
 *         tf.layers.dense({ units: 10, activation: "softmax", kernelInitializer }),
 *       ],
 *     });
 *     model.compile({
 *       optimizer: "adam",
 *       loss: "sparseCategoricalCrossentropy",
 *       metrics: ["accuracy"],
 *     });
 *     return model;
 *   },
 *   options: { epochs: 5, batchSize: 64 },
 *   plugins: [terminateOnNan()],
 *   use: [["early-stopping", { patience: 2 }]],
 * };
 * console.log(typeof experiment.model);
 * ```
 */
export interface Experiment {
  /** Prefix of the run folder's name. Default: the file's name. */
  readonly name?: string;
  /** Creates the compiled model; the backend has been chosen by then. */
  model(
    setup: Setup,
  ):
    | InstanceType<typeof tf["LayersModel"]>
    | Promise<InstanceType<typeof tf["LayersModel"]>>;
  /** A data set by name (`"digits"`, `"mnist"`, a folder, a `.csv`), or a function that returns the data. */
  readonly data:
    | string
    | ((setup: Setup) => ExperimentData | Promise<ExperimentData>);
  /** Epochs, batch size and so on. */
  readonly options?: ExperimentOptions;
  /** Plugins, in order. */
  readonly plugins?: PluginList;
  /** Plugins by name, after `plugins`. */
  readonly use?: readonly (
    | string
    | readonly [name: string, options: Readonly<Record<string, unknown>>]
  )[];
}

/** A plugin by name, with options: `"early-stopping:patience=3"`, or `["early-stopping", { patience: 3 }]`; with `shadow:` before its name, on trial. */
export type Use = NonNullable<Experiment["use"]>[number];

/** A hand-written loop: it runs on its own with what it is given. */
export type HandExperiment = (
  setup: Setup,
) => Promise<History | void> | History | void;
