/**
 * One training step of a compiled `tf.LayersModel`: by the optimizer alone, or
 * with the gradients handed out in between.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Gradients } from "../../loop/gradients.ts";
import type { Batch } from "../data/batch.ts";
import { presentOf } from "../gradient_steps.ts";
import type { CompiledModel } from "./compiled_model.ts";
import { forward, logValues, outputLosses, totalLoss } from "./losses.ts";
import type { TensorMeans } from "./tensor_means.ts";

/** A training step, in both forms. */
export interface TrainStep {
  /** Update the weights as tf.js does. */
  minimize(batch: Batch): void;
  /** Leave the weights as they are and return the gradients, which the caller frees. */
  gradients(batch: Batch): Gradients<tf.Tensor>;
}

/** What tf.js' ways of differentiating have in common. */
interface Differentiated {
  readonly value: tf.Scalar;
  readonly grads: Gradients<tf.Tensor>;
}

/**
 * A training step.
 *
 * @param variables What it trains.
 * @param tables Class weights by output, as `classTables` returns them; may be
 * empty.
 * @param means Gets the values of the log keys, in the order of `metricNames`,
 * before they are freed.
 */
export function trainStep(
  model: CompiledModel,
  variables: tf.Variable[],
  tables: readonly (Float32Array | undefined)[],
  means: Pick<TensorMeans, "add">,
): TrainStep {
  const { optimizer } = model;

  function run(
    batch: Batch,
    differentiate: (loss: () => tf.Scalar) => Differentiated,
  ): Gradients<tf.Tensor> {
    // What must outlive the gradient tape.
    const kept: tf.Tensor[] = [];
    try {
      return tf.tidy(() => {
        let outputs: tf.Tensor[] = [];
        let losses: tf.Scalar[] = [];
        const { value, grads } = differentiate(() => {
          outputs = forward(model, batch.inputs, true);
          losses = outputLosses(model, batch, outputs, tables);
          for (const tensor of [...outputs, ...losses]) {
            kept.push(tf.keep(tensor));
          }
          return totalLoss(model, losses);
        });
        // After the tape, so that gradients do not flow through the metrics.
        means.add(
          logValues(model, batch, value, losses, outputs),
          batch.size,
        );
        return grads;
      });
    } finally {
      tf.dispose(kept);
    }
  }

  return {
    minimize(batch) {
      run(batch, (loss) => ({
        value: optimizer.minimize(loss, true, variables)!,
        grads: {},
      }));
    },
    gradients: (batch) =>
      run(batch, (loss) => {
        const { value, grads } = optimizer.computeGradients(loss, variables);
        return { value, grads: presentOf(grads) };
      }),
  };
}
