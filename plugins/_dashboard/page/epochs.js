// @ts-check
/// <reference lib="dom" />
/**
 * The epochs as a table, the last one first.
 *
 * @module
 */
import { byId } from "./page.js";
import { column, span } from "./words.js";

/** @import { EpochMessage } from "./protocol.ts" */

/** How many rows there are at first, and how many a click adds. */
const ROWS = { first: 100, more: 1000 };

/** The table, which is empty. */
export function newEpochs() {
  const place = byId("epochs");
  const head = /** @type {HTMLElement} */ (place.querySelector("thead"));
  const body = /** @type {HTMLElement} */ (place.querySelector("tbody"));
  const more = byId("epochs-more");
  /** @type {Set<string>} */
  const keys = new Set();
  let shown = 0;
  let most = ROWS.first;
  /** @type {number | undefined} */
  let marked;

  /** @param {readonly EpochMessage[]} epochs @param {number | undefined} best */
  function update(epochs, best) {
    const known = keys.size;
    if (shown > epochs.length) keys.clear();
    for (const { logs } of epochs.slice(keys.size ? shown : 0)) {
      for (const key of Object.keys(logs)) keys.add(key);
    }
    if (shown > epochs.length || keys.size !== known || best !== marked) {
      marked = best;
      shown = 0;
      body.replaceChildren();
      head.replaceChildren(headOf([...keys]));
    }
    const from = Math.max(shown, epochs.length - most);
    const rows = epochs.slice(from).map((it) => rowOf(it, [...keys], best));
    body.prepend(...rows.reverse());
    while (body.childElementCount > most) body.lastElementChild?.remove();
    shown = epochs.length;
    place.hidden = shown === 0;
    byId("no-epochs").hidden = shown > 0;
    more.hidden = shown <= most;
  }

  return {
    update,
    /** @param {() => void} again */
    onMore(again) {
      more.onclick = () => {
        most += ROWS.more;
        keys.clear(); // All rows are made anew.
        again();
      };
    },
  };
}

/** @param {string[]} keys */
function headOf(keys) {
  const row = document.createElement("tr");
  for (const name of ["Epoch", ...keys, "Time"]) {
    const cell = document.createElement("th");
    cell.scope = "col";
    cell.textContent = name;
    row.append(cell);
  }
  return row;
}

/**
 * @param {EpochMessage} epoch
 * @param {string[]} keys
 * @param {number | undefined} best
 */
function rowOf({ epoch, logs, seconds }, keys, best) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = epoch === best ? `${epoch + 1} ★ best` : `${epoch + 1}`;
  if (epoch === best) row.className = "best";
  row.append(name);
  for (const key of keys) row.insertCell().textContent = column(logs[key]);
  row.insertCell().textContent = span(seconds * 1000);
  return row;
}
