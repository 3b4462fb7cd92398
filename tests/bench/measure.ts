/**
 * Measuring beside each other on a noisy machine: everything takes turns, and
 * the median of the turns counts.
 *
 * @module
 */

/** The middle of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? sorted[middle]!
    : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * The median of each way, after one turn that does not count.
 *
 * @param ways By name: a measurement.
 * @param turns How many turns count.
 * @param onTurn Told before each.
 */
export async function inTurns(
  ways: Readonly<Record<string, () => Promise<number>>>,
  turns: number,
  onTurn: (name: string) => void = () => {},
): Promise<Record<string, number>> {
  const seen: Record<string, number[]> = {};
  for (let turn = 0; turn <= turns; turn++) {
    for (const [name, measure] of Object.entries(ways)) {
      onTurn(name);
      const value = await measure();
      if (turn > 0) (seen[name] ??= []).push(value);
    }
  }
  return Object.fromEntries(
    Object.entries(seen).map(([name, values]) => [name, median(values)]),
  );
}

/** A row of the table: what, its value, and what it is compared with. */
export interface Row {
  /** What was measured. */
  readonly what: string;
  /** The value, with its unit. */
  readonly value: string;
  /** What it means, as a ratio. */
  readonly ratio: string;
}

/**
 * A table in Markdown.
 *
 * @param rows The rows.
 */
export function table(rows: readonly Row[]): string {
  const cells = [
    ["what", "measured", "ratio"],
    ...rows.map(({ what, value, ratio }) => [what, value, ratio]),
  ];
  const widths = [0, 1, 2].map((i) =>
    Math.max(...cells.map((row) => row[i]!.length))
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  const [head, ...body] = cells;
  return [
    line(head!),
    line(widths.map((width) => "-".repeat(width))),
    ...body.map(line),
  ].join("\n");
}

/** A number with three digits that count. */
export function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
