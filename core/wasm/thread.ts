/**
 * A thread of a team, from the inside.
 *
 * @module
 */

/** What a thread is given. */
export interface ThreadData {
  /** The shared memory of tf.js' wasm module. */
  readonly memory: WebAssembly.Memory;
  /** The SIMD kernels. */
  readonly module: WebAssembly.Module;
  /** Names of the kernels: calls say them by index. */
  readonly names: readonly string[];
  /**
   * Four integers (job asked for, job done, number of calls, whether one
   * failed), then for each call: index of the kernel, number of arguments,
   * arguments as 64-bit floats.
   */
  readonly control: SharedArrayBuffer;
}

/**
 * Waits for jobs and does them, for ever. Its text is sent to a worker, so it
 * uses nothing from outside.
 */
export function live({ memory, module, names, control }: ThreadData): never {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const state = new Int32Array(control, 0, 4),
    calls = new Float64Array(control, 16);
  for (let job = 0;;) {
    // The next kernel is often a few microseconds away: look out for it before going to sleep.
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
    } catch {
      state[3] = 1; // said aloud by the main thread, which waits
    }
    Atomics.store(state, 1, job);
  }
}
