/**
 * What came out of the trials, in words.
 *
 * @module
 */
import type { Mutant } from "./mutants.ts";

/** A mutant and its end. */
export interface Verdict {
  /** The mutant. */
  readonly mutant: Mutant;
  /** Whether a test noticed it. */
  readonly killed: boolean;
}

/** Rows of a table: by file, by folder, and over all. */
export function table(verdicts: readonly Verdict[]): string[] {
  const folder = (file: string) => file.slice(0, file.lastIndexOf("/") + 1);
  const rows = [
    ...Map.groupBy(verdicts, ({ mutant }) => mutant.file),
    ...Map.groupBy(verdicts, ({ mutant }) => folder(mutant.file)),
    ["all", verdicts] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    `${"".padEnd(width)}  killed  survived  of      %`,
    ...rows.map(([name, some]) => {
      const killed = some.filter((it) => it.killed).length;
      return [
        name.padEnd(width),
        String(killed).padStart(6),
        String(some.length - killed).padStart(8),
        String(some.length).padStart(4),
        percentKilled(some).toFixed(1).padStart(5),
      ].join("  ");
    }),
  ];
}

/** How many of 100 mutants were killed. */
export function percentKilled(verdicts: readonly Verdict[]): number {
  const killed = verdicts.filter((it) => it.killed).length;
  return verdicts.length ? 100 * killed / verdicts.length : 100;
}

/** Where a mutant is and what it changes, in a line. */
export function describe(mutant: Mutant, source: string): string {
  const { file, line, start, end, text } = mutant;
  const before = short(source.slice(start, end));
  return `${file}:${line}  ${before}  ->  ${short(text) || "nothing"}`;
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
