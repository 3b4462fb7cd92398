// Matrix product after Goto and van de Geijn, "Anatomy of High-Performance
// Matrix Multiplication" (2008): a panel of B stays in L1, a block of A in L2,
// and a tile of C in registers.

const ROWS: usize = 6; // a tile of C: 6 rows of 8 floats are 12 registers,
const COLS: usize = 8; // which with 2 for B and 1 for A are all that V8 provides
const DEPTH: usize = 384; // of a block: its panel of B takes 12 KB
const BLOCK: usize = 20 * ROWS; // rows of A in a block: 180 KB

/** Bytes of scratch memory that {@linkcode gemmBatch} needs for B of `k` rows and `n` columns. */
export function gemmScratch(n: usize, k: usize): usize {
  return panels(n) * COLS * k * 4 + ROWS * COLS * 4;
}

/**
 * C = A B, or C += A B. A is m x k, B is k x n; an element of either is found
 * by the strides in bytes of its rows and columns, so a transposed matrix is
 * one with the strides swapped. C is dense.
 */
function gemm(
  m: usize, n: usize, k: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  c: usize, accumulate: bool, scratch: usize,
): void {
  const packed = m > 2 * ROWS || bCol != 4 || n % COLS != 0;
  if (packed) pack(n, k, b, bRow, bCol, scratch);
  multiply(m, n, k, a, aRow, aCol, packed ? scratch : b, packed ? 0 : bRow, c, accumulate, scratch);
}

/**
 * `count` products: from one to the next, A and B lie `aStep` and `bStep` bytes
 * further (0 where one serves all), C follows C.
 */
export function gemmBatch(
  count: usize, aStep: usize, bStep: usize,
  m: usize, n: usize, k: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize, bCol: usize,
  c: usize, scratch: usize,
): void {
  for (; count > 0; count--, a += aStep, b += bStep, c += m * n << 2) {
    gemm(m, n, k, a, aRow, aCol, b, bRow, bCol, c, false, scratch);
  }
}

// @ts-ignore: decorator
@inline
function panels(n: usize): usize {
  return (n + COLS - 1) / COLS;
}

/** Lays B out as the tiles read it: block by block, panel by panel, row by row. */
export function pack(n: usize, k: usize, b: usize, bRow: usize, bCol: usize, out: usize): void {
  for (let k0: usize = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    for (let j: usize = 0; j < n; j += COLS) {
      const from = b + k0 * bRow + j * bCol;
      if (n - j < COLS) packScalar(depth, n - j, from, bRow, bCol, out);
      else if (bCol == 4) packRows(depth, from, bRow, out);
      else if (bRow == 4) packColumns(depth, from, bCol, out);
      else packScalar(depth, COLS, from, bRow, bCol, out);
      out += depth * COLS * 4;
    }
  }
}

function packRows(depth: usize, from: usize, bRow: usize, out: usize): void {
  for (let p: usize = 0; p < depth; p++) {
    v128.store(out, v128.load(from));
    v128.store(out, v128.load(from, 16), 16);
    from += bRow;
    out += 32;
  }
}

function packScalar(depth: usize, cols: usize, from: usize, bRow: usize, bCol: usize, out: usize): void {
  for (let p: usize = 0; p < depth; p++) {
    for (let q: usize = 0; q < COLS; q++) {
      f32.store(out + (q << 2), q < cols ? f32.load(from + q * bCol) : 0);
    }
    from += bRow;
    out += 32;
  }
}

/** Four rows of a panel at a time: two 4 x 4 transposes. */
function packColumns(depth: usize, from: usize, bCol: usize, out: usize): void {
  let p: usize = 0;
  for (; p + 4 <= depth; p += 4) {
    transpose4(from, bCol, out);
    transpose4(from + 4 * bCol, bCol, out + 16);
    from += 16;
    out += 128;
  }
  if (p < depth) packScalar(depth - p, COLS, from, 4, bCol, out);
}

// @ts-ignore: decorator
@inline
function transpose4(from: usize, stride: usize, out: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + stride);
  const r2 = v128.load(from + 2 * stride), r3 = v128.load(from + 3 * stride);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(out, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(out, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(out, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}

/**
 * The product itself. `b` is packed when `bRow` is 0, else it is read where it
 * lies (its columns then must come in eights). `scratch` as in {@linkcode gemm}.
 */
export function multiply(
  m: usize, n: usize, k: usize,
  a: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize,
  c: usize, accumulate: bool, scratch: usize,
): void {
  const spare = scratch + gemmScratch(n, k) - ROWS * COLS * 4;
  const cRow = n << 2;
  for (let k0: usize = 0; k0 < k; k0 += DEPTH) {
    const depth = min(DEPTH, k - k0);
    const add = accumulate || k0 > 0;
    const block = bRow ? b + k0 * bRow : b + k0 * panels(n) * 32;
    for (let m0: usize = 0; m0 < m; m0 += BLOCK) {
      const end = min(m, m0 + BLOCK);
      for (let j: usize = 0; j < n; j += COLS) {
        const panel = block + (bRow ? j << 2 : j * depth << 2);
        for (let i = m0; i < end; i += ROWS) {
          const from = a + i * aRow + k0 * aCol, to = c + i * cRow + (j << 2);
          if (n - j >= COLS) tile(m - i, depth, from, aRow, aCol, panel, bRow ? bRow : 32, to, cRow, add);
          else edge(m - i, n - j, depth, from, aRow, aCol, panel, to, cRow, add, spare);
        }
      }
    }
  }
}

/** A tile at the right edge of C: computed in scratch memory, then copied column by column. */
function edge(
  m: usize, cols: usize, k: usize,
  a: usize, aRow: usize, aCol: usize, b: usize,
  c: usize, cRow: usize, add: bool, spare: usize,
): void {
  tile(m, k, a, aRow, aCol, b, 32, spare, 32, false);
  for (let i: usize = 0; i < min(m, ROWS); i++) {
    for (let j: usize = 0; j < cols; j++) {
      const to = c + i * cRow + (j << 2);
      const value = f32.load(spare + (i << 5) + (j << 2));
      f32.store(to, add ? f32.load(to) + value : value);
    }
  }
}

/**
 * 6 x 8 of C. With fewer than 6 rows left, the last row is computed again in
 * place of the missing ones: no branch in the loop, the same result.
 */
function tile(
  m: usize, k: usize,
  a0: usize, aRow: usize, aCol: usize,
  b: usize, bRow: usize,
  c0: usize, cRow: usize, add: bool,
): void {
  const a1 = m > 1 ? a0 + aRow : a0, c1 = m > 1 ? c0 + cRow : c0;
  const a2 = m > 2 ? a1 + aRow : a1, c2 = m > 2 ? c1 + cRow : c1;
  const a3 = m > 3 ? a2 + aRow : a2, c3 = m > 3 ? c2 + cRow : c2;
  const a4 = m > 4 ? a3 + aRow : a3, c4 = m > 4 ? c3 + cRow : c3;
  const a5 = m > 5 ? a4 + aRow : a4, c5 = m > 5 ? c4 + cRow : c4;
  let x0 = f32x4.splat(0), x1 = x0, x2 = x0, x3 = x0, x4 = x0, x5 = x0;
  let y0 = x0, y1 = x0, y2 = x0, y3 = x0, y4 = x0, y5 = x0;
  if (add) {
    x0 = v128.load(c0); y0 = v128.load(c0, 16);
    x1 = v128.load(c1); y1 = v128.load(c1, 16);
    x2 = v128.load(c2); y2 = v128.load(c2, 16);
    x3 = v128.load(c3); y3 = v128.load(c3, 16);
    x4 = v128.load(c4); y4 = v128.load(c4, 16);
    x5 = v128.load(c5); y5 = v128.load(c5, 16);
  }
  const end = k * aCol;
  for (let o: usize = 0; o < end; o += aCol) {
    const p = v128.load(b), q = v128.load(b, 16);
    b += bRow;
    let s = v128.load32_splat(a0 + o);
    x0 = f32x4.relaxed_madd(s, p, x0); y0 = f32x4.relaxed_madd(s, q, y0);
    s = v128.load32_splat(a1 + o);
    x1 = f32x4.relaxed_madd(s, p, x1); y1 = f32x4.relaxed_madd(s, q, y1);
    s = v128.load32_splat(a2 + o);
    x2 = f32x4.relaxed_madd(s, p, x2); y2 = f32x4.relaxed_madd(s, q, y2);
    s = v128.load32_splat(a3 + o);
    x3 = f32x4.relaxed_madd(s, p, x3); y3 = f32x4.relaxed_madd(s, q, y3);
    s = v128.load32_splat(a4 + o);
    x4 = f32x4.relaxed_madd(s, p, x4); y4 = f32x4.relaxed_madd(s, q, y4);
    s = v128.load32_splat(a5 + o);
    x5 = f32x4.relaxed_madd(s, p, x5); y5 = f32x4.relaxed_madd(s, q, y5);
  }
  v128.store(c0, x0); v128.store(c0, y0, 16);
  v128.store(c1, x1); v128.store(c1, y1, 16);
  v128.store(c2, x2); v128.store(c2, y2, 16);
  v128.store(c3, x3); v128.store(c3, y3, 16);
  v128.store(c4, x4); v128.store(c4, y4, 16);
  v128.store(c5, x5); v128.store(c5, y5, 16);
}
