// @ts-check
/// <reference lib="dom" />
/**
 * All charts, and the controls that say how they are looked at.
 *
 * @module
 */
import { stepsShown } from "./axes.js";
import { newChart } from "./chart.js";
import { colours } from "./marks.js";
import { addPoints, noPoints, thinPoints } from "./points.js";
import { byId } from "./page.js";
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
  let perEpoch = 0;
  let firstEpoch = 0;

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
    epochAt: (step) => between(step, "step", "epoch"),
    stepAt: (epoch) => between(epoch, "epoch", "step"),
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

  /**
   * From steps to epochs and back: by the epochs that are over, and beyond them
   * by their length.
   *
   * @param {number} at
   * @param {"step" | "epoch"} from
   * @param {"step" | "epoch"} to
   */
  function between(at, from, to) {
    const over = shown.epochs;
    const last = over[over.length - 1];
    const ends = (/** @type {number} */ i) => {
      const it = over[i];
      return it
        ? { step: it.step, epoch: it.epoch + 1 }
        : { step: startOf(), epoch: over[0]?.epoch ?? firstEpoch };
    };
    let low = -1;
    let high = over.length - 1;
    if (last && at <= ends(high)[from]) {
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (ends(middle)[from] < at) low = middle;
        else high = middle;
      }
    } else low = high;
    const start = ends(low);
    const length = low < high ? ends(high) : {
      step: start.step + (perEpoch || lengthOf()),
      epoch: start.epoch + 1,
    };
    const share = (at - start[from]) / (length[from] - start[from]);
    return start[to] + share * (length[to] - start[to]);
  }

  /** The step before the first epoch that is known. */
  function startOf() {
    const first = shown.epochs[0];
    return first ? Math.max(0, first.step - (perEpoch || first.step)) : 0;
  }

  /** Steps of an epoch where the run does not say: those of the last. */
  function lengthOf() {
    const [last, before] = [shown.epochs.at(-1), shown.epochs.at(-2)];
    return (last?.step ?? 1) - (before?.step ?? 0) || 1;
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
      perEpoch = steps ?? 0;
      firstEpoch = initialEpoch;
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

/**
 * @param {Shown} shown
 * @param {() => void} restyle
 * @param {() => void} update
 * @param {() => void} again
 */
function viewControls(shown, restyle, update, again) {
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
