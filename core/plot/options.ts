/**
 * Options of the drawings.
 *
 * @module
 */
import type { Direction } from "../plugin.ts";

/** What drawings of curves have in common. */
export interface CurveOptions {
  /**
   * The metrics to draw, one panel each: `"loss"` or `["loss", "accuracy"]`.
   * Default all.
   */
  readonly keys?: string | readonly string[];
  /** Stands above the drawing. Default none. */
  readonly title?: string;
  /** Width in pixels, 240 to 4096. Default 640, or 880 with several panels. */
  readonly width?: number;
  /** Height in pixels, at least what the panels need. Default by their number. */
  readonly height?: number;
  /** First epoch to draw, counted from 1 as printed: the first ones may flatten the rest. Default 1. */
  readonly startEpoch?: number;
  /** Whether metrics have a logarithmic scale, or the keys of those that do. Default false. */
  readonly logScale?: boolean | readonly string[];
  /** Weight of the past in a moving average, from 0 (none) to below 1; the values themselves stay visible behind it. Default 0. */
  readonly smoothing?: number;
}

/** Which epoch is the best: by a key, if its direction is known; by a key and its direction; false for no mark. */
export type BestOption =
  | false
  | string
  | { readonly key: string; readonly direction: Direction };
