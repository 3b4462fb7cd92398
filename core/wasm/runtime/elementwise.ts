/**
 * Runs kernels that take each value by itself.
 *
 * @module
 */
import type { Heap } from "./heap.ts";
import type { Simd } from "../simd/bind.ts";
import { shards } from "./thread_pool.ts";

/**
 * Runs a kernel that takes a size, arrays of that size and settings, each
 * thread on its shard of the values. `work` is the work per value, in
 * multiply-adds.
 */
export function runByValue(
  heap: Heap,
  kernel: keyof Simd,
  n: number,
  arrays: readonly number[],
  settings: readonly number[],
  work: number,
): void {
  const { pool } = heap;
  pool.run(
    shards(pool, n, n * work, 16).map(({ first, size }) => [
      [kernel, size, ...arrays.map((at) => at + 4 * first), ...settings],
    ]),
  );
}
