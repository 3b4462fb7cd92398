/**
 * The numbers of tensors as bytes, and tensors from them, bit for bit.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import type { SavedTensor } from "../../steps.ts";
import { onHost } from "../on_host.ts";

/** A tensor and what it is called. */
export interface NamedTensor {
  /** Unique within its list. */
  readonly name: string;
  /** The tensor, of any type but string. */
  readonly tensor: tf.Tensor;
}

/**
 * The numbers of tensors as they are now; what happens to the tensors later does
 * not reach them. A promise only on a GPU, whose work must be waited for.
 *
 * @param list The tensors, still the caller's.
 */
export function savedTensors(
  list: readonly NamedTensor[],
): SavedTensor[] | Promise<SavedTensor[]> {
  return onHost()
    ? list.map((it) => savedOf(it, it.tensor.dataSync()))
    : readAll(list);
}

async function readAll(list: readonly NamedTensor[]): Promise<SavedTensor[]> {
  // The reads begin at once; the clones share the numbers, and keep them there
  // should the tensors be freed or changed before they are read.
  const clones = list.map(({ tensor }) => tf.keep(tensor.clone()));
  try {
    const read = await Promise.all(clones.map((clone) => clone.data()));
    return list.map((it, i) => savedOf(it, read[i]!));
  } finally {
    tf.dispose(clones);
  }
}

function savedOf(
  { name, tensor }: NamedTensor,
  values: tf.TypedArray,
): SavedTensor {
  // On cpu and on a GPU a read may be the tensor's own memory, on wasm it is a copy.
  const own = tf.getBackend() === "wasm" ? values : values.slice();
  const { buffer, byteOffset, byteLength } = own;
  const data = new Uint8Array(buffer, byteOffset, byteLength);
  return { name, shape: [...tensor.shape], dtype: tensor.dtype, data };
}

/** How the numbers of a tensor lie in memory, by type. */
const ARRAYS = {
  float32: Float32Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

/**
 * A tensor with saved numbers, which the caller frees; no `tf.tidy` does.
 *
 * @param saved The numbers.
 * @throws {InputError} If no tensor has them: another type, or too few bytes.
 */
export function tensorOf({ name, shape, dtype, data }: SavedTensor): tf.Tensor {
  const type = dtype as keyof typeof ARRAYS;
  const size = tf.util.sizeFromShape([...shape]);
  const bytes = size * (ARRAYS[type]?.BYTES_PER_ELEMENT ?? NaN);
  if (data.byteLength !== bytes) {
    throw new InputError(
      `Cannot take back "${name}": ${data.byteLength} bytes are no tensor of type "${dtype}" and shape [${shape}]`,
    );
  }
  // A copy, since tf.js keeps what it is given, and aligned.
  const values = new ARRAYS[type](data.slice().buffer);
  return tf.keep(tf.tensor(values, [...shape], type));
}
