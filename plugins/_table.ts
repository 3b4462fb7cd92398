/**
 * Tables of text.
 *
 * @module
 */

/**
 * Rows with columns of one width each: text on the left, numbers on the right.
 *
 * @param rows The cells; all rows have as many.
 * @param texts How many columns, from the first, are text.
 */
export function aligned(rows: readonly string[][], texts = 1): string[] {
  const widths = rows[0]!.map((_, i) =>
    Math.max(...rows.map((row) => row[i]!.length))
  );
  return rows.map((row) =>
    row.map((cell, i) =>
      i < texts ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)
    ).join("  ").trimEnd()
  );
}
