/**
 * tf.js' wasm backend with threads for the training kernels, on Deno.
 *
 * tf.js' threaded wasm build expects classic workers started from a blob, which
 * Deno does not have. But all that the kernels need of that build is its shared
 * memory: so tf.js itself gets one thread and idle stand-ins for its workers,
 * and the kernels get threads of their own.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { currentHeap, memoryOf } from "./heap.ts";
import { registerTrainingKernels } from "./register.ts";
import { setWasmBackend } from "./set_backend.ts";
import { startWorkerPool } from "./worker_pool.ts";

/**
 * Sets tf.js' backend to wasm, registers the training kernels as
 * {@linkcode registerTrainingKernels} does, and starts threads for them. Call it
 * in place of `tf.setBackend("wasm")`. Calling it again changes nothing: the
 * number of threads is that of the first call.
 *
 * The threads do not keep the process alive. They need `--allow-sys=cpus`,
 * which Emscripten asks for; without it, or when `threads` is 1, the backend is
 * tf.js' plain one with the training kernels. The wasm backend itself needs no
 * permission: its binary is loaded as a module.
 *
 * Only the training kernels run on the threads: tf.js' own kernels stay on one.
 *
 * @example
 * ```ts
 * import { startThreadedBackend } from "@hookloop/wasm";
 *
 * const threads = await startThreadedBackend(2);
 * console.log(`training on ${threads} threads`);
 * ```
 *
 * @param threads How many threads, the main one included. Default: the number of cores, at most 4.
 * @returns How many threads the kernels run on; 0 if tf.js could not start the backend.
 * @throws {RangeError} If `threads` is not a whole number of at least 1.
 * @throws {Error} If more than one thread is asked for after the wasm backend has started without shared memory.
 */
export async function startThreadedBackend(
  threads: number = defaultThreads(),
): Promise<number> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new RangeError(
      `Cannot start threads: a whole number of at least 1 was expected, current value is ${threads}`,
    );
  }
  registerTrainingKernels();
  const { state } = await Deno.permissions.query({ name: "sys", kind: "cpus" });
  if (threads === 1 || state !== "granted") {
    return await setWasmBackend() ? currentHeap().pool.size : 0;
  }
  if (!await setSharedBackend()) return 0;
  const heap = currentHeap();
  const memory = memoryOf(heap.backend);
  if (!(memory.buffer instanceof SharedArrayBuffer)) {
    throw new Error(
      'Cannot start threads: the wasm backend was started before, without them; call startThreadedBackend() in place of tf.setBackend("wasm")',
    );
  }
  if (heap.pool.size === 1) {
    heap.pool = await startWorkerPool(heap.simd, memory, threads);
  }
  return heap.pool.size;
}

/** Small kernels gain nothing from more; measured on two cores only. */
function defaultThreads(): number {
  return Math.min(4, navigator.hardwareConcurrency || 1);
}

/** Sets the backend while idle workers stand in for Emscripten's: it starts eight. */
async function setSharedBackend(): Promise<boolean> {
  const real = Object.getOwnPropertyDescriptor(globalThis, "Worker") ?? {};
  Object.defineProperty(globalThis, "Worker", {
    configurable: true,
    get: () => IdleWorker,
    set: () => {}, // Emscripten assigns node's Worker
  });
  try {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
    setThreadsCount(1);
    return await setWasmBackend();
  } finally {
    Object.defineProperty(globalThis, "Worker", real);
  }
}

/** What Emscripten takes for a worker. With a thread count of 1 it is never given work. */
class IdleWorker {
  onmessage?: (event: { data: { cmd: string } }) => void;
  postMessage({ cmd }: { cmd: string }): void {
    if (cmd === "load") {
      queueMicrotask(() => this.onmessage?.({ data: { cmd: "loaded" } }));
    }
  }
  on(): void {}
  unref(): void {}
  terminate(): void {}
}
