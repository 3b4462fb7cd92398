/**
 * Kernels that take each value by itself.
 *
 * @module
 */
import type { Heap } from "./heap.ts";
import type { Simd } from "./simd.ts";
import { shares } from "./team.ts";

/**
 * Runs a kernel that takes a size, arrays of that size and settings, each
 * thread on its share of the values. `work` is the work on one value.
 */
export function runByValue(
  heap: Heap,
  kernel: keyof Simd,
  n: number,
  arrays: readonly number[],
  settings: readonly number[],
  work: number,
): void {
  const { team } = heap;
  team.run(
    shares(team, n, n * work, 16).map(({ first, size }) => [
      [kernel, size, ...arrays.map((at) => at + 4 * first), ...settings],
    ]),
  );
}
