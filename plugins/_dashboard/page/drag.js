// @ts-check
/// <reference lib="dom" />
/**
 * How a mouse changes what part of the run is looked at.
 *
 * @module
 */
import { stepsShown } from "./axes.js";

/** @import { Shown } from "./chart.js" */
/** @typedef {import("uplot")} UPlot */

/**
 * Drag to look closer, with Shift to move, twice a click to see all. The line
 * under the mouse is drawn in all charts.
 *
 * @param {Shown} shown
 * @returns {import("uplot").Cursor}
 */
export function cursor(shown) {
  return {
    y: false,
    drag: { x: true, y: false, setScale: false },
    points: { size: 8 },
    sync: {
      key: "run",
      setSeries: false,
      filters: { pub: (type) => /^mouse(move|leave|enter)$/.test(type) },
    },
    bind: {
      dblclick: () => () => {
        shown.look(undefined);
        return null;
      },
      mousedown: (plot, _target, handle) => (event) => {
        if (!event.shiftKey) return handle(event);
        move(plot, shown, event);
        return null;
      },
    },
  };
}

/**
 * @param {UPlot} plot
 * @param {Shown} shown
 * @param {MouseEvent} start
 */
function move(plot, shown, start) {
  const [min, max] = stepsShown(shown);
  const perPixel = (max - min) / plot.over.clientWidth;
  const over = new AbortController();
  const { signal } = over;
  addEventListener("mousemove", ({ clientX }) => {
    const by = (start.clientX - clientX) * perPixel;
    shown.look([min + by, max + by]);
  }, { signal });
  addEventListener("mouseup", () => over.abort(), { signal });
}

/**
 * Looks at what was selected.
 *
 * @param {UPlot} plot
 * @param {Shown} shown
 */
export function zoomToSelection(plot, shown) {
  const { left, width } = plot.select;
  if (width < 5) return;
  const [from, to] = [left, left + width].map((at) => plot.posToVal(at, "x"));
  plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  shown.look([/** @type {number} */ (from), /** @type {number} */ (to)]);
}
