/**
 * A copy that is none.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { input, type Kernel } from "../runtime/kernel.ts";

/**
 * The same data under one more reference, as on tf.js' other backends. The
 * stock kernel copies it, some thirty times a step: tf.js clones what it keeps
 * for the way back.
 */
export const identity: Kernel = {
  name: tf.Identity,
  run(call) {
    const { dataId, shape, dtype } = input(call, "x");
    call.heap.backend.incRef(dataId);
    return { dataId, shape, dtype };
  },
};
