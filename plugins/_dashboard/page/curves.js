// @ts-check
/// <reference lib="dom" />
/**
 * All charts, and the controls that say how they are looked at.
 *
 * @module
 */
import { stepsShown } from "./axes.js";
import { newChart } from "./chart.js";
import { counted } from "./counts.js";
import { colours } from "./marks.js";
import { byId } from "./page.js";
import { addPoints, noPoints, thinPoints } from "./points.js";
import { viewControls } from "./view.js";
import { number, rate, size } from "./words.js";

/** @import { About, Chart, Shown } from "./chart.js" */
/** @import { EpochMessage, PointsMessage, RunMessage } from "./protocol.ts" */

/**
 * What is no metric but a quantity over batches.
 *
 * @type {Readonly<Record<string, Omit<About, "metric">>>}
 */
const MACHINE = {
  learning_rate: { title: "Learning rate", format: number },
  batches_per_second: { title: "Batches per second", format: rate },
  memory_bytes: { title: "Memory", format: size },
  tensors: { title: "Tensors", format: number },
};

/** Training and validation share a chart. @param {string} log */
const chartOf = (log) => log.replace(/^val_/, "");

/** The curves of a run: nothing yet. */
export function newCurves() {
  /** @type {Map<string, Chart>} */
  const charts = new Map();
  /** The keys that epochs have had. @type {Set<string>} */
  const logKeys = new Set();
  let begunAgain = false;
  const lengths = { perEpoch: 0, firstEpoch: 0 };

  /** @type {Shown} */
  const shown = {
    points: noPoints(),
    epochs: [],
    best: undefined,
    directions: {},
    colours: colours(),
    axis: "step",
    smoothing: 0.01,
    log: false,
    range: undefined,
    epochAt: (step) => counted(step, "step", "epoch", shown.epochs, lengths),
    stepAt: (epoch) => counted(epoch, "epoch", "step", shown.epochs, lengths),
    look(range) {
      shown.range = range && within(range);
      byId("all").toggleAttribute("disabled", !shown.range);
      each("update");
    },
  };

  /** @param {"update" | "restyle" | "describe" | "close"} what */
  function each(what) {
    for (const chart of charts.values()) chart[what]();
  }

  /** @param {[number, number]} range @returns {[number, number] | undefined} */
  function within([from, to]) {
    const range = shown.range;
    shown.range = undefined;
    const [first, last] = stepsShown(shown);
    shown.range = range;
    const length = Math.max(to - from, 2);
    if (length >= last - first) return undefined;
    const start = Math.min(Math.max(from, first), last - length);
    return [start, start + length];
  }

  /** @param {string[]} keys */
  function chartsFor(keys) {
    const places = Object.keys(MACHINE);
    keys.sort((a, b) => places.indexOf(a) - places.indexOf(b));
    for (const log of keys) {
      const key = chartOf(log);
      if (charts.has(key)) continue;
      const machine = Object.hasOwn(MACHINE, key) ? MACHINE[key] : undefined;
      const about = {
        title: key,
        format: number,
        ...machine,
        metric: !machine,
      };
      const parent = byId(machine ? "machine" : "metrics");
      charts.set(key, newChart(key, about, shown, parent));
      byId("no-curves").hidden = true;
    }
  }

  /** Charts of another process stay until it is known which are needed, so that the page does not jump. @param {string[]} keys */
  function onlyFor(keys) {
    begunAgain = false;
    const needed = new Set(keys.map(chartOf));
    for (const [key, chart] of charts) {
      if (needed.has(key)) continue;
      chart.close();
      charts.delete(key);
    }
  }

  function again() {
    const keys = [...charts.keys()];
    each("close");
    charts.clear();
    chartsFor(keys);
  }

  viewControls(shown, () => each("restyle"), () => each("update"), again);

  return {
    shown,
    /** @param {RunMessage["params"]} params */
    run({ directions, steps, initialEpoch }) {
      shown.directions = directions;
      lengths.perEpoch = steps ?? 0;
      lengths.firstEpoch = initialEpoch;
    },
    /** @param {PointsMessage} message */
    points(message) {
      addPoints(shown.points, message);
    },
    thin: () => thinPoints(shown.points),
    /** @param {EpochMessage} message */
    epoch(message) {
      shown.epochs.push(message);
      for (const key of Object.keys(message.logs)) logKeys.add(key);
      if (message.best) shown.best = message.epoch;
    },
    /** Shows what came since. */
    update() {
      const keys = [...shown.points.values.keys(), ...logKeys];
      if (begunAgain && keys.length) onlyFor(keys);
      chartsFor(keys);
      each("update");
    },
    describe: () => each("describe"),
    reset() {
      shown.points = noPoints();
      shown.epochs = [];
      shown.best = shown.range = undefined;
      logKeys.clear();
      begunAgain = true;
    },
  };
}
