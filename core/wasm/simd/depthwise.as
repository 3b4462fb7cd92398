// Gradients of a depthwise convolution: each channel has its own filters, so
// there is no matrix product; the channels go through the lanes instead.

import { clear, load, store } from "./lanes";
import {
  channels, colUnder, inCols, inputs, moveOn, moveTo, outputs, pixel, rowUnder, tapCols, tapRows,
} from "./window";

/** dx, from dy and the filter (`multiplier` outputs for each channel). */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, multiplier: usize): void {
  clear(dx, inputs * channels);
  slide(dy, filter, dx, multiplier, true);
}

/** Gradient of the filter, from x and dy. */
export function depthwiseFilterGradient(x: usize, dy: usize, dFilter: usize, multiplier: usize): void {
  clear(dFilter, tapRows * tapCols * channels * multiplier);
  slide(dy, dFilter, x, multiplier, false);
}

function slide(dy: usize, filter: usize, x: usize, multiplier: usize, toInput: bool): void {
  const bytes = channels * multiplier << 2;
  moveTo(0);
  for (let p: usize = 0; p < outputs; p++) {
    let w = filter;
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const row = rowUnder(0, ky);
      for (let kx: usize = 0; kx < tapCols; kx++, w += bytes) {
        const col = colUnder(kx);
        if (row < 0 || <usize> col >= inCols) continue;
        const at = x + pixel(row, col);
        if (multiplier > 1) multiplied(dy, w, at, multiplier, toInput);
        else if (toInput) addProduct(at, dy, w);
        else addProduct(w, dy, at);
      }
    }
    dy += bytes;
    moveOn();
  }
}

/** One tap of one pixel, one filter a channel: to += a * b over the channels. */
function addProduct(to: usize, a: usize, b: usize): void {
  const tail = channels & 3;
  for (const end = to + (channels - tail << 2); to < end; to += 16, a += 16, b += 16) {
    v128.store(to, f32x4.relaxed_madd(v128.load(a), v128.load(b), v128.load(to)));
  }
  if (tail) store(to, f32x4.relaxed_madd(load(a, tail), load(b, tail), load(to, tail)), tail);
}

/** One tap of one pixel, several filters a channel. */
function multiplied(dy: usize, w: usize, x: usize, multiplier: usize, toInput: bool): void {
  for (let c: usize = 0; c < channels; c++) {
    for (let q: usize = 0; q < multiplier; q++) {
      if (toInput) f32.store(x, f32.load(x) + f32.load(dy) * f32.load(w));
      else f32.store(w, f32.load(w) + f32.load(dy) * f32.load(x));
      dy += 4;
      w += 4;
    }
    x += 4;
  }
}
