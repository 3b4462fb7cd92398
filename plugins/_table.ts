/**
 * Tables of text.
 *
 * @module
 */

/**
 * Rows in aligned columns: text to the left, numbers to the right.
 *
 * @param rows The cells; all rows have equally many.
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
