/**
 * Who loops: `fit`, `train` with a step of one's own or with gradients, and
 * loops by hand, with iterators and with the hooks themselves.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  accumulate,
  callbackList,
  clipByGlobalNorm,
  fit,
  type History,
  type Random,
  tfGradientSteps,
  tfResources,
  train,
} from "../../mod.ts";
import type { HostOptions, ResumeOptions } from "../../core/run/run_options.ts";
import {
  BATCH,
  type Samples,
  samplesFor,
  trainingData,
  validationOf,
} from "./models.ts";
import type { Setting } from "./setting.ts";

/** What every loop gets. */
export interface Looped {
  readonly setting: Setting;
  readonly model: tf.LayersModel;
  readonly options: HostOptions & ResumeOptions;
}

type Pair = readonly [x: tf.Tensor, y: tf.Tensor];

/** Run a setting to its end. */
export function loop(looped: Looped): Promise<History> {
  return LOOPS[looped.setting.loop](looped);
}

const LOOPS: Readonly<
  Record<Setting["loop"], (looped: Looped) => Promise<History>>
> = { fit: byFit, step: byStep, gradients: byGradients, epochs, hooks };

function byFit({ setting, model, options }: Looped): Promise<History> {
  const { training, validation } = samplesFor(setting.model);
  const { epochs, stepsPerEpoch, validationFreq, seed } = setting;
  return fit(model, trainingData(setting, training), {
    ...options,
    ...{ epochs, stepsPerEpoch, validationFreq, seed },
    ...setting.data === "arrays" && { batchSize: BATCH },
    shuffle: setting.model !== "stateful",
    ...validationOptions(setting, validation),
    gradients: transformsOf(setting),
  });
}

function validationOptions(setting: Setting, samples: Samples) {
  const { data, steps } = validationOf(setting, samples);
  return {
    validationData: data,
    validationSteps: steps,
    ...setting.validation === "arrays" && { validationBatchSize: BATCH },
  };
}

/** The transforms of a setting. */
export function transformsOf({ gradients }: Setting) {
  return gradients.map((it) =>
    it === "clip" ? clipByGlobalNorm(0.5) : accumulate(3)
  );
}

/** The parts of steps of one's own. */
function parts({ setting, model }: Looped) {
  const { training, validation } = samplesFor(setting.model);
  const { optimizer } = model;
  const variables = model.trainableWeights.map((it) => it.read()) as //
  tf.Variable[];
  /** With noise that the step draws. */
  function lossOf([x, y]: Pair, random: Random): tf.Scalar {
    const noisy = tf.tidy(() => x.add(0.1 * random.normal()));
    const output = model.apply(noisy, { training: true }) as tf.Tensor;
    const target = tf.oneHot(y.toInt(), 3);
    return tf.losses.softmaxCrossEntropy(target, output) as tf.Scalar;
  }
  return {
    training: pairs(training),
    validation: pairs(validation),
    lossOf,
    variables,
    optimizer,
    resources: tfResources({ model }),
    step: (pair: Pair, random: Random) =>
      optimizer.minimize(() => lossOf(pair, random), true, variables)!,
    test: (pair: Pair, random: Random) => tf.tidy(() => lossOf(pair, random)),
  };
}

function pairs({ x, y }: Samples): Pair[] {
  const all: Pair[] = [];
  for (let from = 0; from < x.length; from += BATCH) {
    all.push([
      tf.tensor(x.slice(from, from + BATCH) as tf.TensorLike),
      tf.tensor1d(y.slice(from, from + BATCH)),
    ]);
  }
  return all;
}

function byStep(looped: Looped): Promise<History> {
  const { epochs, seed } = looped.setting;
  const { training, validation, resources, step, test } = parts(looped);
  return train(
    {
      ...resources,
      metrics: ["loss"],
      trainStep: (pair: Pair, { random }) => ({ loss: step(pair, random) }),
      testStep: (pair: Pair, { random }) => ({ loss: test(pair, random) }),
      sizeOf: ([x]) => x.shape[0]!,
    },
    training,
    { ...looped.options, epochs, seed, validation },
  );
}

function byGradients(looped: Looped): Promise<History> {
  const { setting, options } = looped;
  const { epochs, seed } = setting;
  const { training, validation, resources, lossOf, ...rest } = parts(looped);
  const { variables, optimizer, test } = rest;
  return train(
    {
      ...resources,
      ...tfGradientSteps({
        loss: (pair: Pair, { random }) => lossOf(pair, random),
        variables,
        optimizer,
      }),
      metrics: ["loss"],
      testStep: (pair: Pair, { random }) => ({ loss: test(pair, random) }),
    },
    () => training.values(),
    {
      ...options,
      ...{ epochs, seed, validation },
      gradients: transformsOf(setting),
    },
  );
}

async function epochs(looped: Looped): Promise<History> {
  const { epochs, seed } = looped.setting;
  const { training, validation, resources, step, test } = parts(looped);
  await using list = callbackList({
    ...resources,
    ...looped.options,
    ...{ metrics: ["loss"], validation: true, epochs, seed },
  });
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches(training)) {
      await batch.end({ loss: step(batch.data, batch.random) }, 8);
    }
    for await (const batch of epoch.validate(validation)) {
      await batch.end({ loss: test(batch.data, batch.random) });
    }
  }
  return list.history;
}

/** Batch by batch, where `position` says; the last loss is its own to keep. */
async function hooks(looped: Looped): Promise<History> {
  const { epochs, seed } = looped.setting;
  const { training, resources, step } = parts(looped);
  let loss = 0;
  await using list = callbackList({
    ...resources,
    ...looped.options,
    keeps: {
      save: () => loss,
      load: (saved) => void (loss = saved as number),
    },
    ...{ metrics: ["loss"], epochs, seed },
  });
  await list.onTrainBegin();
  let { epoch, batch } = list.position;
  for (; epoch < epochs && (batch > 0 || !list.stopped); epoch++) {
    await list.onEpochBegin(epoch);
    for (; batch < training.length; batch++) {
      if (batch > 0 && list.stopped) break;
      await list.onTrainBatchBegin(batch);
      const value = step(training[batch]!, { normal: Math.random } as Random);
      loss = value.dataSync()[0]!;
      value.dispose();
      await list.onTrainBatchEnd(batch, { loss });
    }
    batch = 0;
    await list.onEpochEnd(epoch, { loss });
  }
  await list.onTrainEnd();
  return list.history;
}
