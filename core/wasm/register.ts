/**
 * Training kernels for tf.js' wasm backend: what it lacks, and what it does
 * slowly, of the way back through a model.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { addBias } from "./bias.ts";
import {
  conv2D,
  conv2DBackpropFilter,
  conv2DBackpropInput,
  fusedConv2D,
} from "./conv2d.ts";
import {
  depthwiseBackpropFilter,
  depthwiseBackpropInput,
} from "./depthwise.ts";
import { conv3D, conv3DBackpropFilter, conv3DBackpropInput } from "./conv3d.ts";
import { gather } from "./gather.ts";
import { heapOf, type WasmBackend } from "./heap.ts";
import { identity } from "./identity.ts";
import type { Kernel, KernelFunc } from "./kernel.ts";
import { batchMatMul, fusedMatMul } from "./matmul.ts";
import {
  avgPool3DGrad,
  avgPoolGrad,
  maxPool3D,
  maxPool3DGrad,
  maxPoolGrad,
} from "./pooling.ts";
import { registerReluGradient, reluGrad } from "./relu.ts";
import { slice } from "./slice.ts";
import { sum, unsortedSegmentSum } from "./sums.ts";

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
];

/**
 * Registers the training kernels over the wasm backend's own. A second call
 * does nothing. Call it once `tf.setBackend("wasm")` has come back true; other
 * backends are left as they are.
 */
export function registerTrainingKernels(): void {
  if (tf.getKernel(reluGrad.name, BACKEND)) return;
  for (const kernel of KERNELS) register(kernel);
  registerReluGradient();
}

function register({ name, run }: Kernel): void {
  const stock: tf.KernelConfig | undefined = tf.getKernel(name, BACKEND);
  const kernelFunc: KernelFunc = (params) => {
    const { inputs, attrs, backend } = params;
    const heap = heapOf(backend as WasmBackend);
    return run({
      inputs,
      attrs,
      heap,
      stock: () => callStock(name, stock, params),
    });
  };
  if (stock) tf.unregisterKernel(name, BACKEND);
  tf.registerKernel({
    ...stock,
    kernelName: name,
    backendName: BACKEND,
    kernelFunc,
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
