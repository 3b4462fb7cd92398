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

/** Bytes for the calls of one job: some 500 calls. A longer list takes several jobs. */
const CONTROL_BYTES = 1 << 16;

/**
 * Number of the job before the first one. Numbers are 32-bit integers that wrap
 * around after days of training; they start shortly before, so that every run
 * passes the place.
 */
const FIRST_JOB = 2 ** 31 - 100;

/** Looks for the end of a job before the main thread goes to sleep: shards are of equal size, so it is near. */
const SPINS = 100_000;

/** Starts `size - 1` workers on `memory`, which must be shared. They do not keep the process alive. */
export async function startWorkerPool(
  simd: Simd,
  memory: WebAssembly.Memory,
  size: number,
): Promise<ThreadPool> {
  const names = Object.keys(simd), module = simdModule(memory);
  const workers = await Promise.all(Array.from({ length: size - 1 }, () => {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    new Int32Array(control).fill(FIRST_JOB, 0, 2); // requested and done
    return startWorker({ memory, module, names, control });
  }));
  return {
    size,
    run([own = [], ...others]) {
      const failures: unknown[] = [];
      const attempt = (part: () => void) => {
        try {
          part();
        } catch (error) {
          failures.push(error);
        }
      };
      const begin = () => others.map((calls, i) => workers[i]!.begin(calls));
      let rest = begin();
      attempt(() => callAll(simd, own));
      // All are waited for, also after a failure: a thread that is still at
      // work must not be handed the next kernel's calls.
      for (;;) {
        others.forEach((_, i) => attempt(workers[i]!.finish));
        others = rest;
        if (failures.length > 0) throw failures[0];
        if (others.every((calls) => calls.length === 0)) return;
        rest = begin();
      }
    },
  };
}

/** A worker as the main thread uses it. */
interface PoolWorker {
  /** Hands it as many calls as fit into one job, and returns the others. */
  begin(calls: readonly SimdCall[]): readonly SimdCall[];
  /** Waits until the job is done. Throws if one of its calls failed; those after it were not made. */
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
  let job = FIRST_JOB;
  return {
    begin(calls) {
      let at = 0, count = 0;
      for (const [name, ...args] of calls) {
        const end = at + 2 + args.length;
        if (end > floats.length) break;
        floats.set([names.indexOf(name), args.length, ...args], at);
        at = end;
        count++;
      }
      state[2] = count;
      job = job + 1 | 0;
      Atomics.store(state, 0, job);
      Atomics.notify(state, 0);
      return calls.slice(count);
    },
    finish() {
      for (let i = 0; i < SPINS && Atomics.load(state, 1) !== job; i++);
      while (Atomics.load(state, 1) !== job) {
        Atomics.wait(state, 1, job - 1 | 0);
      }
      const length = state[3];
      if (!length) return;
      state[3] = 0;
      const message = String.fromCharCode(...floats.subarray(0, length));
      throw new Error(`Cannot run kernel on a thread: ${message}`);
    },
  };
}
