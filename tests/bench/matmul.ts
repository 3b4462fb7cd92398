/**
 * A product of two 1024 x 1024 matrices, in a worker of its own: the ceiling
 * that the arithmetic of a step is compared with.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

/** Kept, for XNNPACK prepares a matrix when it first sees it. */
let factors: [tf.Tensor2D, tf.Tensor2D] | undefined;

/** The worker this runs in, as the types of a page do not know it. */
const worker = self as unknown as {
  onmessage: (event: MessageEvent<{ threads: number }>) => void;
  postMessage(answer: { ms: number }): void;
};

/** Threads 0 stands for tf.js' own kernels. */
worker.onmessage = async ({ data: { threads } }) => {
  factors ??= await open(threads);
  const [a, b] = factors;
  const start = performance.now();
  const c = a.matMul(b);
  const ms = performance.now() - start;
  c.dispose();
  worker.postMessage({ ms });
};

async function open(threads: number): Promise<[tf.Tensor2D, tf.Tensor2D]> {
  if (threads === 0) await tf.setBackend("wasm");
  else await (await import("../../mod.ts")).useBackend("wasm", { threads });
  return [tf.randomUniform([1024, 1024]), tf.randomUniform([1024, 1024])];
}
