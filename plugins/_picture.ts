/**
 * Small pictures drawn with block characters.
 *
 * @module
 */
import type { Numbers } from "./_predictions.ts";

/** Wider pictures are halved. */
const WIDEST = 16;

/**
 * Pictures side by side, two dots per character: every pixel at least half as
 * bright as the brightest is drawn.
 *
 * @param pictures Pictures of the same height.
 * @param columns Maximum width of a line; what does not fit goes below.
 */
export function pictures(
  pictures: readonly Numbers[],
  columns: number,
): string[] {
  const drawn = pictures.map((picture) => blocks(shrunk(picture)));
  const width = (drawn[0]?.[0]?.length ?? 0) + 2;
  const beside = Math.max(1, Math.floor((columns + 2) / width));
  const lines: string[] = [];
  for (let first = 0; first < drawn.length; first += beside) {
    const row = drawn.slice(first, first + beside);
    lines.push(
      ...row[0]!.map((_, y) =>
        row.map((lines) => lines[y]).join("  ").trimEnd()
      ),
    );
  }
  return lines.filter((line) => line !== "");
}

/**
 * The pictures in a batch of inputs.
 *
 * @param input `[n, height, width]`, or the same with one channel at the end.
 * @throws {Error} If they are not pictures.
 */
export function picturesOf({ shape, data }: Numbers): Numbers[] {
  const [count, height, width, channels = 1] = shape;
  if (shape.length < 3 || shape.length > 4 || channels !== 1) {
    throw new Error(
      `cannot draw inputs of shape [${
        shape.join(", ")
      }]: expected [n, height, width] or [n, height, width, 1]; leave 'draw' out`,
    );
  }
  const size = height! * width!;
  return Array.from({ length: count! }, (_, i) => ({
    shape: [height!, width!],
    data: Array.from({ length: size }, (_, at) => data[i * size + at]!),
  }));
}

/** Means of two by two pixels, as often as needed. */
function shrunk(picture: Numbers): Numbers {
  const [height, width] = picture.shape as [number, number];
  if (width <= WIDEST) return picture;
  const [low, narrow] = [Math.floor(height / 2), Math.floor(width / 2)];
  const at = (y: number, x: number) => picture.data[y * width + x]!;
  return shrunk({
    shape: [low, narrow],
    data: Array.from({ length: low * narrow }, (_, i) => {
      const [y, x] = [2 * Math.floor(i / narrow), 2 * (i % narrow)];
      return (at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4;
    }),
  });
}

/** Whether the upper dot is set, then the lower. */
const BLOCKS = [[" ", "▄"], ["▀", "█"]] as const;

function blocks({ shape, data }: Numbers): string[] {
  const [height, width] = shape as [number, number];
  const all = Array.from(data);
  const half = all.reduce((a, b) => Math.max(a, b), -Infinity) / 2 +
    all.reduce((a, b) => Math.min(a, b), Infinity) / 2;
  const dot = (y: number, x: number) =>
    y < height && data[y * width + x]! > half ? 1 : 0;
  return Array.from({ length: Math.ceil(height / 2) }, (_, line) =>
    Array.from(
      { length: width },
      (_, x) => BLOCKS[dot(2 * line, x)][dot(2 * line + 1, x)],
    ).join(""));
}
