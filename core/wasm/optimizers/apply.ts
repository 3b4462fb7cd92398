/**
 * The updates of weights as kernels of the backend, under the names that
 * TensorFlow has for them: who measures kernels sees them too.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runByValue } from "../runtime/elementwise.ts";
import { address, type Heap } from "../runtime/heap.ts";
import { input, type Kernel } from "../runtime/kernel.ts";

/** The SIMD kernel of each. */
const NAMES = {
  sgd: "ApplyGradientDescent",
  momentum: "ApplyMomentum",
  adagrad: "ApplyAdagrad",
  adadelta: "ApplyAdadelta",
  rmsprop: "ApplyRMSProp",
  rmspropCentered: "ApplyCenteredRMSProp",
  adam: "ApplyAdam",
  adamax: "ApplyAdaMax",
} as const;

/** An update, by its SIMD kernel. */
export type UpdateName = keyof typeof NAMES;

/** Takes a weight, its gradient and slots; what it returns is the weight, changed in place. */
export const applyKernels: readonly Kernel[] = Object.entries(NAMES).map(
  ([update, name]) => ({
    name,
    run(call) {
      const { settings } = call.attrs as { settings: readonly number[] };
      const weight = input(call, "weight");
      const at = Object.values(call.inputs).map((it) =>
        address(call.heap, it!)
      );
      const size = tf.util.sizeFromShape(weight.shape);
      runByValue(call.heap, update as UpdateName, size, at, settings, 8);
      return weight;
    },
  }),
);

/**
 * Update a weight in place.
 *
 * @param inputs The weight, its gradient and its slots, in the order in which the SIMD kernel takes them.
 */
export function applyUpdate(
  { backend }: Heap,
  update: UpdateName,
  inputs: { readonly weight: tf.TensorInfo } & tf.NamedTensorInfoMap,
  settings: readonly number[],
): void {
  const { kernelFunc } = tf.getKernel(NAMES[update], "wasm");
  kernelFunc({ inputs, attrs: { settings: [...settings] }, backend });
}
