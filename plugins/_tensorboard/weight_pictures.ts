/**
 * Weights as pictures, as Keras draws them: a bias as a column, a kernel of a
 * dense layer lying down, the kernels of a convolution one by one.
 *
 * @module
 */
import type { Pictures } from "./values.ts";

/** Encodes a picture of 8 bits a channel. */
export type EncodePng = (picture: {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}) => Uint8Array;

/** Load what encodes pictures. */
export async function loadPng(): Promise<EncodePng> {
  const { encode } = await import("fast-png");
  return encode;
}

/** Numbers in up to four dimensions: pictures, rows, columns, channels. */
interface Layout {
  /** Length of each dimension. */
  readonly shape: readonly [number, number, number, number];
  /** How far apart neighbours stand in each. */
  readonly strides: readonly [number, number, number, number];
}

/** As many are drawn of one weight, as in `tf.summary.image`. */
const MOST = 3;

/**
 * The pictures of a weight: 0 is dark, 1 is bright, and so is all beyond.
 *
 * @param shape Length of each dimension of the weight.
 * @param values Its numbers, row after row.
 * @returns Undefined where it has none: it is empty or a single number, has too
 * many dimensions, or no channels that could be colours.
 */
export function picturesOf(
  shape: readonly number[],
  values: ArrayLike<number>,
  encode: EncodePng,
): Pictures | undefined {
  const layout = layoutOf(shape);
  if (!layout || ![1, 3, 4].includes(layout.shape[3])) return undefined;
  const [count, height, width, channels] = layout.shape;
  const pngs = Array.from({ length: Math.min(count, MOST) }, (_, picture) => {
    const data = pixelsOf(layout, picture, values);
    return encode({ width, height, channels, data });
  });
  return { width, height, pngs };
}

/** How a weight is laid out; dimensions of length 1 do not count. */
function layoutOf(shape: readonly number[]): Layout | undefined {
  const lengths = shape.filter((length) => length !== 1);
  if (lengths.includes(0)) return undefined;
  const [a = 1, b = 1, c = 1, d = 1] = lengths;
  switch (lengths.length) {
    case 1:
      return { shape: [1, a, 1, 1], strides: [0, 1, 0, 0] };
    case 2:
      return a > b
        ? { shape: [1, b, a, 1], strides: [0, 1, b, 0] }
        : { shape: [1, a, b, 1], strides: [0, b, 1, 0] };
    case 3:
      return { shape: [c, a, b, 1], strides: [1, b * c, c, 0] };
    case 4:
      return { shape: [a, b, c, d], strides: [b * c * d, c * d, d, 1] };
  }
  return undefined;
}

function pixelsOf(
  { shape: [, height, width, channels], strides }: Layout,
  picture: number,
  values: ArrayLike<number>,
): Uint8Array {
  // Numbers out of range become the nearest that a byte holds.
  const pixels = new Uint8Array(height * width * channels);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < channels; channel++) {
        const from = picture * strides[0] + y * strides[1] + x * strides[2] +
          channel * strides[3];
        pixels[at++] = byteOf(values[from]!);
      }
    }
  }
  return pixels;
}

/** As `tf.image.convert_image_dtype` rounds. */
function byteOf(value: number): number {
  return Math.min(255, Math.max(0, Math.fround(value * 255.5)));
}
