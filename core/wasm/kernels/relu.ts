/**
 * ReLU's gradient in one pass.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runByValue } from "../runtime/elementwise.ts";
import { address, output } from "../runtime/heap.ts";
import { input, type Kernel } from "../runtime/kernel.ts";
import { sizeOf } from "../runtime/shape.ts";

const NAME = "ReluGrad";

/**
 * `dy` where `y` is above 0, else 0: one pass, where tf.js makes a tensor of
 * zeros and ones and multiplies by it.
 */
export const reluGrad: Kernel = {
  name: NAME,
  run(call) {
    const { heap } = call;
    const dy = input(call, "dy"), y = input(call, "y");
    const dx = output(heap, dy.shape);
    const arrays = [dy, y, dx].map((t) => address(heap, t));
    runByValue(heap, "reluGradient", sizeOf(dy.shape), arrays, [], 2);
    return dx;
  },
};

/**
 * Replaces ReLU's gradient by one that runs the kernel above on the wasm
 * backend, and does what it did on any other.
 */
export function registerReluGradient(): void {
  const stock = tf.getGradient(tf.Relu);
  tf.unregisterGradient(tf.Relu);
  tf.registerGradient({
    ...stock,
    gradFunc(dy, saved, attrs) {
      const [x] = saved;
      const fused = tf.getBackend() === "wasm" && x?.dtype === "float32" &&
        !Array.isArray(dy);
      return fused
        ? { x: () => runReluGrad(dy, x) }
        : stock.gradFunc(dy, saved, attrs);
    },
  });
  // For second derivatives: ReluGrad is linear in dy and flat in y.
  tf.registerGradient({
    kernelName: NAME,
    inputsToSave: ["y"],
    gradFunc: (d, [y]) => {
      const at = y as tf.Tensor;
      return {
        dy: () => runReluGrad(d as tf.Tensor, at),
        y: () => tf.zerosLike(at),
      };
    },
  });
}

function runReluGrad(dy: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel(NAME, { dy, y });
}
