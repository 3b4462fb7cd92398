// Gradients of max and average pooling: one walk over the outputs, four
// channels at a time, each window adding to the inputs it covers.

import { clear, load, store } from "./lanes";
import {
  channels, colAt, images, inHeight, inside, inWidth,
  outHeight, outWidth, pixel, rowAt, tapCols, tapRows,
} from "./window";

/** Each dy goes to the first input of its window that equals the maximum y. */
export function maxPoolBack(x: usize, y: usize, dy: usize, dx: usize): void {
  clear(dx, images * inHeight * inWidth * channels);
  for (let n: usize = 0; n < images; n++) {
    for (let oy: usize = 0; oy < outHeight; oy++) {
      for (let ox: usize = 0; ox < outWidth; ox++) {
        for (let c: usize = 0; c < channels; c += 4) {
          const left = channels - c, o = c << 2;
          maxWindow(x + o, dx + o, n, oy, ox, load(y + o, left), load(dy + o, left), left);
        }
        y += channels << 2;
        dy += channels << 2;
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function maxWindow(x: usize, dx: usize, n: usize, oy: usize, ox: usize, top: v128, g: v128, left: usize): void {
  for (let ky: usize = 0; ky < tapRows; ky++) {
    const iy = rowAt(oy, ky);
    if (!inside(iy, inHeight)) continue;
    for (let kx: usize = 0; kx < tapCols; kx++) {
      const ix = colAt(ox, kx);
      if (!inside(ix, inWidth)) continue;
      const at = pixel(n, iy, ix);
      const hit = f32x4.eq(load(x + at, left), top);
      store(dx + at, f32x4.add(load(dx + at, left), v128.and(g, hit)), left);
      g = v128.andnot(g, hit); // a lane that has found its maximum is done
    }
  }
}

/** Each dy goes to all inputs of its window in equal parts, `share` each. */
export function averagePoolBack(dy: usize, dx: usize, share: f32): void {
  const part = f32x4.splat(share);
  clear(dx, images * inHeight * inWidth * channels);
  for (let n: usize = 0; n < images; n++) {
    for (let oy: usize = 0; oy < outHeight; oy++) {
      for (let ox: usize = 0; ox < outWidth; ox++) {
        for (let ky: usize = 0; ky < tapRows; ky++) {
          const iy = rowAt(oy, ky);
          if (!inside(iy, inHeight)) continue;
          for (let kx: usize = 0; kx < tapCols; kx++) {
            const ix = colAt(ox, kx);
            if (inside(ix, inWidth)) addScaled(dx + pixel(n, iy, ix), dy, part);
          }
        }
        dy += channels << 2;
      }
    }
  }
}

function addScaled(to: usize, from: usize, scale: v128): void {
  for (let left = channels; left > 0; left -= min(left, 4)) {
    store(to, f32x4.relaxed_madd(load(from, left), scale, load(to, left)), left);
    to += 16;
    from += 16;
  }
}
