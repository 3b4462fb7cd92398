/**
 * By what runs differ: their settings side by side, and the best value of each
 * metric.
 *
 * @module
 */
import type { Direction } from "../../../plugin.ts";
import { isObject } from "../plain_facts.ts";
import type { RunReport } from "../run_report.ts";
import type { Group, Setting } from "../settings.ts";

/** A setting of several runs. */
export interface Compared {
  /** What it belongs to. */
  readonly group: Group;
  /** What it is called. */
  readonly name: string;
  /** Its value in each run; undefined where a run does not have it. */
  readonly values: readonly (string | undefined)[];
  /** Whether it is the same in all; an option, in all that have its plugin. */
  readonly equal: boolean;
}

/** The settings of all runs, in the order of their groups. */
export function comparedSettings(reports: readonly RunReport[]): Compared[] {
  const found = new Map<string, Pick<Setting, "group" | "name" | "option">>();
  const values = reports.map(({ settings }) => {
    const own = new Map<string, string>();
    for (const { value, ...setting } of settings) {
      const key = keyOf(setting);
      found.set(key, setting);
      own.set(key, value);
    }
    return own;
  });
  return [...found].map(([key, setting]) => {
    const each = values.map((own) => own.get(key));
    const { group, name, option } = setting;
    const plugin = option && keyOf({ group, name: option[0] });
    const asked = plugin === undefined
      ? each
      : each.filter((_, i) => values[i]!.has(plugin));
    return {
      group,
      name,
      values: each,
      equal: asked.every((it) => it === asked[0]),
    };
  });
}

function keyOf({ group, name }: Pick<Setting, "group" | "name">): string {
  return JSON.stringify([group, name]);
}

/** The best value of a metric in each run. */
export interface BestValues {
  /** The metric's key. */
  readonly key: string;
  /** Whether more or less is better. */
  readonly direction: Direction;
  /** That of each run; undefined where it has none. */
  readonly values: readonly (Best & { readonly best: boolean } | undefined)[];
}

/** A value, and its epoch, from 0. */
interface Best {
  readonly value: number;
  readonly epoch: number;
}

/** The metrics whose direction a run knows, with their best values. */
export function bestValues(reports: readonly RunReport[]): BestValues[] {
  const directions = new Map<string, Direction>();
  for (const { run: { facts: { params } }, columns } of reports) {
    const known = isObject(params) && isObject(params.directions)
      ? params.directions
      : {};
    for (const key of Object.keys(columns)) {
      const direction = known[key];
      if (direction === "min" || direction === "max") {
        directions.set(key, direction);
      }
    }
  }
  return [...directions].map(([key, direction]) => {
    const each = reports.map((report) => bestOf(report, key, direction));
    const top = each.reduce<number | undefined>(
      (best, it) =>
        it && (best === undefined || better(it.value, best, direction))
          ? it.value
          : best,
      undefined,
    );
    return {
      key,
      direction,
      values: each.map((it) => it && { ...it, best: it.value === top }),
    };
  });
}

function bestOf(
  { columns, run: { epoch } }: RunReport,
  key: string,
  direction: Direction,
): Best | undefined {
  let best: Best | undefined;
  columns[key]?.forEach((value, i) => {
    if (value === undefined || Number.isNaN(value)) return;
    if (best && !better(value, best.value, direction)) return;
    best = { value, epoch: epoch[i] ?? i };
  });
  return best;
}

function better(a: number, b: number, direction: Direction): boolean {
  return direction === "min" ? a < b : a > b;
}
