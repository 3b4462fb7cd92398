// @ts-check
/// <reference lib="dom" />
/**
 * What plugins did, the newest first.
 *
 * @module
 */
import { byId } from "./page.js";
import { clock } from "./words.js";

/** @import { ActMessage } from "./protocol.ts" */

/** How many are shown. */
const MOST = 500;

/** Milliseconds between two announcements. */
const QUIET = 4000;

/** The list, which is empty. */
export function newActs() {
  const list = byId("acts");
  const news = byId("acts-news");
  let count = 0;
  /** @type {ActMessage[]} */
  let fresh = [];
  /** @type {ActMessage[]} */
  let unsaid = [];
  let said = -Infinity;

  /** Says the last one, and how many there were, not too often. */
  function announce() {
    const now = performance.now();
    const last = unsaid[unsaid.length - 1];
    if (!last || now - said < QUIET) return;
    const others = unsaid.length - 1;
    news.textContent = sentence(last) + (others ? `, and ${others} more` : "");
    said = now;
    unsaid = [];
  }

  return {
    /** @param {ActMessage} act @param {boolean} aloud Whether it is announced, too. */
    add(act, aloud) {
      count++;
      fresh.push(act);
      if (aloud) unsaid.push(act);
    },
    update() {
      announce();
      if (fresh.length === 0) return;
      list.prepend(...fresh.slice(-MOST).reverse().map(row));
      while (list.childElementCount > MOST) list.lastElementChild?.remove();
      list.hidden = false;
      byId("no-acts").hidden = true;
      const more = byId("acts-more");
      more.hidden = count <= MOST;
      more.textContent = `The last ${MOST} of ${count}`;
      fresh = [];
    },
    reset() {
      count = 0;
      fresh = unsaid = [];
      list.replaceChildren();
      list.hidden = true;
      byId("no-acts").hidden = false;
      byId("acts-more").hidden = true;
    },
  };
}

/** @param {ActMessage} act */
function sentence({ by, text }) {
  return by === null ? text : `${by} ${text}`;
}

/** @param {ActMessage} act */
function row(act) {
  const item = document.createElement("li");
  const time = document.createElement("time");
  const what = document.createElement("span");
  const where = document.createElement("span");
  item.dataset.kind = act.kind;
  time.textContent = clock(act.at);
  what.className = "what";
  what.textContent = sentence(act);
  where.className = "where";
  where.textContent = [
    act.epoch === null ? "" : `epoch ${act.epoch + 1}`,
    act.batch === null ? "" : `batch ${act.batch + 1}`,
    act.hook ?? "",
  ].filter(Boolean).join(", ");
  item.append(time, what, where);
  return item;
}
