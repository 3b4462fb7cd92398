/**
 * Checkpoints: tf.js' own layers format in a folder, `model.json` and
 * `weights.bin`, which `tf.loadLayersModel` reads anywhere.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { CLASSES_FILE, classesJson, classNames } from "./class_names.ts";
import {
  type CheckpointJson,
  jsonOf,
  readModelJson,
  readSlots,
  readWeights,
  SLOTS_FILE,
  WEIGHTS_FILE,
} from "./checkpoint_files.ts";
import { matchWeights, weightShapes } from "./named_weights.ts";
import {
  NO_SLOTS,
  restoreAdam,
  restoreAdamax,
  slotsOf,
} from "./optimizer_slots.ts";
import { trainingConfig } from "./training_config.ts";
import { writeCheckpoint } from "./write_checkpoint.ts";

/**
 * An IO handler for `model.save` and `tf.loadLayersModel` under Deno.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 *
 * await tf.setBackend("cpu");
 * const dir = await Deno.makeTempDir();
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
 * });
 * await model.save(fileHandler(dir));
 * const copy = await tf.loadLayersModel(fileHandler(dir));
 * console.log(copy.countParams());
 * ```
 *
 * @param dir The checkpoint's folder; created when saving.
 */
export function fileHandler(
  dir: string,
): ReturnType<typeof tf["io"]["fromMemory"]> {
  return {
    async save(artifacts) {
      const { weightData, weightSpecs = [], ...about } = artifacts;
      await writeCheckpoint(dir, {
        numbers: [[WEIGHTS_FILE, joined(weightData)]],
        json: (nameOf, files) =>
          jsonOf(about, weightSpecs, nameOf(WEIGHTS_FILE), files),
      });
      return {
        modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts),
      };
    },
    async load() {
      return await artifactsIn(dir, await readModelJson(dir));
    },
  };
}

/**
 * Write `model` into the folder `dir`: topology, weights and, if it is
 * compiled, losses, metrics and the optimizer with its slots and its current
 * learning rate; and `classes.json`, if the model's user-defined metadata name
 * its `classes`. An existing checkpoint is overwritten; other files stay. No
 * file can hold a custom function: a custom metric is left out, and with a
 * custom loss everything that `compile` was given is left out.
 *
 * @param model The model.
 * @param dir The folder; created if needed.
 * @param options Whether to write only the weights.
 * @throws {InputError} If the folder cannot be written.
 */
export async function saveModel(
  model: InstanceType<typeof tf["LayersModel"]>,
  dir: string,
  { weightsOnly = false }: { readonly weightsOnly?: boolean | undefined } = {},
): Promise<void> {
  const artifacts = await artifactsOf(model);
  const { weightData, weightSpecs = [], modelTopology, ...about } = artifacts;
  const config = weightsOnly ? undefined : trainingConfig(model);
  const slots = config ? await slotsOf(model.optimizer) : NO_SLOTS;
  const json = {
    ...(weightsOnly ? {} : { modelTopology }),
    ...about,
    ...(config && { trainingConfig: config }),
    ...(slots.adam && { adam: slots.adam }),
    ...(slots.adamax && { adamax: slots.adamax }),
  };
  const weights = new Blob([joined(weightData), slots.data]);
  const classes = classNames(model);
  const specs = [...weightSpecs, ...slots.specs];
  await writeCheckpoint(dir, {
    numbers: [
      [WEIGHTS_FILE, await weights.bytes()],
      ...(slots.adamax ? [[SLOTS_FILE, slots.adamaxData] as const] : []),
    ],
    others: classes ? [[CLASSES_FILE, classesJson(classes)]] : [],
    json: (nameOf, files) => jsonOf(json, specs, nameOf(WEIGHTS_FILE), files),
  });
}

/**
 * Load a model from a checkpoint: topology, weights and, if present, losses,
 * metrics and the optimizer with its slots, ready to continue training.
 *
 * @param dir The checkpoint's folder.
 * @throws {InputError} If it cannot be read, holds only weights, or has a layer
 * that tf.js does not know.
 */
export async function loadModel(
  dir: string,
): Promise<InstanceType<typeof tf["LayersModel"]>> {
  const json = await readModelJson(dir);
  if (!json.modelTopology) {
    throw new InputError(
      `Cannot load a model from "${dir}": it holds only weights; build the model and load them with loadWeights(model, "${dir}")`,
    );
  }
  const artifacts = await artifactsIn(dir, json);
  const slots = await readSlots(dir, json);
  try {
    const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
    if (json.adam) restoreAdam(model.optimizer, json.adam);
    if (json.adamax) restoreAdamax(model.optimizer, json.adamax, slots!);
    return model;
  } catch (error) {
    const { message } = error as Error;
    throw new InputError(`Cannot load a model from "${dir}": ${message}`, {
      cause: error,
    });
  }
}

/**
 * Load the weights of a checkpoint, whether of a whole model or of weights
 * only, into `model`. The optimizer is not changed.
 *
 * @param model A built model with weights of the same names and shapes.
 * @param dir The checkpoint's folder.
 * @throws {InputError} If it cannot be read or belongs to another model; the
 * model is then unchanged.
 */
export async function loadWeights(
  model: InstanceType<typeof tf["LayersModel"]>,
  dir: string,
): Promise<void> {
  const { weightSpecs, weightData } = await readWeights(
    dir,
    await readModelJson(dir),
  );
  const saved = weightSpecs.filter(({ group }) => group !== "optimizer");
  const matches = matchWeights(weightShapes(model), saved, dir);
  const tensors = tf.io.decodeWeights(weightData, weightSpecs);
  model.weights.forEach((weight, i) =>
    weight.write(tensors[saved[matches[i]!]!.name]!)
  );
  tf.dispose(tensors);
}

/** What tf.js would save of `model`, without the optimizer. */
async function artifactsOf(
  model: InstanceType<typeof tf["LayersModel"]>,
): Promise<tf.io.ModelArtifacts> {
  const { promise, resolve } = Promise.withResolvers<tf.io.ModelArtifacts>();
  await model.save(tf.io.withSaveHandler((artifacts) => {
    resolve(artifacts);
    return Promise.resolve({
      modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts),
    });
  }));
  return await promise;
}

async function artifactsIn(
  dir: string,
  json: CheckpointJson,
): Promise<tf.io.ModelArtifacts> {
  const { weightsManifest: _, adam: __, adamax: ___, files: ____, ...about } =
    json;
  return { ...about, ...await readWeights(dir, json) } as tf.io.ModelArtifacts;
}

function joined(data: tf.io.WeightData | undefined): Uint8Array<ArrayBuffer> {
  return new Uint8Array(tf.io.CompositeArrayBuffer.join(data));
}
