/**
 * Whether labels are class indices.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { onHost } from "../on_host.ts";
import type { TypedArray } from "./forms.ts";
import type { TensorSpec } from "./tensor_spec.ts";

/**
 * Reject labels that are not indices of the output's classes: tf.js would
 * silently train on them, as samples of no class.
 *
 * @param spec A target whose loss expects class indices.
 * @throws {InputError} If a label is not a whole number below the number of classes.
 */
export function checkClassIndices(labels: TypedArray, spec: TensorSpec): void {
  const classes = spec.shape.at(-1) ?? Infinity;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (label >= 0 && label < classes && Number.isInteger(label)) continue;
    throw new InputError(
      `Cannot use y: loss "${spec.loss}" of output "${spec.name}" expects class indices, whole numbers from 0 to ${
        classes - 1
      }; y[${i}] is ${label}`,
    );
  }
}

/**
 * The same for labels in a tensor. Where reading it is cheap, they are checked
 * at once.
 *
 * @returns Undefined if they are good; on a GPU, a promise that is rejected if
 * they are not.
 * @throws {InputError} As {@linkcode checkClassIndices}.
 */
export function checkClassTensor(
  tensor: tf.Tensor,
  spec: TensorSpec,
): Promise<void> | undefined {
  if (!onHost()) return checkedLater(tensor, spec);
  checkClassIndices(tensor.dataSync() as TypedArray, spec);
  return undefined;
}

async function checkedLater(tensor: tf.Tensor, spec: TensorSpec) {
  // The batch may be freed before its labels are here.
  const own = tensor.clone();
  try {
    checkClassIndices(await own.data() as TypedArray, spec);
  } finally {
    own.dispose();
  }
}
