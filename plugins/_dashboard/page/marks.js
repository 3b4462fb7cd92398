// @ts-check
/// <reference lib="dom" />
/**
 * What is drawn over a curve: the epochs' own values, and which is the best.
 *
 * @module
 */

/** @import { Shown } from "./chart.js" */
/** @typedef {ReturnType<typeof colours>} Colours */

/** Colours by what they are for, as the page's style has them. */
export function colours() {
  const style = getComputedStyle(document.documentElement);
  const probe = document.createElement("i");
  document.body.append(probe);
  const of = (/** @type {string} */ name) => {
    probe.style.color = style.getPropertyValue(`--${name}`);
    return getComputedStyle(probe).color;
  };
  const found = {
    training: of("training"),
    faint: of("faint"),
    validation: of("validation"),
    best: of("best"),
    card: of("card"),
    quiet: of("quiet"),
    line: of("line"),
    edge: of("edge"),
  };
  probe.remove();
  return found;
}

/** Less room between two epochs than this, and they have no marks: a line says enough. */
const LEAST_ROOM = 13;

/**
 * Draws the epochs into a chart.
 *
 * @param {string} key
 * @param {import("uplot")} plot
 * @param {Shown} shown
 */
export function drawEpochs(key, plot, shown) {
  const { epochs, best, colours, log: logarithmic } = shown;
  const { ctx, bbox } = plot;
  const { min = 0, max = 1 } = plot.scales.x ?? {};
  const per = devicePixelRatio;
  const x = (/** @type {number} */ step) => plot.valToPos(step, "x", true);
  const y = (/** @type {number} */ value) => plot.valToPos(value, "y", true);
  const room = epochs.length < 2
    ? Infinity
    : (x(/** @type {number} */ (epochs[epochs.length - 1]?.step)) -
      x(/** @type {number} */ (epochs[0]?.step))) / (epochs.length - 1) / per;

  ctx.save();
  ctx.beginPath();
  ctx.rect(
    bbox.left,
    bbox.top - 8 * per,
    bbox.width + 8 * per,
    bbox.height + 16 * per,
  );
  ctx.clip();
  const marked = epochs.find(({ epoch }) => epoch === best);
  if (marked && marked.step >= min && marked.step <= max) {
    ctx.setLineDash([3 * per, 4 * per]);
    ctx.lineWidth = per;
    ctx.strokeStyle = colours.edge;
    ctx.beginPath();
    ctx.moveTo(x(marked.step), bbox.top);
    ctx.lineTo(x(marked.step), bbox.top + bbox.height);
    ctx.stroke();
    ctx.setLineDash([]);
  }
  const kinds = [
    {
      log: key,
      colour: colours.training,
      mark: dot,
      lined: plot.data[0].length === 0,
    },
    {
      log: `val_${key}`,
      colour: colours.validation,
      mark: square,
      lined: true,
    },
  ];
  for (const { log, colour, mark, lined } of kinds) {
    ctx.strokeStyle = ctx.fillStyle = colour;
    const points = epochs.flatMap(({ step, logs }) => {
      const value = logs[log];
      const there = typeof value === "number" && (value > 0 || !logarithmic);
      return there ? [{ x: x(step), y: y(value) }] : [];
    });
    if (lined) {
      ctx.lineWidth = 2 * per;
      ctx.lineJoin = "round";
      ctx.beginPath();
      for (const point of points) ctx.lineTo(point.x, point.y);
      ctx.stroke();
    }
    if (room >= LEAST_ROOM) {
      ctx.strokeStyle = colours.card;
      ctx.lineWidth = 1.5 * per;
      for (const point of points) mark(ctx, point.x, point.y, 4 * per);
    }
  }
  const value = marked?.logs[`val_${key}`] ?? marked?.logs[key];
  if (marked && typeof value === "number" && (value > 0 || !logarithmic)) {
    ctx.fillStyle = colours.best;
    ctx.strokeStyle = colours.card;
    ctx.lineWidth = 2 * per;
    star(ctx, x(marked.step), y(value), 8 * per);
  }
  ctx.restore();
}

/** @typedef {(ctx: CanvasRenderingContext2D, x: number, y: number, size: number) => void} Mark */

/** @type {Mark} */
function dot(ctx, x, y, size) {
  ctx.beginPath();
  ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

/** @type {Mark} */
function square(ctx, x, y, size) {
  ctx.fillRect(x - size, y - size, 2 * size, 2 * size);
  ctx.strokeRect(x - size, y - size, 2 * size, 2 * size);
}

/** @type {Mark} */
function star(ctx, x, y, size) {
  ctx.beginPath();
  for (let i = 0; i < 10; i++) {
    const radius = i % 2 ? size * 0.45 : size;
    const angle = (i * Math.PI) / 5;
    ctx.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
  }
  ctx.closePath();
  ctx.stroke();
  ctx.fill();
}
