// Passes over the rows of a matrix: bias and its gradient, ReLU and its
// gradient, sums by segment.

import { addTo, clear, load, store } from "./lanes";

export { addTo };

const RUN: usize = 128; // rows summed before they join the total: keeps rounding small

/** out[j] = sum over i of x[i, j]. */
export function sumRows(x: usize, rows: usize, cols: usize, out: usize): void {
  clear(out, cols);
  for (let i: usize = 0; i < rows; i += RUN) {
    const run = min(RUN, rows - i);
    for (let j: usize = 0; j < cols; j += 16) sumColumns(x + (i * cols + j << 2), run, cols, cols - j, out + (j << 2));
  }
}

/** Up to 16 columns: a cache line of each row. */
function sumColumns(x: usize, rows: usize, cols: usize, left: usize, out: usize): void {
  if (left < 16) {
    for (let o: usize = 0; o < left << 2; o += 16) sumFew(x + o, rows, cols, left - (o >> 2), out + o);
    return;
  }
  let a = f32x4.splat(0), b = a, c = a, d = a;
  for (let i: usize = 0; i < rows; i++) {
    a = f32x4.add(a, v128.load(x));
    b = f32x4.add(b, v128.load(x, 16));
    c = f32x4.add(c, v128.load(x, 32));
    d = f32x4.add(d, v128.load(x, 48));
    x += cols << 2;
  }
  v128.store(out, f32x4.add(v128.load(out), a));
  v128.store(out, f32x4.add(v128.load(out, 16), b), 16);
  v128.store(out, f32x4.add(v128.load(out, 32), c), 32);
  v128.store(out, f32x4.add(v128.load(out, 48), d), 48);
}

/** Up to 4 columns. */
function sumFew(x: usize, rows: usize, cols: usize, left: usize, out: usize): void {
  let total = f32x4.splat(0);
  for (let i: usize = 0; i < rows; i++) total = f32x4.add(total, load(x + (i * cols << 2), left));
  store(out, f32x4.add(load(out, left), total), left);
}

/** out = x + bias on every row, and then at least `floor` (-Infinity for all). */
export function addBias(x: usize, rows: usize, cols: usize, bias: usize, floor: f32, out: usize): void {
  const low = f32x4.splat(floor), tail = cols & 3;
  for (let i: usize = 0; i < rows; i++) {
    let b = bias;
    for (const end = out + (cols - tail << 2); out < end; out += 16, x += 16, b += 16) {
      v128.store(out, f32x4.max(f32x4.add(v128.load(x), v128.load(b)), low));
    }
    if (tail == 0) continue;
    store(out, f32x4.max(f32x4.add(load(x, tail), load(b, tail)), low), tail);
    out += tail << 2;
    x += tail << 2;
  }
}

/** dx = dy where y is above 0, else 0; y may be ReLU's input or its output. */
export function reluGradient(n: usize, dy: usize, y: usize, dx: usize): void {
  const zero = f32x4.splat(0), tail = n & 3;
  for (const end = dx + (n - tail << 2); dx < end; dx += 16, dy += 16, y += 16) {
    v128.store(dx, v128.and(v128.load(dy), f32x4.gt(v128.load(y), zero)));
  }
  if (tail) store(dx, v128.and(load(dy, tail), f32x4.gt(load(y, tail), zero)), tail);
}

/** Adds row i of x to row ids[i] of out; an id out of range drops its row. */
export function segmentSum(x: usize, ids: usize, rows: usize, cols: usize, segments: usize, out: usize): void {
  clear(out, segments * cols);
  for (let i: usize = 0; i < rows; i++) {
    const id = <usize> i32.load(ids + (i << 2));
    if (id < segments) addTo(out + (id * cols << 2), x + (i * cols << 2), cols);
  }
}

/** Row i of out = row ids[i] of x, which has `count` rows; whether all ids are in range. */
export function gatherRows(x: usize, count: usize, ids: usize, rows: usize, cols: usize, out: usize): bool {
  const bytes = cols << 2;
  for (let i: usize = 0; i < rows; i++, out += bytes) {
    const id = <usize> i32.load(ids + (i << 2));
    if (id >= count) return false;
    memory.copy(out, x + id * bytes, bytes);
  }
  return true;
}
