// @ts-check
/// <reference lib="dom" />
/**
 * The controls that say how the curves are looked at.
 *
 * @module
 */
import { stepsShown } from "./axes.js";
import { colours } from "./marks.js";
import { byId } from "./page.js";

/** @import { Shown } from "./chart.js" */

/**
 * Connects them.
 *
 * @param {Shown} shown
 * @param {() => void} restyle
 * @param {() => void} update
 * @param {() => void} again
 */
export function viewControls(shown, restyle, update, again) {
  const axis = /** @type {HTMLSelectElement} */ (byId("axis"));
  const smoothing = /** @type {HTMLSelectElement} */ (byId("smoothing"));
  const log = /** @type {HTMLInputElement} */ (byId("log"));
  // What a browser filled in after a reload counts.
  const read = () => {
    shown.axis = axis.value === "epoch" ? "epoch" : "step";
    shown.smoothing = Number(smoothing.value);
    shown.log = log.checked;
  };
  read();
  axis.onchange = () => (read(), restyle());
  smoothing.onchange = () => (read(), update());
  log.onchange = () => (read(), again());

  const zoom = (/** @type {number} */ by, /** @type {number} */ to) => () => {
    const [from, until] = stepsShown(shown);
    const middle = (from + until) / 2 + to * (until - from);
    const half = ((until - from) / 2) * by;
    shown.look([middle - half, middle + half]);
  };
  byId("in").onclick = zoom(0.5, 0);
  byId("out").onclick = zoom(2, 0);
  byId("earlier").onclick = zoom(1, -0.5);
  byId("later").onclick = zoom(1, 0.5);
  byId("all").onclick = () => shown.look(undefined);
  byId("all").toggleAttribute("disabled", true);

  for (
    const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]
  ) {
    matchMedia(query).addEventListener("change", () => {
      shown.colours = colours();
      restyle();
    });
  }
}
