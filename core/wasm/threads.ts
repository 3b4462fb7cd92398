/**
 * Threads for the training kernels, on Deno.
 *
 * tf.js' threaded wasm build expects classic workers made from a blob, which
 * Deno does not have. But what the kernels need of it is its memory, which is
 * shared: so tf.js itself gets one thread and idle stand-ins for its workers,
 * and the kernels get threads of their own.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import * as tf from "@tensorflow/tfjs";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { heapOf, memoryOf, type WasmBackend } from "./heap.ts";
import { type Simd, simdModule } from "./simd.ts";
import { callAll, type SimdCall, type Team } from "./team.ts";
import { live, type ThreadData } from "./thread.ts";

/**
 * Sets tf.js' backend to wasm and starts threads for the training kernels,
 * `count` with the main one (default: the number of cores). Call it in place of
 * `tf.setBackend("wasm")`. The threads do not keep the process alive. They need
 * `--allow-sys=cpus`, which Emscripten asks for; without it, or with a count of
 * 1, the backend is tf.js' plain one.
 *
 * @returns How many threads the kernels run on; 0 if tf.js refused the backend.
 * @throws {RangeError} If `count` is not a whole number of at least 1.
 * @throws {Error} If tf.js' wasm backend is there already, without shared memory.
 */
export async function setThreadedBackend(
  count: number = navigator.hardwareConcurrency,
): Promise<number> {
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `Cannot start threads: count must be a whole number of at least 1, current value is ${count}`,
    );
  }
  const { state } = await Deno.permissions.query({ name: "sys", kind: "cpus" });
  if (count === 1 || state !== "granted") {
    return Number(await tf.setBackend("wasm"));
  }
  if (!await setSharedBackend()) return 0;
  const heap = heapOf(tf.backend() as unknown as WasmBackend);
  const memory = memoryOf(heap.backend);
  if (!(memory.buffer instanceof SharedArrayBuffer)) {
    throw new Error(
      'Cannot start threads: the wasm backend was set before, without them; call setThreadedBackend() in place of tf.setBackend("wasm")',
    );
  }
  if (heap.team.size === 1) {
    heap.team = await startTeam(heap.simd, memory, count);
  }
  return heap.team.size;
}

/** Sets the backend, with idle workers in the way of Emscripten's: it asks for eight. */
async function setSharedBackend(): Promise<boolean> {
  const real = Object.getOwnPropertyDescriptor(globalThis, "Worker") ?? {};
  Object.defineProperty(globalThis, "Worker", {
    configurable: true,
    get: () => IdleWorker,
    set: () => {}, // Emscripten puts node's Worker there
  });
  try {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
    setThreadsCount(1);
    return await tf.setBackend("wasm");
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

/** Bytes of the calls of one job: a few calls of some twenty arguments. */
const CONTROL_BYTES = 4096;

async function startTeam(
  simd: Simd,
  memory: WebAssembly.Memory,
  size: number,
): Promise<Team> {
  const names = Object.keys(simd), module = simdModule(memory);
  const threads = await Promise.all(Array.from({ length: size - 1 }, () => {
    return startThread({
      memory,
      module,
      names,
      control: new SharedArrayBuffer(CONTROL_BYTES),
    });
  }));
  return {
    size,
    run([own = [], ...others]) {
      others.forEach((calls, i) => threads[i]?.begin(calls));
      callAll(simd, own);
      others.forEach((_, i) => threads[i]?.finish());
    },
  };
}

interface Thread {
  begin(calls: readonly SimdCall[]): void;
  finish(): void;
}

async function startThread(data: ThreadData): Promise<Thread> {
  const code = `import { parentPort, workerData } from "node:worker_threads";
    parentPort.postMessage("ready");
    (${live})(workerData);`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const worker = new Worker(url, { workerData: data });
  await new Promise((resolve, reject) =>
    worker.once("message", resolve).once("error", reject)
  );
  worker.unref();
  return threadOf(data);
}

function threadOf({ control, names }: ThreadData): Thread {
  const state = new Int32Array(control, 0, 4),
    floats = new Float64Array(control, 16);
  let job = 0;
  return {
    begin(calls) {
      let at = 0;
      for (const [name, ...args] of calls) {
        floats.set([names.indexOf(name), args.length, ...args], at);
        at += 2 + args.length;
      }
      state[2] = calls.length;
      Atomics.store(state, 0, ++job);
      Atomics.notify(state, 0);
    },
    finish() {
      // Shares are of equal size, so there is little to wait for: no sleep is worth it.
      while (Atomics.load(state, 1) !== job);
      if (state[3]) throw new Error("Cannot run kernel: a thread failed");
    },
  };
}
