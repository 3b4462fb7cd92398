// @ts-check
/// <reference lib="dom" />
/**
 * One chart: a metric in training and validation, or a quantity over batches.
 *
 * @module
 */
import { axes, drawUnit, stepsShown, valuesShown } from "./axes.js";
import { cursor, zoomToSelection } from "./drag.js";
import { description, items, showItems } from "./legend.js";
import { drawEpochs } from "./marks.js";
import { smoother } from "./points.js";

/** @import { Colours } from "./marks.js" */
/** @import { Points } from "./points.js" */
/** @import { EpochMessage } from "./protocol.ts" */

/**
 * What all charts show, and how.
 *
 * @typedef {object} Shown
 * @property {Points} points
 * @property {EpochMessage[]} epochs
 * @property {number | undefined} best Index of the best epoch.
 * @property {Readonly<Record<string, "min" | "max">>} directions
 * @property {Colours} colours
 * @property {"step" | "epoch"} axis
 * @property {number} smoothing Share of the points that a smooth curve is a mean over; 0 for none.
 * @property {boolean} log
 * @property {[number, number] | undefined} range The steps that are looked at; undefined for all.
 * @property {(step: number) => number} epochAt Epochs that are over at a step, with fractions.
 * @property {(epoch: number) => number} stepAt
 * @property {(range: [number, number] | undefined) => void} look Looks at other steps.
 */

/**
 * @typedef {object} About
 * @property {string} title
 * @property {boolean} metric Whether epochs have it too.
 * @property {(value: number | null | undefined) => string} format
 */

/**
 * @typedef {object} Chart
 * @property {() => void} update Draws what is new.
 * @property {() => void} restyle Draws all with other colours or another axis.
 * @property {() => void} describe Says in words what it shows.
 * @property {() => void} close
 */

/** So that each has an id of its own. */
let made = 0;

/**
 * @param {string} key The log key.
 * @param {About} about
 * @param {Shown} shown
 * @param {HTMLElement} parent
 * @returns {Chart}
 */
export function newChart(key, about, shown, parent) {
  const { root, legend, words, place } = frame(about.title, parent);
  const data = dataOf(key, about.metric, shown);
  let seen = true;

  const { uPlot } = /** @type {{ uPlot: typeof import("uplot") }} */ (
    /** @type {unknown} */ (globalThis)
  );
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: place.clientHeight,
      padding: [10, 22, 0, 0],
      legend: { show: false },
      cursor: cursor(shown),
      scales: {
        x: { time: false, range: () => stepsShown(shown) },
        y: {
          distr: shown.log && about.metric ? 3 : 1,
          range: (_, low, high) =>
            valuesShown(key, shown, low, high, about.metric),
        },
      },
      axes: axes(shown, about.format),
      series: about.metric
        ? [{}, {
          stroke: () => shown.colours[shown.smoothing ? "faint" : "training"],
          width: 1,
          points: { show: false },
        }, { stroke: () => shown.colours.training, width: 2 }]
        : [{}, { stroke: () => shown.colours.training, width: 1.5 }],
      hooks: {
        draw: [
          (plot) => drawUnit(plot, shown),
          (plot) => about.metric && drawEpochs(key, plot, shown),
        ],
        setCursor: [(plot) => tell(plot.cursor.idx)],
        setSelect: [(plot) => zoomToSelection(plot, shown)],
      },
    },
    data(),
    place,
  );

  /** @param {number | null} [index] */
  function tell(index) {
    showItems(legend, items(key, about, shown, index));
  }

  function update() {
    if (!seen) return;
    plot.batch(() => {
      plot.setData(data(), false);
      const [min, max] = stepsShown(shown);
      plot.setScale("x", { min, max });
    });
    tell(plot.cursor.idx);
  }

  function describe() {
    words.textContent = description(key, about, shown);
  }

  const sizes = new ResizeObserver(() =>
    plot.setSize({ width: place.clientWidth, height: place.clientHeight })
  );
  sizes.observe(place);
  const sight = new IntersectionObserver((entries) => {
    seen = entries.some(({ isIntersecting }) => isIntersecting);
    update();
  }, { rootMargin: "200px" });
  sight.observe(root);
  tell();
  describe();

  return {
    update,
    describe,
    restyle: () => plot.redraw(true, true),
    close() {
      sizes.disconnect();
      sight.disconnect();
      plot.destroy();
      root.remove();
    },
  };
}

/**
 * The elements of a chart.
 *
 * @param {string} title
 * @param {HTMLElement} parent
 */
function frame(title, parent) {
  const root = document.createElement("figure");
  const head = document.createElement("figcaption");
  const heading = document.createElement("h3");
  const legend = document.createElement("ul");
  const words = document.createElement("p");
  const place = document.createElement("div");
  root.className = "chart card";
  head.className = "head";
  heading.textContent = title;
  legend.className = "key";
  words.className = "hidden";
  words.id = `chart-${++made}`;
  heading.id = `${words.id}-title`;
  root.setAttribute("aria-labelledby", heading.id);
  place.className = "plot";
  place.role = "img";
  place.ariaLabel = `Curve of ${title}`;
  place.setAttribute("aria-describedby", words.id);
  head.append(heading, legend);
  root.append(head, words, place);
  parent.append(root);
  return { root, legend, words, place };
}

/**
 * What uPlot gets: the steps, a curve, and for a metric the curve made smooth.
 *
 * @param {string} key
 * @param {boolean} metric
 * @param {Shown} shown
 * @returns {() => import("uplot").AlignedData}
 */
function dataOf(key, metric, shown) {
  let { smoothing } = shown;
  let smooth = smoother(smoothing);
  return () => {
    const { step, values, thinned } = shown.points;
    const raw = values.get(key) ?? [];
    const steps = raw.length ? step : [];
    if (!metric) return [steps, raw];
    if (smoothing !== shown.smoothing) {
      smoothing = shown.smoothing;
      smooth = smoother(smoothing);
    }
    return [steps, raw, smoothing ? smooth.of(raw, thinned) : raw];
  };
}
