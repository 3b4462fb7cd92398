/**
 * "Callback": the order of the hooks and their log keys, early stopping with
 * restored weights, checkpoints and how to load them, and two learning-rate
 * plugins, each alone and both together.
 *
 * ```sh
 * deno task train examples/003_hooks_and_logs.ts
 * deno task train examples/003_hooks_and_logs.ts --data fashion-mnist
 * ```
 *
 * @module
 */
import { dispose } from "@tensorflow/tfjs";
import {
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
} from "@hookloop/hookloop";
import { type Dataset, loadDataset } from "@hookloop/hookloop/data";
import { plotHistory } from "@hookloop/hookloop/plot";
import { customCallback } from "./003_hooks_and_logs/custom_callback.ts";
import {
  lrSchedule,
  lrScheduleThatKeeps,
} from "./003_hooks_and_logs/lr_schedule.ts";
import {
  getMnist,
  type Mnist,
  withModel,
} from "./003_hooks_and_logs/model_and_data.ts";
import { myEarlyStopping } from "./003_hooks_and_logs/my_early_stopping.ts";

/** The sections of the article, one after the other. */
export default async function hooksAndLogs(
  setup: Setup,
  dataset?: Dataset,
): Promise<History> {
  const { seed, data = "digits" } = setup;
  const mnist = getMnist(dataset ?? await loadDataset(data, { seed }));
  await orderOfHooks(setup, mnist);
  setup.print("\nEarly Stopping");
  await early(setup, mnist, myEarlyStopping(5), "loss.svg");
  await early(setup, mnist, earlyStopping({ patience: 5 }), "loss_again.svg");
  setup.print("\nSave Checkpoints");
  await saveCheckpoints(setup, mnist);
  setup.print("\nReduceLROnPlateau");
  await reduceOnPlateau(setup, mnist);
  setup.print("\nLearningRateScheduler");
  await scheduled(setup, mnist);
  setup.print("\nLearningRateScheduler and ReduceLROnPlateau");
  return await both(setup, mnist);
}

/** Which hook runs when, and with which log keys. */
async function orderOfHooks(
  setup: Setup,
  { train, test }: Mnist,
): Promise<void> {
  const line = "-".repeat(100);
  const options = { ...quiet(setup, customCallback), batchSize: 256 };
  await withModel(setup, async (model) => {
    await fit(model, train, { ...options, epochs: 1, validationSplit: 0.5 });
    setup.print(line);
    await evaluate(model, test, options);
    setup.print(line);
    dispose(await predict(model, test.x, options));
  });
}

/** Stops when the validation loss no longer decreases; its curve is saved to `file`. */
async function early(
  setup: Setup,
  { train }: Mnist,
  callback: Plugin,
  file: string,
): Promise<void> {
  await withModel(setup, async (model) => {
    const history = await fit(model, train, {
      ...quiet(setup, callback),
      batchSize: 256,
      epochs: 30,
      validationSplit: 0.5,
      seed: setup.seed,
      ...setup.options,
    });
    // The first epochs would flatten the rest of the curve.
    const startEpoch = history.epoch.length > 5 ? 5 : 1;
    const { svg } = plotHistory(history, { keys: "loss", startEpoch });
    await Deno.writeTextFile(`${setup.dir}/${file}`, svg);
  });
}

/** Saves the weights of each epoch, and loads the last into a new model. */
async function saveCheckpoints(
  setup: Setup,
  { train, test }: Mnist,
): Promise<void> {
  const cpCallback = modelCheckpoint({
    filepath: "checkpoints/weights.{epoch:02d}-{val_loss:.2f}",
    saveWeightsOnly: true,
    verbose: true,
  });
  const { dir } = await withModel(setup, (model) =>
    fit(model, train, {
      ...setup.run([cpCallback]),
      batchSize: 64,
      epochs: 5,
      validationSplit: 0.5,
      seed: setup.seed,
      ...setup.options,
    }));
  // Each training run of an experiment has a folder of its own.
  const checkpointDir = `${dir}/checkpoints`;
  const saved = [...Deno.readDirSync(checkpointDir)].map(({ name }) => name);
  saved.sort().forEach(setup.print);

  await withModel(setup, async (model) => {
    const report = async () => {
      const { loss, accuracy } = await evaluate(model, test, {
        ...quiet(setup),
        batchSize: 256,
      });
      setup.print(
        `test loss is ${loss!.toFixed(3)}, test accuracy is ${
          accuracy!.toFixed(3)
        }`,
      );
    };
    await report();
    await loadWeights(model, `${checkpointDir}/${saved.at(-1)}`);
    await report();
  });
}

/** After three epochs without a better validation loss, the learning rate is halved. */
async function reduceOnPlateau(setup: Setup, mnist: Mnist): Promise<void> {
  const reduceLr = reduceLrOnPlateau({
    monitor: "val_loss",
    factor: 0.5,
    minLr: 1e-5,
    patience: 3,
    verbose: true,
  });
  await fifteenEpochs(setup, mnist, [reduceLr]);
}

/** A tenth of the learning rate every five epochs. */
async function scheduled(setup: Setup, mnist: Mnist): Promise<void> {
  const scheduler = learningRateScheduler({
    schedule: lrSchedule(setup.print),
  });
  await fifteenEpochs(setup, mnist, [scheduler]);
}

/** Both together: the schedule comes last and wins, unless it looks at the learning rate it is given. */
async function both(setup: Setup, mnist: Mnist): Promise<History> {
  const scheduler = learningRateScheduler({
    schedule: lrScheduleThatKeeps(setup.print),
  });
  const reduceLr = reduceLrOnPlateau({
    monitor: "val_loss",
    factor: 0.1,
    minLr: 1e-7,
    patience: 2,
    verbose: true,
  });
  return await fifteenEpochs(setup, mnist, [reduceLr, scheduler]);
}

async function fifteenEpochs(
  setup: Setup,
  { train }: Mnist,
  plugins: PluginList,
): Promise<History> {
  return await withModel(setup, (model) =>
    fit(model, train, {
      ...setup.run(plugins),
      batchSize: 64,
      epochs: 15,
      validationSplit: 0.5,
      seed: setup.seed,
      ...setup.options,
    }));
}

/** Without the progress bar and whatever else the command line adds: Keras' `verbose=0`. */
function quiet(setup: Setup, ...plugins: Plugin[]): RunOptions {
  return { ...setup.run(), plugins };
}
