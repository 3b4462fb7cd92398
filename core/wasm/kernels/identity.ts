/**
 * Clones that copy nothing.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { input, type Kernel } from "../runtime/kernel.ts";

/**
 * The same data with one more reference to it, as on tf.js' other backends. The
 * stock kernel copies it, some thirty times a step: tf.js clones what it keeps
 * for the backward pass.
 */
export const identity: Kernel = {
  name: tf.Identity,
  run(call) {
    const { dataId, shape, dtype } = input(call, "x");
    call.heap.backend.incRef(dataId);
    return { dataId, shape, dtype };
  },
};
