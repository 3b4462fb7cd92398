// The window that convolutions and pools slide over an image (NHWC, or NDHWC;
// a 2D image has a depth of 1): its geometry, set once a kernel call, where it
// is, and what lies under it.

export let channels: usize = 0;
export let inputs: usize = 0; // pixels of all images
export let outputs: usize = 0; // windows on all images
export let tapPlanes: usize = 0; // size of the window
export let tapRows: usize = 0;
export let tapCols: usize = 0;
export let dilationCols: i32 = 0;
export let inCols: usize = 0;
let inPlanes: usize = 0, inRows: usize = 0;
let outPlanes: usize = 0, outRows: usize = 0, outCols: usize = 0;
let stridePlanes: i32 = 0, strideRows: i32 = 0, strideCols: i32 = 0;
let dilationPlanes: i32 = 0, dilationRows: i32 = 0;
let padFront: i32 = 0, padTop: i32 = 0, padLeft: i32 = 0;

/** Sets the geometry for the calls that follow. */
export function setWindow(
  n: usize, c: usize,
  inZ: usize, inY: usize, inX: usize, outZ: usize, outY: usize, outX: usize,
  tapZ: usize, tapY: usize, tapX: usize, strideZ: i32, strideY: i32, strideX: i32,
  dilationZ: i32, dilationY: i32, dilationX: i32, padZ: i32, padY: i32, padX: i32,
): void {
  channels = c;
  inputs = n * inZ * inY * inX;
  outputs = n * outZ * outY * outX;
  inPlanes = inZ; inRows = inY; inCols = inX;
  outPlanes = outZ; outRows = outY; outCols = outX;
  tapPlanes = tapZ; tapRows = tapY; tapCols = tapX;
  stridePlanes = strideZ; strideRows = strideY; strideCols = strideX;
  dilationPlanes = dilationZ; dilationRows = dilationY; dilationCols = dilationX;
  padFront = padZ; padTop = padY; padLeft = padX;
}

// Where the window is: the output it makes, and its first plane, row and
// column on the image, negative in the padding.
let z: usize = 0, y: usize = 0, x: usize = 0, image: usize = 0;
let planeAt: i32 = 0, rowAt: i32 = 0, colAt: i32 = 0;

/** Puts the window on output `p`, counted over all images. */
export function moveTo(p: usize): void {
  if (outputs == 0) return;
  x = p % outCols;
  y = p / outCols % outRows;
  z = p / (outCols * outRows) % outPlanes;
  image = p / (outCols * outRows * outPlanes);
  planeAt = <i32> z * stridePlanes - padFront;
  rowAt = <i32> y * strideRows - padTop;
  colAt = <i32> x * strideCols - padLeft;
}

/** Moves the window on to the next output. */
// @ts-ignore: decorator
@inline
export function moveOn(): void {
  colAt += strideCols;
  if (++x == outCols) nextRow();
}

function nextRow(): void {
  x = 0;
  colAt = -padLeft;
  rowAt += strideRows;
  if (++y < outRows) return;
  y = 0;
  rowAt = -padTop;
  planeAt += stridePlanes;
  if (++z < outPlanes) return;
  z = 0;
  planeAt = -padFront;
  image++;
}

/** Number of the image's row under a row of the window, over all images; -1 in the padding. */
// @ts-ignore: decorator
@inline
export function rowUnder(tapPlane: usize, tapRow: usize): i32 {
  const plane = <usize> (planeAt + <i32> tapPlane * dilationPlanes);
  const row = <usize> (rowAt + <i32> tapRow * dilationRows);
  return plane < inPlanes && row < inRows ? <i32> ((image * inPlanes + plane) * inRows + row) : -1;
}

/** Column of the image under a column of the window: outside of the image in the padding. */
// @ts-ignore: decorator
@inline
export function colUnder(tapCol: usize): i32 {
  return colAt + <i32> tapCol * dilationCols;
}

/** Byte offset of a pixel, by number of row and column. */
// @ts-ignore: decorator
@inline
export function pixel(row: i32, col: i32): usize {
  return (<usize> row * inCols + <usize> col) * channels << 2;
}
