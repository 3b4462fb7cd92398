/**
 * A curve drawn with blocks of eight heights, one character per value.
 *
 * @module
 */

const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * Draw a curve.
 *
 * @param values The values; NaN and infinite ones are drawn as `·`.
 * @param width Maximum number of characters; longer curves are thinned out.
 * Default 40.
 */
export function sparkline(values: readonly number[], width = 40): string {
  const drawn = thin(values, width);
  const finite = drawn.filter(Number.isFinite);
  const low = Math.min(...finite);
  const span = Math.max(...finite) - low;
  return drawn.map((value) => {
    if (!Number.isFinite(value)) return "·";
    const part = span === 0 ? 0.5 : (value - low) / span;
    return BLOCKS[Math.min(7, Math.floor(part * 8))];
  }).join("");
}

/** Evenly spaced values, the first and the last among them. */
function thin(values: readonly number[], width: number): readonly number[] {
  if (values.length <= width) return values;
  const step = (values.length - 1) / (width - 1);
  return Array.from({ length: width }, (_, i) => values[Math.round(i * step)]!);
}
