/**
 * Why a loss is NaN or infinite: the last training step is gone through again,
 * and the first numbers that are not finite are named.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { NonFinite, WeightEntry } from "../../plugin.ts";
import type { Resources, WeightStore } from "../../steps.ts";
import type { Batch } from "../data/batch.ts";
import type { CompiledModel } from "./compiled_model.ts";
import { recordOutputs } from "./layer_outputs.ts";
import { forward, outputLosses, totalLoss } from "./losses.ts";

/** What a step is made of. */
export interface SearchedStep {
  /** The model, as the user has it, */
  readonly model: tf.LayersModel;
  /** and as the steps do. */
  readonly compiled: CompiledModel;
  /** Its weights. */
  readonly weights: WeightStore;
  /** What it trains. */
  readonly variables: tf.Variable[];
  /** Class weights by output. */
  readonly tables: readonly (Float32Array | undefined)[];
  /** The last batch, while it is at hand. */
  last(): Batch | undefined;
}

/** Something to look at, in the order in which a step computes it. */
interface Suspect {
  readonly part: NonFinite["part"];
  readonly name: string;
  readonly layer?: string;
  readonly shape: readonly number[];
  values(): Promise<ArrayLike<number>>;
}

/**
 * A search in the steps of a model. It changes nothing: weights that a layer
 * sets while it computes, such as a batch normalization's, are put back.
 */
export function firstNonFinite(
  step: SearchedStep,
): NonNullable<Resources["firstNonFinite"]> {
  return async (where) => {
    const weights = step.weights.entries().map(weightSuspect);
    if (where === "weights") return await first(weights);
    const batch = step.last();
    if (!batch || batch.inputs.some(({ isDisposed }) => isDisposed)) {
      throw new Error(
        "the last batch is not there any more: search in onTrainBatchEnd",
      );
    }
    // At once, while the numbers that the step drew are at hand.
    const { suspects, dispose } = again(step, batch);
    try {
      const early = await first([...dataSuspects(step, batch), ...weights]);
      if (early) return early;
      const found = await first(suspects);
      return found && { ...found, largestWeight: await largest(weights) };
    } finally {
      dispose();
    }
  };
}

function dataSuspects(
  { model, compiled: { outputNames } }: SearchedStep,
  { inputs, targets, sampleWeights }: Batch,
): Suspect[] {
  const { inputNames } = model;
  return [
    ...inputs.map((it, i) => suspect("input", inputNames[i]!, it)),
    ...targets.map((it, i) => suspect("target", outputNames[i]!, it)),
    ...sampleWeights.flatMap((it, i) =>
      it ? [suspect("sampleWeight", outputNames[i]!, it)] : []
    ),
  ];
}

/** What the step computes, layer by layer, then backwards. */
function again(
  { model, compiled, weights, variables, tables }: SearchedStep,
  batch: Batch,
): { suspects: Suspect[]; dispose(): void } {
  const kept: Suspect[] = [];
  const tensors: tf.Tensor[] = [];
  const keep = (
    part: Suspect["part"],
    name: string,
    tensor: tf.Tensor,
    layer?: string,
  ) => {
    const copy = tf.keep(tensor.clone());
    tensors.push(copy);
    kept.push(suspect(part, name, copy, layer));
  };
  const all = model.weights.map((weight) => weight.read());
  const before = weights.snapshot({ optimizer: false });
  using _recording = recordOutputs(
    model,
    (layer, output) => keep("output", layer, output, layer),
  );
  try {
    tf.tidy(() => {
      const { value, grads } = compiled.optimizer.computeGradients(() => {
        const outputs = forward(compiled, batch.inputs, true);
        compiled.lossFunctions.forEach((lossOf, i) =>
          keep(
            "loss",
            compiled.outputNames[i]!,
            lossOf(batch.targets[i]!, outputs[i]!),
          )
        );
        return totalLoss(
          compiled,
          outputLosses(compiled, batch, outputs, tables),
        );
      }, variables);
      keep("totalLoss", "loss", value);
      // The last layer's come first.
      for (const variable of variables.toReversed()) {
        const gradient = grads[variable.name];
        const at = all.indexOf(variable);
        const { name, layer } = weights.entries()[at]!;
        if (gradient) keep("gradient", name, gradient, layer);
      }
    });
  } catch (error) {
    tf.dispose(tensors);
    throw error;
  } finally {
    weights.restore(before);
    before.dispose();
  }
  return { suspects: kept, dispose: () => tf.dispose(tensors) };
}

function suspect(
  part: Suspect["part"],
  name: string,
  tensor: tf.Tensor,
  layer?: string,
): Suspect {
  return {
    ...{ part, name, shape: tensor.shape },
    ...layer === undefined ? {} : { layer },
    values: async () => tensor.dtype === "float32" ? await tensor.data() : [],
  };
}

function weightSuspect({ layer, name, shape, values }: WeightEntry): Suspect {
  return { part: "weight", name, layer, shape, values };
}

async function first(
  suspects: readonly Suspect[],
): Promise<NonFinite | undefined> {
  for (const { part, name, layer, shape, values } of suspects) {
    const numbers = await values();
    let count = 0;
    let start = -1;
    for (let i = 0; i < numbers.length; i++) {
      if (Number.isFinite(numbers[i])) continue;
      if (count++ === 0) start = i;
    }
    if (count === 0) continue;
    return {
      ...{ part, name, count, value: numbers[start]!, size: numbers.length },
      ...layer === undefined ? {} : { layer },
      at: indexIn(shape, start),
    };
  }
  return undefined;
}

/** The index in each dimension. */
function indexIn(shape: readonly number[], flat: number): number[] {
  let rest = flat;
  return shape.toReversed().map((length) => {
    const index = rest % length;
    rest = (rest - index) / length;
    return index;
  }).reverse();
}

async function largest(weights: readonly Suspect[]): Promise<number> {
  let most = 0;
  for (const { values } of weights) {
    for (const value of Array.from(await values())) {
      most = Math.max(most, Math.abs(value));
    }
  }
  return most;
}
