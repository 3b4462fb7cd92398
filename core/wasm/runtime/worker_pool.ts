/**
 * A pool of worker threads, seen from the main thread: starting the workers
 * and handing them their calls.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { type Simd, simdModule } from "../simd/bind.ts";
import { callAll, type SimdCall, type ThreadPool } from "./thread_pool.ts";
import { runJobs, type WorkerSetup } from "./worker.ts";

/** Bytes for the calls of one job: a few calls of some twenty arguments each. */
const CONTROL_BYTES = 4096;

/** Starts `size - 1` workers on `memory`, which must be shared. They do not keep the process alive. */
export async function startWorkerPool(
  simd: Simd,
  memory: WebAssembly.Memory,
  size: number,
): Promise<ThreadPool> {
  const names = Object.keys(simd), module = simdModule(memory);
  const workers = await Promise.all(Array.from({ length: size - 1 }, () => {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    return startWorker({ memory, module, names, control });
  }));
  return {
    size,
    run([own = [], ...others]) {
      others.forEach((calls, i) => workers[i]?.begin(calls));
      callAll(simd, own);
      others.forEach((_, i) => workers[i]?.finish());
    },
  };
}

/** A worker as the main thread uses it. */
interface PoolWorker {
  /** Hands it a job. */
  begin(calls: readonly SimdCall[]): void;
  /** Waits until the job is done. */
  finish(): void;
}

async function startWorker(setup: WorkerSetup): Promise<PoolWorker> {
  // A data: URL, since a worker from a file would need permission to read it.
  const code = `import { parentPort, workerData } from "node:worker_threads";
    parentPort.postMessage("ready");
    (${runJobs})(workerData);`;
  const url = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  const worker = new Worker(url, { workerData: setup });
  await new Promise((resolve, reject) =>
    worker.once("message", resolve).once("error", reject)
  );
  worker.unref();
  return poolWorker(setup);
}

function poolWorker({ control, names }: WorkerSetup): PoolWorker {
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
      // Shards are of equal size, so the wait is too short for a sleep to pay.
      while (Atomics.load(state, 1) !== job);
      if (state[3]) throw new Error("Cannot run kernel: a thread failed");
    },
  };
}
