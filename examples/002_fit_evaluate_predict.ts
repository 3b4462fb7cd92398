/**
 * "Introduction to various Keras Callbacks": plugins in `fit`, `evaluate` and
 * `predict`, the built-in ones with their options, and a custom one.
 *
 * ```sh
 * deno task train examples/002_fit_evaluate_predict.ts
 * deno task train examples/002_fit_evaluate_predict.ts --data mnist
 * ```
 *
 * The article's TensorBoard has no counterpart here yet; `csvLogger` writes the
 * numbers it would draw.
 *
 * @module
 */
import { dispose } from "@tensorflow/tfjs";
import {
  csvLogger,
  earlyStopping,
  evaluate,
  fit,
  type History,
  learningRateScheduler,
  loadWeights,
  modelCheckpoint,
  type Plugin,
  type PluginList,
  predict,
  reduceLrOnPlateau,
  type RunOptions,
  type Setup,
  terminateOnNan,
} from "@hookloop/hookloop";
import { type Dataset, loadDataset } from "@hookloop/hookloop/data";
import {
  free,
  getModel,
  linear,
  RAMP,
} from "./002_fit_evaluate_predict/models.ts";

/** The sections of the article; the history is that of the first, the main training run. */
export default async function fitEvaluatePredict(
  setup: Setup,
  dataset?: Dataset,
): Promise<History> {
  const { seed, data = "digits" } = setup;
  const history = await usingCallbacks(
    setup,
    dataset ?? await loadDataset(data, { seed }),
  );
  await learningRateOverTime(setup);
  await stopOnNan(setup);
  await customCallback(setup);
  return history;
}

/** 2 Using callbacks: define them, then give them to `fit`, `evaluate` and `predict`. */
async function usingCallbacks(
  setup: Setup,
  { train, validation }: Dataset,
): Promise<History> {
  const modelCheckpointCallback = modelCheckpoint({
    filepath: "checkpoint",
    saveWeightsOnly: true,
    monitor: "val_accuracy",
    mode: "max",
    saveBestOnly: true,
  });

  const model = getModel(setup.seed, setup.options.learningRate);
  const history = await fit(model, train, {
    ...setup.run([modelCheckpointCallback, builtIns(), lifeCycle]),
    epochs: 10,
    batchSize: 64,
    validationData: validation,
    seed: setup.seed,
    ...setup.options,
  });
  await loadWeights(model, `${setup.dir}/checkpoint`);
  await evaluate(model, validation, setup.run([lifeCycle]));
  const outputs = await predict(model, validation.x, setup.run([lifeCycle]));

  dispose(outputs);
  free(model);
  return history;
}

/** 2.1, 2.3, 2.5 and 2.6: built-in plugins with all their options, at their defaults. */
function builtIns(): Plugin[] {
  return [
    // Stops when the metric no longer improves.
    earlyStopping({
      monitor: "val_loss",
      minDelta: 0,
      patience: 0,
      verbose: false,
      mode: "auto",
      baseline: undefined,
      restoreBestWeights: false,
    }),
    // Lowers the learning rate when the metric no longer improves.
    reduceLrOnPlateau({
      monitor: "val_loss",
      factor: 0.1,
      patience: 10,
      verbose: false,
      mode: "auto",
      minDelta: 0.0001,
      cooldown: 0,
      minLr: 0,
    }),
    // Writes the logs of each epoch to a CSV file.
    csvLogger({ filename: "training.csv", separator: ",", append: false }),
    // Stops when the loss becomes NaN.
    terminateOnNan(),
  ];
}

/** Says when each of the three has ended. */
const lifeCycle: Plugin = {
  name: "life-cycle",
  onTrainEnd: (_logs, run) => run.print("fit has ended"),
  onTestEnd(_logs, run) {
    if (run.params.mode === "evaluate") run.print("evaluate has ended");
  },
  onPredictEnd: (_logs, run) => run.print("predict has ended"),
};

/** The initial learning rate for the first 10 epochs, then an exponential decrease. */
export function scheduler(epoch: number, lr: number): number {
  if (epoch < 10) return lr;
  return lr * Math.exp(-0.1);
}

/** 2.2 A learning rate from a function of (epoch, learning rate). */
async function learningRateOverTime(setup: Setup): Promise<void> {
  const callback = learningRateScheduler({ schedule: scheduler });
  const model = linear(20, 10);
  const { history } = await fit(model, RAMP, {
    ...quiet(setup, callback),
    epochs: 15,
    ...setup.options,
  });
  setup.print(
    `Learning rate in the last epoch: ${
      history.learning_rate!.at(-1)!.toFixed(5)
    }`,
  );
  free(model);
}

/** 2.6 The same model and data: its loss grows and grows. */
async function stopOnNan(setup: Setup): Promise<void> {
  const model = linear(20, 10);
  const { outcome } = await fit(model, RAMP, {
    ...quiet(setup, terminateOnNan()),
    epochs: 100,
    ...setup.options,
  });
  setup.print(`It ${outcome.status}: ${outcome.reason}`);
  free(model);
}

/** 2.7 A custom plugin: any object with a hook. */
async function customCallback(setup: Setup): Promise<void> {
  let trainingFinished = false;
  const myCallback = {
    onTrainEnd() {
      trainingFinished = true;
    },
  };
  const model = linear(1, 1);
  await fit(model, { x: [[1]], y: [[1]] }, quiet(setup, myCallback));
  free(model);
  setup.print(`trainingFinished: ${trainingFinished}`);
}

/** Without the progress bar and whatever else the command line adds: Keras' `verbose=0`. */
function quiet(setup: Setup, ...plugins: PluginList): RunOptions {
  return { ...setup.run(), plugins };
}
