/**
 * A worker thread of a pool, seen from the inside.
 *
 * @module
 */

/** What a worker is started with. */
export interface WorkerSetup {
  /** The shared memory of tf.js' wasm module. */
  readonly memory: WebAssembly.Memory;
  /** The SIMD kernels. */
  readonly module: WebAssembly.Module;
  /** Names of the kernels: calls refer to them by index. */
  readonly names: readonly string[];
  /**
   * Four integers (job requested, job done, number of calls, length of an error
   * message), then 64-bit floats: for each call the index of the kernel, the
   * number of arguments and the arguments; after a failure the message's
   * character codes instead.
   */
  readonly control: SharedArrayBuffer;
}

/**
 * Waits for jobs and runs them, for ever. The source of this function is sent
 * to the worker, so it may use nothing from outside itself.
 */
export function runJobs(
  { memory, module, names, control }: WorkerSetup,
): never {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const state = new Int32Array(control, 0, 4),
    calls = new Float64Array(control, 16);
  for (let job = Atomics.load(state, 1);;) {
    // The next kernel is often only microseconds away, so spin before going to sleep.
    for (let i = 0; i < 20_000 && Atomics.load(state, 0) === job; i++);
    Atomics.wait(state, 0, job);
    job = Atomics.load(state, 0);
    try {
      for (let at = 0, left = state[2] ?? 0; left > 0; left--) {
        const kernel = exports[names[calls[at] ?? 0] ?? ""] as (
          ...args: number[]
        ) => void;
        const end = at + 2 + (calls[at + 1] ?? 0);
        kernel(...calls.subarray(at + 2, end));
        at = end;
      }
    } catch (error) {
      // The main thread, which is waiting, throws it.
      const message = String(error).slice(0, 200);
      for (let i = 0; i < message.length; i++) calls[i] = message.charCodeAt(i);
      state[3] = message.length;
    }
    Atomics.store(state, 1, job);
    Atomics.notify(state, 1);
  }
}
