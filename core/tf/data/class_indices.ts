/**
 * Whether labels are class indices.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
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
