/**
 * Who runs a SIMD kernel: the main thread alone, or several threads, each on
 * its shard of the work.
 *
 * @module
 */
import type { Simd } from "../simd/bind.ts";

/** A call of a SIMD kernel. */
export type SimdCall = readonly [name: keyof Simd, ...args: number[]];

/** The threads that run SIMD kernels. */
export interface ThreadPool {
  /** Number of threads, the main one included. */
  readonly size: number;
  /** Runs one list of calls per thread, all lists at the same time; returns when all are done. */
  readonly run: (callLists: readonly (readonly SimdCall[])[]) => void;
}

/** A pool of the main thread alone. */
export function mainThreadOnly(simd: Simd): ThreadPool {
  return {
    size: 1,
    run: (callLists) => callLists.forEach((calls) => callAll(simd, calls)),
  };
}

/** Calls kernels on this thread. */
export function callAll(simd: Simd, calls: readonly SimdCall[]): void {
  for (const [name, ...args] of calls) {
    (simd[name] as (...args: number[]) => void)(...args);
  }
}

/** The items `first`, `first + 1`, … that one thread takes. */
export interface Shard {
  /** Index of the first item. */
  readonly first: number;
  /** Number of items. */
  readonly size: number;
}

/** Multiply-adds, or work that takes as long, below which a second thread costs more than it saves. */
const MIN_WORK_PER_THREAD = 1e6;

/**
 * Splits `n` items into one shard for each thread of `pool`, in multiples of
 * `unit`, or into fewer when there is little `work` (in multiply-adds) in all.
 */
export function shards(
  pool: Pick<ThreadPool, "size">,
  n: number,
  work: number,
  unit = 1,
): Shard[] {
  const threads = Math.floor(work / MIN_WORK_PER_THREAD);
  const count = Math.max(1, Math.min(pool.size, threads));
  const step = Math.max(unit, Math.ceil(n / count / unit) * unit);
  const list: Shard[] = [];
  for (let first = 0; first < n; first += step) {
    list.push({ first, size: Math.min(step, n - first) });
  }
  return list;
}
