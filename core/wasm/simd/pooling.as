// Pooling's gradients, and max pooling: one walk over the outputs, each window
// over its inputs, 16 channels (a cache line) or up to 4 at a time.

import { clear, load, store } from "./lanes";
import {
  channels, colUnder, inCols, inputs, moveOn, moveTo, outputs, pixel, rowUnder, tapCols, tapPlanes,
  tapRows,
} from "./window";

/** y = the maximum of each window; neither the padding nor NaN counts. */
export function maxPool(x: usize, y: usize): void {
  const bytes = channels << 2;
  moveTo(0);
  for (let p: usize = 0; p < outputs; p++, y += bytes) {
    for (let o: usize = 0; o < bytes; o += 16) maximum(x + o, y + o, bytes - o >> 2);
    moveOn();
  }
}

function maximum(x: usize, y: usize, left: usize): void {
  let top = f32x4.splat(-Infinity);
  for (let kz: usize = 0; kz < tapPlanes; kz++) {
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const row = rowUnder(kz, ky);
      for (let kx: usize = 0; kx < tapCols; kx++) {
        const col = colUnder(kx);
        if (row >= 0 && <usize> col < inCols) top = f32x4.pmax(top, load(x + pixel(row, col), left));
      }
    }
  }
  store(y, top, left);
}

/** Each dy goes to the first input of its window that equals the maximum y, or to the last. */
export function maxPoolGradient(x: usize, y: usize, dy: usize, dx: usize, last: bool): void {
  const bytes = channels << 2, wide = bytes & ~63;
  clear(dx, inputs * channels);
  moveTo(0);
  for (let p: usize = 0; p < outputs; p++, y += bytes, dy += bytes) {
    for (let o: usize = 0; o < wide; o += 64) routeWide(x + o, y + o, dy + o, dx + o, last);
    for (let o = wide; o < bytes; o += 16) routeFew(x + o, y + o, dy + o, dx + o, bytes - o >> 2, last);
    moveOn();
  }
}

/** The `k`th of `n` taps, counted from the end if `back`. */
// @ts-ignore: decorator
@inline
function tap(k: usize, n: usize, back: bool): usize {
  return back ? n - 1 - k : k;
}

/** One window, 16 channels. */
function routeWide(x: usize, y: usize, dy: usize, dx: usize, last: bool): void {
  let g0 = v128.load(dy), g1 = v128.load(dy, 16), g2 = v128.load(dy, 32), g3 = v128.load(dy, 48);
  for (let kz: usize = 0; kz < tapPlanes; kz++) {
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const row = rowUnder(tap(kz, tapPlanes, last), tap(ky, tapRows, last));
      for (let kx: usize = 0; kx < tapCols; kx++) {
        const col = colUnder(tap(kx, tapCols, last));
        if (row < 0 || <usize> col >= inCols) continue;
        const at = pixel(row, col), from = x + at, to = dx + at;
        g0 = route(from, y, to, g0, 4);
        g1 = route(from + 16, y + 16, to + 16, g1, 4);
        g2 = route(from + 32, y + 32, to + 32, g2, 4);
        g3 = route(from + 48, y + 48, to + 48, g3, 4);
      }
    }
  }
}

/** One window, up to 4 channels. */
function routeFew(x: usize, y: usize, dy: usize, dx: usize, left: usize, last: bool): void {
  let g = load(dy, left);
  for (let kz: usize = 0; kz < tapPlanes; kz++) {
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const row = rowUnder(tap(kz, tapPlanes, last), tap(ky, tapRows, last));
      for (let kx: usize = 0; kx < tapCols; kx++) {
        const col = colUnder(tap(kx, tapCols, last));
        if (row < 0 || <usize> col >= inCols) continue;
        const at = pixel(row, col);
        g = route(x + at, y, dx + at, g, left);
      }
    }
  }
}

/** Adds g to the inputs that equal the maximum, and returns g without what was added. */
// @ts-ignore: decorator
@inline
function route(x: usize, y: usize, dx: usize, g: v128, left: usize): v128 {
  const hit = f32x4.eq(load(x, left), load(y, left));
  store(dx, f32x4.add(load(dx, left), v128.and(g, hit)), left);
  return v128.andnot(g, hit);
}

/** Each dy is split evenly over the inputs of its window, a fraction of `part` each. */
export function averagePoolGradient(dy: usize, dx: usize, part: f32): void {
  clear(dx, inputs * channels);
  moveTo(0);
  for (let p: usize = 0; p < outputs; p++, dy += channels << 2) {
    for (let kz: usize = 0; kz < tapPlanes; kz++) {
      for (let ky: usize = 0; ky < tapRows; ky++) {
        const row = rowUnder(kz, ky);
        for (let kx: usize = 0; kx < tapCols; kx++) {
          const col = colUnder(kx);
          if (row >= 0 && <usize> col < inCols) addScaled(dx + pixel(row, col), dy, part);
        }
      }
    }
    moveOn();
  }
}

function addScaled(to: usize, from: usize, part: f32): void {
  const scale = f32x4.splat(part), tail = channels & 3;
  for (const end = to + (channels - tail << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.relaxed_madd(v128.load(from), scale, v128.load(to)));
  }
  if (tail) store(to, f32x4.relaxed_madd(load(from, tail), scale, load(to, tail)), tail);
}
