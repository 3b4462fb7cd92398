/**
 * Training kernels for tf.js' wasm backend in Deno: the gradients it lacks, the
 * ones it computes slowly or wrongly, optimizers that update a weight in one
 * pass, and threads to run them on. Models, layers and training loops stay as
 * they are; they only run faster, or run at all.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { startThreadedBackend } from "@hookloop/wasm";
 *
 * await startThreadedBackend();
 *
 * const model = tf.sequential({
 *   layers: [
 *     tf.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1] }),
 *     tf.layers.flatten(),
 *     tf.layers.dense({ units: 2, activation: "softmax" }),
 *   ],
 * });
 * model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
 * const x = tf.randomNormal([16, 8, 8, 1]);
 * const y = tf.oneHot(tf.range(0, 16, 1, "int32").mod(tf.scalar(2, "int32")), 2);
 * await model.fit(x, y, { epochs: 2, verbose: 0 });
 * ```
 *
 * @module
 */
export { registerTrainingKernels } from "./runtime/register.ts";
export { startThreadedBackend } from "./runtime/threaded_backend.ts";
