/**
 * Named amounts as bars, one below the other.
 *
 * @module
 */
import type { Picture } from "./picture.ts";

/** A named amount. */
export interface Bar {
  /** What it is called. */
  readonly name: string;
  /** How much: at least 0. */
  readonly value: number;
}

/** Options of {@linkcode plotBars}. */
export interface BarPlotOptions {
  /** Stands above the drawing. Default none. */
  readonly title?: string;
  /** Unit of the values, such as `"ms"`. Default none. */
  readonly unit?: string;
  /** Width in pixels, 240 to 4096. Default 640. */
  readonly width?: number;
}

/**
 * Draw named amounts, such as the time that each plugin took, in the order given.
 *
 * @param bars The amounts.
 * @param options See {@linkcode BarPlotOptions}.
 * @throws {InputError} If a value is no number of at least 0, or there is no such option.
 */
export declare function plotBars(
  bars: readonly Bar[],
  options?: BarPlotOptions,
): Picture;
