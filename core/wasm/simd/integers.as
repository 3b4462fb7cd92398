// The matrix product of 32-bit integers. It adds up in integers, so it is exact
// where floats are not (above 2^24), and wraps around at 2^32.

import { clear } from "./lanes";

/**
 * C = A B. A is m x k, B is k x n; an element of either is found by the strides
 * in bytes of its rows and columns, as in gemm. C is dense.
 */
function gemmInt(
  m: usize, n: usize, k: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  c: usize,
): void {
  clear(c, m * n);
  for (let i: usize = 0; i < m; i++, a += aRow, c += n << 2) {
    for (let p: usize = 0; p < k; p++) {
      const s = i32.load(a + p * aCol);
      if (s == 0) continue; // as most values of a one-hot matrix are
      if (bCol == 4) addScaledRow(c, b + p * bRow, n, s);
      else addScaledColumn(c, b + p * bRow, bCol, n, s);
    }
  }
}

/** `count` products, as in gemmBatch. */
export function gemmIntBatch(
  count: usize, aStep: usize, bStep: usize,
  m: usize, n: usize, k: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  c: usize,
): void {
  for (; count > 0; count--, a += aStep, b += bStep, c += m * n << 2) {
    gemmInt(m, n, k, a, aRow, aCol, b, bRow, bCol, c);
  }
}

/** Adds s times the `n` integers at `from` to those at `to`. */
function addScaledRow(to: usize, from: usize, n: usize, s: i32): void {
  const scale = i32x4.splat(s);
  for (const end = to + ((n & ~3) << 2); to < end; to += 16, from += 16) {
    v128.store(to, i32x4.add(v128.load(to), i32x4.mul(v128.load(from), scale)));
  }
  addScaledColumn(to, from, 4, n & 3, s);
}

/** The same for integers that lie `stride` bytes apart. */
function addScaledColumn(to: usize, from: usize, stride: usize, n: usize, s: i32): void {
  for (const end = to + (n << 2); to < end; to += 4, from += stride) {
    i32.store(to, i32.load(to) + s * i32.load(from));
  }
}
