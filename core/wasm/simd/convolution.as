// Convolution and its gradients as matrix products over patches ("im2col",
// Chellapilla, Puri and Simard 2006), a block of patches at a time so that they
// never leave the L2 cache.

import { addTo, clear, copy } from "./lanes";
import { gemmRoom, multiply, pack } from "./gemm";
import {
  channels, colAt, dilationCols, images, inHeight, inside, inWidth,
  outHeight, outWidth, pixel, rowAt, tapCols, tapRows,
} from "./window";

const BLOCK_FLOATS: usize = 28 * 1024; // of patches in a block

/** Floats in a patch: all the input values that one output pixel sees. */
function patchSize(): usize {
  return tapRows * tapCols * channels;
}

/** Patches in a block: a multiple of 6, the rows of a tile of the product. */
function blockSize(): usize {
  return max(1, min(96, BLOCK_FLOATS / patchSize() / 6)) * 6;
}

/** Bytes that the three functions below need as room. */
export function convolutionRoom(filters: usize): usize {
  const patch = patchSize(), block = blockSize();
  const forward = gemmRoom(filters, patch), back = gemmRoom(patch, filters), across = gemmRoom(filters, block);
  return (block * patch << 2) + max(forward, max(back, across));
}

/** y = patches of x, times the filter. */
export function convolve(x: usize, filter: usize, y: usize, filters: usize, room: usize): void {
  const patch = patchSize(), block = blockSize(), count = images * outHeight * outWidth;
  const packed = room + (block * patch << 2);
  pack(filters, patch, filter, filters << 2, 4, packed);
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first);
    gather(x, first, size, room);
    multiply(size, filters, patch, room, patch << 2, 4, packed, 0, y + (first * filters << 2), false, packed);
  }
}

/** Patches of dx = dy, times the filter transposed; overlapping patches add up. */
export function convolveBack(dy: usize, filter: usize, dx: usize, filters: usize, room: usize): void {
  const patch = patchSize(), block = blockSize(), count = images * outHeight * outWidth;
  const packed = room + (block * patch << 2);
  pack(patch, filters, filter, 4, filters << 2, packed);
  clear(dx, images * inHeight * inWidth * channels);
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first);
    multiply(size, patch, filters, dy + (first * filters << 2), filters << 2, 4, packed, 0, room, false, packed);
    scatter(dx, first, size, room);
  }
}

/** Gradient of the filter = patches of x transposed, times dy. */
export function convolveFilter(x: usize, dy: usize, dFilter: usize, filters: usize, room: usize): void {
  const patch = patchSize(), block = blockSize(), count = images * outHeight * outWidth;
  const packed = room + (block * patch << 2), inPlace = filters % 8 == 0;
  for (let first: usize = 0; first < count; first += block) {
    const size = min(block, count - first), rows = dy + (first * filters << 2);
    gather(x, first, size, room);
    if (!inPlace) pack(filters, size, rows, filters << 2, 4, packed);
    multiply(
      patch, filters, size, room, 4, patch << 2,
      inPlace ? rows : packed, inPlace ? filters << 2 : 0, dFilter, first > 0, packed,
    );
  }
}

/** Copies `size` patches of x, one row each, zeros where the padding is. */
function gather(x: usize, first: usize, size: usize, out: usize): void {
  const run: usize = dilationCols == 1 ? tapCols : 1; // taps that lie side by side
  for (let p = first; p < first + size; p++) {
    const ox = p % outWidth, oy = p / outWidth % outHeight, n = p / (outWidth * outHeight);
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const iy = rowAt(oy, ky);
      for (let kx: usize = 0; kx < tapCols; kx += run) {
        const ix = colAt(ox, kx);
        const low = inside(iy, inHeight) ? before(ix, run) : run, high = max(low, within(ix, run));
        for (let i: usize = 0; i < low * channels; i++) f32.store(out + (i << 2), 0);
        if (high > low) copy(out + (low * channels << 2), x + pixel(n, iy, ix + <i32> low), (high - low) * channels);
        for (let i = high * channels; i < run * channels; i++) f32.store(out + (i << 2), 0);
        out += run * channels << 2;
      }
    }
  }
}

/** Adds `size` patches into dx: {@linkcode gather} backwards. */
function scatter(dx: usize, first: usize, size: usize, from: usize): void {
  const run: usize = dilationCols == 1 ? tapCols : 1;
  for (let p = first; p < first + size; p++) {
    const ox = p % outWidth, oy = p / outWidth % outHeight, n = p / (outWidth * outHeight);
    for (let ky: usize = 0; ky < tapRows; ky++) {
      const iy = rowAt(oy, ky);
      for (let kx: usize = 0; kx < tapCols; kx += run) {
        const ix = colAt(ox, kx);
        const low = before(ix, run), high = within(ix, run);
        if (inside(iy, inHeight) && high > low) {
          addTo(dx + pixel(n, iy, ix + <i32> low), from + (low * channels << 2), (high - low) * channels);
        }
        from += run * channels << 2;
      }
    }
  }
}

/** How many of `run` taps from column `ix` on lie in the padding on the left. */
// @ts-ignore: decorator
@inline
function before(ix: i32, run: usize): usize {
  return <usize> min(<i32> run, max(0, -ix));
}

/** How many of `run` taps from column `ix` on lie left of the image's right edge. */
// @ts-ignore: decorator
@inline
function within(ix: i32, run: usize): usize {
  return <usize> max(0, min(<i32> run, <i32> inWidth - ix));
}
