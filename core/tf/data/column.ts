/**
 * Samples of one input or output, from which batches are taken.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { sizeOf } from "../../shape.ts";
import { onHost } from "../on_host.ts";
import type { TypedArray } from "./forms.ts";

/** Samples in memory or on the device. */
export interface Column {
  /** Number of samples. */
  readonly count: number;
  /** Samples `start` to `end - 1`: a tensor that the caller owns. */
  slice(start: number, end: number): tf.Tensor;
  /** The samples at these indices, in this order: a tensor that the caller owns. */
  gather(indices: Uint32Array): tf.Tensor;
  /** Its numbers, sample after sample; undefined where reading them would make a GPU wait. */
  numbers?(): ArrayLike<number> | undefined;
  /** Rejected if its numbers, which are on a GPU, turn out to be wrong; undefined if they are known to be right. */
  readonly checked?: Promise<void> | undefined;
}

/**
 * Samples in a typed array. Float32 numbers are served as views; others are
 * converted batch by batch, so that a `Uint8Array` of images stays small.
 *
 * @param values The numbers, sample after sample.
 * @param sample Shape of one sample.
 * @param dtype Type of the tensors.
 */
export function arrayColumn(
  values: TypedArray,
  sample: readonly number[],
  dtype: "float32" | "int32",
): Column {
  const size = sizeOf(sample);
  const Numbers = dtype === "int32" ? Int32Array : Float32Array;
  let scratch = new Numbers(0);

  function toTensor(numbers: Float32Array | Int32Array): tf.Tensor {
    return tf.tensor(numbers, [numbers.length / size, ...sample], dtype);
  }
  /** An array to gather a batch in: reused on wasm, where a tensor copies its numbers. */
  function scratchOf(length: number): Float32Array | Int32Array {
    if (tf.getBackend() !== "wasm") return new Numbers(length);
    if (scratch.length < length) scratch = new Numbers(length);
    return scratch.subarray(0, length);
  }
  return {
    count: values.length / size,
    numbers: () => values,
    slice(start, end) {
      const view = values.subarray(start * size, end * size);
      return toTensor(view instanceof Numbers ? view : new Numbers(view));
    },
    gather(indices) {
      const batch = scratchOf(indices.length * size);
      if (size === 1) {
        for (let i = 0; i < batch.length; i++) batch[i] = values[indices[i]!]!;
        return toTensor(batch);
      }
      for (let i = 0; i < indices.length; i++) {
        const start = indices[i]! * size;
        batch.set(values.subarray(start, start + size), i * size);
      }
      return toTensor(batch);
    },
  };
}

/**
 * Samples in a tensor, which the caller still owns.
 *
 * @param tensor The samples along its first dimension.
 * @param sample Shape in which to serve a sample.
 * @param dtype Type in which to serve them. Default: the tensor's.
 */
export function tensorColumn(
  tensor: tf.Tensor,
  sample: readonly number[],
  dtype: tf.DataType = tensor.dtype,
): Column {
  const count = tensor.shape[0] ?? 0;
  return {
    count,
    numbers: () => onHost() ? tensor.dataSync() : undefined,
    slice(start, end) {
      return tf.tidy(() => {
        // A reshape shares the numbers; a full slice copies them.
        const all = start === 0 && end === count;
        const part = all ? tensor : tensor.slice([start], [end - start]);
        return part.reshape([end - start, ...sample]).cast(dtype);
      });
    },
    gather(indices) {
      return tf.tidy(() =>
        tf.gather(tensor, tf.tensor1d(Int32Array.from(indices), "int32"))
          .reshape([indices.length, ...sample]).cast(dtype)
      );
    },
  };
}
