/**
 * Where the time of a profile went, as tables that fit a terminal: every
 * millisecond counts once, so that the shares sum up to 100 %.
 *
 * @module
 */
import type { Profile, Span } from "../../core/plugin.ts";
import { aligned } from "../_table.ts";

/** What took time, and how much. */
interface Row {
  readonly name: string;
  readonly calls: number;
  readonly total: number;
}

/** Where the time went. */
export interface Spent {
  /** Kernels outside of hooks, without the kernels they called; the longest first. */
  readonly kernels: readonly Row[];
  /** Plugins by hook, with the kernels they called; the longest first. */
  readonly hooks: readonly Row[];
  /** The rest: steps and data outside of kernels, and what is neither. */
  readonly others: readonly Row[];
}

/** Rows of kernels and of hooks at most, and the share below which a row says nothing. */
const MOST = 11;
const LEAST = 0.0005;

/** What is outside of kernels, by the kind of span. */
const OTHERS = {
  step: "steps, outside of kernels",
  data: "data, outside of kernels",
  logs: "logs, outside of kernels",
  backup: "backups, outside of kernels",
} as const;

/** Where the time of a profile went. */
export function spentIn({ began, ended, spans }: Profile): Spent {
  const kernels = new Map<string, { calls: number; total: number }>();
  const hooks: typeof kernels = new Map();
  const others: typeof kernels = new Map();
  let left = ended - began;

  function count(
    into: typeof kernels,
    name: string,
    calls: number,
    ms: number,
  ) {
    const row = into.get(name) ?? { calls: 0, total: 0 };
    into.set(name, row);
    row.calls += calls;
    row.total += ms;
  }

  /** The kernels under way. */
  const calls: Span[] = [];
  for (const span of spans) {
    const { kind, name, by, begun, took, depth = 0, within } = span;
    if (kind === "hook") {
      count(hooks, `${by} ${name}`, begun ? 0 : 1, took);
      left -= took;
    } else if (kind !== "kernel") {
      count(others, OTHERS[kind], 1, took);
      left -= took;
    } else if (within !== "hook") {
      count(kernels, name, 1, took);
      calls.length = depth;
      const outer = calls.at(-1);
      // What lies within another counts for that one no more.
      if (outer) count(kernels, outer.name, 0, -took);
      else if (within === undefined) left -= took;
      else count(others, OTHERS[within], 0, -took);
      calls.push(span);
    }
  }
  count(others, "everything else", 0, Math.max(0, left));
  return {
    kernels: sorted(kernels),
    hooks: sorted(hooks),
    others: [...others].map(([name, row]) => ({ name, ...row })),
  };
}

function sorted(
  rows: ReadonlyMap<string, Omit<Row, "name">>,
): readonly Row[] {
  return [...rows].map(([name, row]) => ({ name, ...row }))
    .sort((a, b) => b.total - a.total);
}

/**
 * The tables.
 *
 * @param profile What was measured.
 * @param columns How wide they may be.
 */
export function profileTable(profile: Profile, columns: number): string[] {
  const { kernels, hooks, others } = spentIn(profile);
  const whole = profile.ended - profile.began;
  const groups: readonly (readonly [string, readonly Row[]])[] = [
    ["kernels", most(kernels, whole)],
    ["plugins", most(hooks, whole)],
    ["the rest", others],
  ];
  const rows = groups.flatMap(([, rows]) => rows);
  const parts = rows.map(({ total }) => total / (whole || 1));
  const shares = new Map(sharesOf(parts).map((share, i) => [rows[i], share]));
  const cells = [
    ["", "calls", "ms", "ms/call", "share"],
    ...groups.filter(([, rows]) => rows.length).flatMap(([title, rows]) => [
      [title, "", "", "", ""],
      ...rows.map((row) => [
        `  ${row.name}`,
        row.calls ? String(row.calls) : "",
        row.total.toFixed(2),
        row.calls ? (row.total / row.calls).toFixed(3) : "",
        shares.get(row)!,
      ]),
    ]),
    ["in all", "", whole.toFixed(2), "", "100.0 %"],
  ];
  const widths = cells[0]!.map((_, i) =>
    Math.max(...cells.map((row) => row[i]!.length))
  );
  const numbers = widths.slice(1).reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(16, columns - 1 - numbers);
  return aligned(cells.map(([name, ...row]) => [short(name!, room), ...row]));
}

/** The longest, and the others in one row. */
function most(rows: readonly Row[], whole: number): readonly Row[] {
  const count = rows.findIndex(({ total }) => total < LEAST * whole);
  const shown = Math.min(count < 0 ? rows.length : count, MOST);
  // A row of their own says no less than one for a single other.
  if (rows.length <= shown + 1) return rows;
  const others = rows.slice(shown);
  const sum = (of: (row: Row) => number) =>
    others.reduce((sum, row) => sum + of(row), 0);
  return [...rows.slice(0, shown), {
    name: `${others.length} ${shown ? "others" : "in all"}`,
    calls: sum(({ calls }) => calls),
    total: sum(({ total }) => total),
  }];
}

/** Shares in tenths of a percent that sum up to the whole: those that lose most by being rounded down are rounded up. */
function sharesOf(parts: readonly number[]): string[] {
  const tenths = parts.map((part) => Math.floor(part * 1000));
  const lost = parts.map((part, i) => part * 1000 - tenths[i]!);
  const left = 1000 - tenths.reduce((sum, it) => sum + it, 0);
  const up = lost.map((_, i) => i).sort((a, b) => lost[b]! - lost[a]!);
  for (const i of up.slice(0, left)) tenths[i]!++;
  return tenths.map((it) => `${(it / 10).toFixed(1)} %`);
}

function short(name: string, room: number): string {
  return name.length > room ? `${name.slice(0, room - 1)}…` : name;
}
