/**
 * Pictures of training runs: curves of one run ({@linkcode plotHistory}), of
 * several over one another ({@linkcode plotRuns}), and bars of named amounts
 * ({@linkcode plotBars}). Each is a whole SVG document, legible in dark and
 * light, and shows itself in a Deno Jupyter notebook.
 *
 * ```ts
 * import { plotHistory } from "@hookloop/hookloop/plot";
 *
 * const { svg } = plotHistory({ loss: [3, 2, 1], val_loss: [3, 2.5, 2.6] });
 * console.log(svg.length > 0);
 * ```
 *
 * @module
 */
export { type HistoryPlotOptions, plotHistory } from "./plot_history.ts";
export {
  plotRuns,
  type PlottedRun,
  type RunsPlotOptions,
} from "./plot_runs.ts";
export { type Bar, type BarPlotOptions, plotBars } from "./plot_bars.ts";
export type { BestOption, CurveOptions } from "./options.ts";
export type { BestEpoch, Columns, EpochTable } from "./given.ts";
export type { Picture } from "./picture.ts";
