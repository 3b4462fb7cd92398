/**
 * Registration of the training kernels: what tf.js' wasm backend lacks, or does
 * slowly, of the backward pass through a model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { addBias } from "../kernels/bias.ts";
import {
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedConv2D,
} from "../kernels/conv2d.ts";
import {
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
} from "../kernels/depthwise.ts";
import {
  conv3D,
  conv3DBackpropFilter,
  conv3DBackpropInput,
} from "../kernels/conv3d.ts";
import { gather } from "../kernels/gather.ts";
import { heapOf, type WasmBackend } from "./heap.ts";
import { identity } from "../kernels/identity.ts";
import type { Kernel, KernelFunc } from "./kernel.ts";
import { batchMatMul, fusedMatMul } from "../kernels/matmul.ts";
import {
  avgPool3DGrad,
  avgPoolGrad,
  maxPool3D,
  maxPool3DGrad,
  maxPoolGrad,
} from "../kernels/pooling.ts";
import { applyKernels } from "../optimizers/apply.ts";
import { fuseOptimizers } from "../optimizers/fuse.ts";
import { registerReluGradient, reluGrad } from "../kernels/relu.ts";
import { slice } from "../kernels/slice.ts";
import { sum, unsortedSegmentSum } from "../kernels/sums.ts";

const BACKEND = "wasm";

const KERNELS: readonly Kernel[] = [
  identity,
  addBias,
  batchMatMul,
  fusedMatMul,
  conv2D,
  fusedConv2D,
  conv2DBackpropInput,
  conv2DBackpropFilter,
  conv3D,
  conv3DBackpropInput,
  conv3DBackpropFilter,
  depthwiseBackpropInput,
  depthwiseBackpropFilter,
  maxPoolGrad,
  avgPoolGrad,
  maxPool3D,
  maxPool3DGrad,
  avgPool3DGrad,
  gather,
  slice,
  sum,
  unsortedSegmentSum,
  reluGrad,
  ...applyKernels,
];

/**
 * Registers the training kernels in place of the wasm backend's own, and makes
 * tf.js' optimizers update weights in one pass there: SGD, Momentum, RMSProp,
 * Adam, Adamax, Adagrad and Adadelta, those of models loaded from a file among
 * them. Call it once, before or after `tf.setBackend("wasm")`; a second call
 * does nothing.
 *
 * Other backends are left as they are. So are subclasses of the optimizers and
 * weights that are not float32: tf.js' own update serves them.
 *
 * @example
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { registerTrainingKernels } from "@hookloop/wasm";
 *
 * await tf.setBackend("wasm");
 * registerTrainingKernels();
 *
 * const w = tf.variable(tf.tensor1d([1, 2, 3]));
 * const optimizer = tf.train.adam(0.1);
 * optimizer.minimize(() => tf.sum(tf.square(w)) as tf.Scalar);
 * w.print();
 * ```
 */
export function registerTrainingKernels(): void {
  if (tf.getKernel(reluGrad.name, BACKEND)) return;
  for (const kernel of KERNELS) register(kernel);
  registerReluGradient();
  fuseOptimizers();
  // Its heap is guarded from here on, for the kernels of tf.js too.
  if (tf.getBackend() === BACKEND) {
    heapOf(tf.backend() as unknown as WasmBackend);
  }
}

function register({ name, run }: Kernel): void {
  const stock: tf.KernelConfig | undefined = tf.getKernel(name, BACKEND);
  const kernelFunc: KernelFunc = (params) => {
    const { inputs, attrs, backend } = params;
    const heap = heapOf(backend as WasmBackend);
    const before = heap.outputs.length; // a kernel may call another
    try {
      return run({
        inputs,
        attrs,
        heap,
        stock: () => callStock(name, stock, params),
      });
    } catch (error) {
      for (const { dataId } of heap.outputs.slice(before)) {
        heap.backend.disposeData(dataId);
      }
      throw error;
    } finally {
      heap.outputs.length = before;
    }
  };
  if (stock) tf.unregisterKernel(name, BACKEND);
  tf.registerKernel({
    ...stock,
    kernelName: name,
    backendName: BACKEND,
    kernelFunc,
    // tf.js calls it when the backend is set.
    setupFunc(backend) {
      stock?.setupFunc?.(backend);
      heapOf(backend as unknown as WasmBackend);
    },
  });
}

function callStock(
  name: string,
  stock: tf.KernelConfig | undefined,
  params: Parameters<KernelFunc>[0],
): tf.TensorInfo {
  if (!stock) {
    throw new TypeError(
      `Cannot run kernel "${name}" on the wasm backend: not float32`,
    );
  }
  return stock.kernelFunc(params) as tf.TensorInfo;
}
