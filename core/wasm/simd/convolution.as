// Convolution and its gradients as matrix products over patches ("im2col",
// Chellapilla, Puri and Simard 2006), a block of patches at a time so that they
// never leave the L2 cache.

import { addTo, clear } from "./lanes";
import { gemmScratch, multiply, pack } from "./gemm";
import {
  channels, colUnder, dilationCols, inCols, inputs, moveOn, moveTo, outputs, pixel, rowUnder,
  tapCols, tapPlanes, tapRows,
} from "./window";

const BLOCK_FLOATS: usize = 28 * 1024; // of patches in a block

/** Floats in a patch: all the input values that one output pixel sees. */
function patchSize(): usize {
  return tapPlanes * tapRows * tapCols * channels;
}

/** Patches in a block: a multiple of 6, the rows of a tile of the product. */
function blockSize(): usize {
  return max(1, min(96, BLOCK_FLOATS / patchSize() / 6)) * 6;
}

/** Bytes of scratch memory that the three functions below need. */
export function convolutionScratch(filters: usize): usize {
  const patch = patchSize(), block = blockSize();
  const forward = gemmScratch(filters, patch), back = gemmScratch(patch, filters), across = gemmScratch(filters, block);
  return (block * patch << 2) + 16 + max(forward, max(back, across));
}

/** y = patches of x, times the filter. */
export function convolve(x: usize, filter: usize, y: usize, filters: usize, scratch: usize): void {
  const patch = patchSize(), block = blockSize();
  const packed = scratch + (block * patch << 2) + 16;
  pack(filters, patch, filter, filters << 2, 4, packed);
  for (let first: usize = 0; first < outputs; first += block) {
    const size = min(block, outputs - first);
    gather(x, first, size, scratch);
    multiply(size, filters, patch, scratch, patch << 2, 4, packed, 0, y + (first * filters << 2), false, packed);
  }
}

/** Patches of dx = dy, times the filter transposed; overlapping patches add up. */
export function convolveInputGradient(dy: usize, filter: usize, dx: usize, filters: usize, scratch: usize): void {
  const patch = patchSize(), block = blockSize();
  const packed = scratch + (block * patch << 2) + 16;
  pack(patch, filters, filter, 4, filters << 2, packed);
  clear(dx, inputs * channels);
  for (let first: usize = 0; first < outputs; first += block) {
    const size = min(block, outputs - first);
    multiply(size, patch, filters, dy + (first * filters << 2), filters << 2, 4, packed, 0, scratch, false, packed);
    scatter(dx, first, size, scratch);
  }
}

/** Gradient of the filter = patches of x transposed, times dy. */
export function convolveFilterGradient(x: usize, dy: usize, dFilter: usize, filters: usize, scratch: usize): void {
  const patch = patchSize(), block = blockSize();
  const packed = scratch + (block * patch << 2) + 16, inPlace = filters % 8 == 0;
  for (let first: usize = 0; first < outputs; first += block) {
    const size = min(block, outputs - first), rows = dy + (first * filters << 2);
    gather(x, first, size, scratch);
    if (!inPlace) pack(filters, size, rows, filters << 2, 4, packed);
    multiply(
      patch, filters, size, scratch, 4, patch << 2,
      inPlace ? rows : packed, inPlace ? filters << 2 : 0, dFilter, first > 0, packed,
    );
  }
}

/**
 * Copies `size` patches of x, one row each, zeros where the padding is. Whole
 * vectors are copied: what is too much at the end is overwritten by what
 * follows, and after the last patch there is space for it.
 */
function gather(x: usize, first: usize, size: usize, out: usize): void {
  const run: usize = dilationCols == 1 ? tapCols : 1; // taps that lie side by side
  moveTo(first);
  for (let p: usize = 0; p < size; p++) {
    for (let kz: usize = 0; kz < tapPlanes; kz++) {
      for (let ky: usize = 0; ky < tapRows; ky++) {
        const row = rowUnder(kz, ky);
        for (let kx: usize = 0; kx < tapCols; kx += run) {
          const col = colUnder(kx);
          const low = row < 0 ? run : before(col, run), high = max(low, within(col, run));
          const start = out + (low * channels << 2), stop = out + (high * channels << 2);
          const end = out + (run * channels << 2);
          for (; out < start; out += 16) v128.store(out, f32x4.splat(0));
          out = start;
          for (let from = x + pixel(row, col + <i32> low); out < stop; out += 16, from += 16) {
            v128.store(out, v128.load(from));
          }
          for (out = stop; out < end; out += 16) v128.store(out, f32x4.splat(0));
          out = end;
        }
      }
    }
    moveOn();
  }
}

/** Adds `size` patches into dx: {@linkcode gather} backwards. */
function scatter(dx: usize, first: usize, size: usize, from: usize): void {
  const run: usize = dilationCols == 1 ? tapCols : 1;
  moveTo(first);
  for (let p: usize = 0; p < size; p++) {
    for (let kz: usize = 0; kz < tapPlanes; kz++) {
      for (let ky: usize = 0; ky < tapRows; ky++) {
        const row = rowUnder(kz, ky);
        for (let kx: usize = 0; kx < tapCols; kx += run) {
          const col = colUnder(kx), low = before(col, run), high = within(col, run);
          if (row >= 0 && high > low) {
            addTo(dx + pixel(row, col + <i32> low), from + (low * channels << 2), (high - low) * channels);
          }
          from += run * channels << 2;
        }
      }
    }
    moveOn();
  }
}

/** How many of `run` taps from column `col` on lie in the padding on the left. */
// @ts-ignore: decorator
@inline
function before(col: i32, run: usize): usize {
  return <usize> min(<i32> run, max(0, -col));
}

/** How many of `run` taps from column `col` on lie left of the image's right edge. */
// @ts-ignore: decorator
@inline
function within(col: i32, run: usize): usize {
  return <usize> max(0, min(<i32> run, <i32> inCols - col));
}
