/**
 * The curves of runs, drawn. The library that draws them is loaded only now.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import type { EpochTable } from "../../plot/mod.ts";
import type { Figure } from "./page/curves.ts";
import { isObject } from "./plain_facts.ts";
import type { RunReport } from "./run_report.ts";

/** Draws what pages show. */
export interface Drawer {
  /** The curves of a run: a drawing for each metric, and one for the learning rate. */
  one(report: RunReport): Figure[];
  /** Those of several runs over one another: a drawing for each key. */
  several(runs: readonly { name: string; report: RunReport }[]): Figure[];
}

/** Pixels across, so that two stand side by side on a screen, and one is legible on a phone. */
const WIDTH = 390;

/** Load what draws. */
export async function drawer(): Promise<Drawer> {
  const { plotHistory, plotRuns } = await import("../../plot/mod.ts");
  return {
    one(report) {
      return drawn(
        metricsIn([report]),
        (key) =>
          plotHistory(tableOf(report, [key, `val_${key}`]), {
            keys: key,
            width: WIDTH,
            learningRate: false,
          }),
      );
    },
    several(runs) {
      const keys = keysIn(runs.map(({ report }) => report));
      return drawn(keys, (key) => {
        const histories = runs.map(({ name, report }) => ({
          name,
          history: tableOf(report, [key]),
        }));
        return plotRuns(histories, { keys: key, width: WIDTH });
      });
    },
  };
}

/** What cannot be drawn, of a record that is damaged, is told in its place. */
function drawn(
  keys: readonly string[],
  draw: (key: string) => Figure,
): Figure[] {
  return keys.map((key) => {
    try {
      const { svg, text } = draw(key);
      return { svg, text };
    } catch (error) {
      return { svg: "", text: messageOf(error) };
    }
  });
}

/** Some columns of a run: one that is damaged spoils no other drawing. */
function tableOf(
  report: RunReport,
  keys: readonly string[],
): EpochTable {
  const columns = curvesOf(report);
  const { best, epoch, facts: { params } } = report.run;
  const own = keys.filter((key) => Object.hasOwn(columns, key));
  return {
    epoch,
    history: Object.fromEntries(own.map((key) => [key, columns[key]!])),
    ...best && { best },
    ...isObject(params) && { params },
  };
}

/** What there is to draw: what the logs have, and the learning rate where it changed. */
function curvesOf({ columns, rates }: RunReport): RunReport["columns"] {
  return rates ? { ...columns, learning_rate: rates } : columns;
}

/** The keys that have a value, in the order of their first run. */
function keysIn(reports: readonly RunReport[]): string[] {
  const keys = reports.map(curvesOf).flatMap((columns) =>
    Object.keys(columns).filter((key) =>
      columns[key]!.some((it) => it !== undefined)
    )
  );
  return [...new Set(keys)];
}

/** The same, without those that are drawn with the training's. */
function metricsIn(reports: readonly RunReport[]): string[] {
  const keys = keysIn(reports);
  return keys.filter((key) =>
    !(key.startsWith("val_") && keys.includes(key.slice("val_".length)))
  );
}
