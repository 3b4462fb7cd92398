/**
 * The types of tf.js that the public API takes and gives, by the names tf.js
 * has for them. They are read off its values: `deno doc --lint` takes a type of
 * another package that is named directly for one that should be public here.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** A `tf.LayersModel`. */
export type LayersModel = InstanceType<typeof tf["LayersModel"]>;

/** A `tf.Tensor`. */
export type Tensor = InstanceType<typeof tf["Tensor"]>;

/** A `tf.Optimizer`. */
export type Optimizer = InstanceType<typeof tf["Optimizer"]>;

/** A `tf.Variable`. */
export type Variable = InstanceType<typeof tf["Variable"]>;

/** A `tf.io.IOHandler`. */
export type IOHandler = ReturnType<typeof tf["io"]["fromMemory"]>;

/** A `tf.data.Dataset` that yields batches. Its tensors are freed after use. */
export type BatchDataset = ReturnType<
  typeof tf["data"]["array"]
>;
