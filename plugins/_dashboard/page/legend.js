// @ts-check
/// <reference lib="dom" />
/**
 * A chart in words: the line beside its title, and what a screen reader says.
 *
 * @module
 */
import { inWords } from "./points.js";
import { number } from "./words.js";

/** @import { About, Shown } from "./chart.js" */

/** @typedef {{ kind?: string, name: string, text: string }} Item */

/**
 * The values under the cursor, or the last ones.
 *
 * @param {string} key
 * @param {About} about
 * @param {Shown} shown
 * @param {number | null | undefined} index Of the point under the cursor.
 * @returns {Item[]}
 */
export function items(key, { metric, format }, shown, index) {
  const { points, epochs, best, epochAt } = shown;
  const raw = points.values.get(key) ?? [];
  const at = index ?? raw.length - 1;
  const step = points.step[at];
  const hovered = index !== null && index !== undefined && step !== undefined;
  const where = hovered ? [{ name: "step ", text: number(step) }] : [];

  const epoch = hovered
    ? epochs[Math.ceil(epochAt(step) - (epochs[0]?.epoch ?? 0)) - 1]
    : epochs[epochs.length - 1];
  const value = raw.length ? raw[at] : epoch?.logs[key];
  const odd = points.odd.get(key);
  const text = value === null && odd && odd.step >= (step ?? 0)
    ? odd.value
    : format(value);
  if (!metric) return [...where, { name: "", text }];

  const found = [...where, { kind: "training", name: "training ", text }];
  const tested = hovered
    ? epoch?.logs[`val_${key}`]
    : epochs.findLast(({ logs }) => `val_${key}` in logs)?.logs[`val_${key}`];
  if (tested !== undefined) {
    found.push({
      kind: "validation",
      name: "validation ",
      text: format(tested),
    });
  }
  const marked = epochs.find((it) => it.epoch === best);
  const bestOf = marked?.logs[`val_${key}`] ?? marked?.logs[key];
  if (marked && typeof bestOf === "number" && !hovered) {
    found.push({
      kind: "best",
      name: `epoch ${marked.epoch + 1} `,
      text: format(bestOf),
    });
  }
  return found;
}

/**
 * Shows them.
 *
 * @param {HTMLElement} list
 * @param {Item[]} items
 */
export function showItems(list, items) {
  list.replaceChildren(...items.map(({ kind = "", name, text }) => {
    const item = document.createElement("li");
    item.className = kind;
    const bold = document.createElement("b");
    bold.textContent = text;
    item.append(name, bold);
    return item;
  }));
}

/**
 * What a chart shows, for who does not see it.
 *
 * @param {string} key
 * @param {About} about
 * @param {Shown} shown
 * @returns {string}
 */
export function description(key, { metric, format }, shown) {
  const { points, epochs, directions } = shown;
  const direction = directions[key] ?? "min";
  const said = [];
  const raw = points.values.get(key) ?? [];
  if (raw.length) {
    said.push(
      inWords(
        raw,
        format,
        direction,
        (at) => ` at step ${number(points.step[at])}`,
      ),
    );
  }
  const inEpoch = (/** @type {number} */ at) =>
    ` in epoch ${(epochs[at]?.epoch ?? 0) + 1}`;
  for (
    const [log, name] of [[key, "epochs: "], [`val_${key}`, "validation: "]]
  ) {
    const values = epochs.map(({ logs }) => logs[`${log}`] ?? null);
    if (!metric || values.every((value) => value === null)) continue;
    said.push(
      name +
        inWords(values, format, directions[`${log}`] ?? direction, inEpoch),
    );
  }
  return said.length ? `${said.join("; ")}.` : "No values yet.";
}
