// The window that convolutions and pools slide over an image (NHWC): its
// geometry, set once a kernel call, and what a window covers.

export let images: usize = 0;
export let inHeight: usize = 0;
export let inWidth: usize = 0;
export let channels: usize = 0;
export let outHeight: usize = 0;
export let outWidth: usize = 0;
export let tapRows: usize = 0; // rows of the window
export let tapCols: usize = 0;
let strideRows: i32 = 0;
let strideCols: i32 = 0;
let dilationRows: i32 = 0;
export let dilationCols: i32 = 0;
let padTop: i32 = 0;
let padLeft: i32 = 0;

/** Sets the geometry for the calls that follow. */
export function setWindow(
  n: usize, h: usize, w: usize, c: usize, oh: usize, ow: usize,
  kh: usize, kw: usize, sh: i32, sw: i32, dh: i32, dw: i32, top: i32, left: i32,
): void {
  images = n; inHeight = h; inWidth = w; channels = c; outHeight = oh; outWidth = ow;
  tapRows = kh; tapCols = kw; strideRows = sh; strideCols = sw;
  dilationRows = dh; dilationCols = dw; padTop = top; padLeft = left;
}

/** Row of the image under row `ky` of the window of output row `oy`; it may lie in the padding. */
// @ts-ignore: decorator
@inline
export function rowAt(oy: usize, ky: usize): i32 {
  return <i32> oy * strideRows - padTop + <i32> ky * dilationRows;
}

/** Column of the image under column `kx` of the window of output column `ox`. */
// @ts-ignore: decorator
@inline
export function colAt(ox: usize, kx: usize): i32 {
  return <i32> ox * strideCols - padLeft + <i32> kx * dilationCols;
}

/** Whether `i` counts within `size`: false for the padding on both sides. */
// @ts-ignore: decorator
@inline
export function inside(i: i32, size: usize): bool {
  return <usize> i < size;
}

/** Byte offset of a pixel of image `n`. */
// @ts-ignore: decorator
@inline
export function pixel(n: usize, y: i32, x: i32): usize {
  return ((n * inHeight + <usize> y) * inWidth + <usize> x) * channels << 2;
}
