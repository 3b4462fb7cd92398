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
      const history = tableOf(report);
      return drawn(metricsIn([report]), (key) =>
        plotHistory(history, {
          keys: key,
          width: WIDTH,
          learningRate: false,
        }));
    },
    several(runs) {
      const keys = keysIn(runs.map(({ report }) => report));
      const histories = runs.map(({ name, report }) => ({
        name,
        history: tableOf(report),
      }));
      return drawn(
        keys,
        (key) => plotRuns(histories, { keys: key, width: WIDTH }),
      );
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

function tableOf({ run, columns }: RunReport): EpochTable {
  const { best, epoch, facts: { params } } = run;
  return {
    epoch,
    history: columns,
    ...best && { best },
    ...isObject(params) && { params },
  };
}

/** The keys that have a value, in the order of their first run. */
function keysIn(reports: readonly RunReport[]): string[] {
  const keys = reports.flatMap(({ columns }) =>
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
