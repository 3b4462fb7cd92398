/**
 * Who runs a SIMD kernel: the main thread alone, or with others, each a share.
 *
 * @module
 */
import type { Simd } from "./simd.ts";

/** A call of a SIMD kernel. */
export type SimdCall = readonly [name: keyof Simd, ...args: number[]];

/** The threads that run SIMD kernels. */
export interface Team {
  /** Number of threads, the main one included. */
  readonly size: number;
  /** Runs the calls of each part in order, the parts at the same time; comes back when all are done. */
  readonly run: (parts: readonly (readonly SimdCall[])[]) => void;
}

/** The main thread on its own. */
export function alone(simd: Simd): Team {
  return {
    size: 1,
    run: (parts) => parts.forEach((calls) => callAll(simd, calls)),
  };
}

/** Calls kernels on this thread. */
export function callAll(simd: Simd, calls: readonly SimdCall[]): void {
  for (const [name, ...args] of calls) {
    (simd[name] as (...args: number[]) => void)(...args);
  }
}

/** Part of a row of things. */
export interface Share {
  /** Index of the first. */
  readonly first: number;
  /** How many. */
  readonly size: number;
}

/** Work, in multiply-adds or the like, below which a second thread costs more than it brings. */
const LEAST_WORK = 1e6;

/**
 * Cuts `n` things into as many shares as `team` has threads, in multiples of
 * `unit`; into fewer where there is little `work` to do in all.
 */
export function shares(team: Team, n: number, work: number, unit = 1): Share[] {
  const parts = Math.max(1, Math.min(team.size, Math.floor(work / LEAST_WORK)));
  const step = Math.max(unit, Math.ceil(n / parts / unit) * unit);
  const list: Share[] = [];
  for (let first = 0; first < n; first += step) {
    list.push({ first, size: Math.min(step, n - first) });
  }
  return list;
}
