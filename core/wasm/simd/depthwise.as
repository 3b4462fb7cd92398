// Gradients of a depthwise convolution: each channel has its own filters, so
// there is no matrix product; the channels go through the lanes instead.

import { clear, load, store } from "./lanes";
import {
  channels, colAt, images, inHeight, inside, inWidth,
  outHeight, outWidth, pixel, rowAt, tapCols, tapRows,
} from "./window";

/** dx, from dy and the filter (`multiplier` outputs for each channel). */
export function depthwiseBack(dy: usize, filter: usize, dx: usize, multiplier: usize): void {
  clear(dx, images * inHeight * inWidth * channels);
  slide(dy, filter, dx, multiplier, true);
}

/** Gradient of the filter, from x and dy. */
export function depthwiseFilter(x: usize, dy: usize, dFilter: usize, multiplier: usize): void {
  clear(dFilter, tapRows * tapCols * channels * multiplier);
  slide(dy, dFilter, x, multiplier, false);
}

function slide(dy: usize, filter: usize, x: usize, multiplier: usize, toInput: bool): void {
  const bytes = channels * multiplier << 2;
  for (let n: usize = 0; n < images; n++) {
    for (let oy: usize = 0; oy < outHeight; oy++) {
      for (let ox: usize = 0; ox < outWidth; ox++) {
        for (let ky: usize = 0; ky < tapRows; ky++) {
          const iy = rowAt(oy, ky);
          if (!inside(iy, inHeight)) continue;
          for (let kx: usize = 0; kx < tapCols; kx++) {
            const ix = colAt(ox, kx);
            if (!inside(ix, inWidth)) continue;
            const w = filter + (ky * tapCols + kx) * bytes, at = x + pixel(n, iy, ix);
            if (multiplier > 1) multiplied(dy, w, at, multiplier, toInput);
            else if (toInput) addProduct(at, dy, w);
            else addProduct(w, dy, at);
          }
        }
        dy += bytes;
      }
    }
  }
}

/** One tap of one pixel, one filter a channel: to += a * b over the channels. */
function addProduct(to: usize, a: usize, b: usize): void {
  for (let left = channels; left > 0; left -= min(left, 4)) {
    store(to, f32x4.relaxed_madd(load(a, left), load(b, left), load(to, left)), left);
    to += 16;
    a += 16;
    b += 16;
  }
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
