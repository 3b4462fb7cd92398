/**
 * The learning rate.
 *
 * @module
 */
import { type Curve, placed } from "./curve.ts";
import type { Panel } from "./panel.ts";
import { extent } from "./scale.ts";

/** A panel of learning rates: logarithmic where they span ten times or more. */
export function ratePanel(title: string, curves: readonly Curve[]): Panel {
  const values = curves.flatMap(({ values }) => placed(values, false));
  const [low, high] = extent(values);
  return { title, curves, log: low > 0 && high / low > 9.99, steps: true };
}
