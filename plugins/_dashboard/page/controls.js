// @ts-check
/// <reference lib="dom" />
/**
 * What can be asked of the run, and what became of it.
 *
 * @module
 */
import { byId } from "./page.js";
import { number, rate as rateText } from "./words.js";

/** @import { ActMessage, PageRequest, RunMessage, StatusMessage } from "./protocol.ts" */

/** The controls. */
export function newControls() {
  const stop = /** @type {HTMLButtonElement} */ (byId("stop"));
  const save = /** @type {HTMLButtonElement} */ (byId("save"));
  const rate = /** @type {HTMLFormElement} */ (byId("rate"));
  const field = /** @type {HTMLInputElement} */ (byId("learning-rate"));
  const answer = byId("answer");
  let stopping = false;
  let takingBack = false;
  /** @type {readonly string[]} */
  let waiting = [];

  /** @param {string} text @param {boolean} [bad] */
  function say(text, bad = false) {
    if (answer.textContent !== text) answer.textContent = text;
    answer.toggleAttribute("data-bad", bad);
  }

  /**
   * @param {PageRequest} request
   * @param {string} asked
   * @returns {Promise<boolean>} Whether the run took it.
   */
  async function ask(request, asked) {
    say(asked);
    try {
      const response = await fetch(`act${location.search}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      });
      if (response.ok) return true;
      say(await problemOf(response), true);
    } catch {
      say("The run could not be reached: nothing was asked for", true);
    }
    return false;
  }

  stop.onclick = () => {
    takingBack = stopping;
    if (stopping) ask({ act: "unstop" }, "Taking the stop back");
    else ask({ act: "stop" }, "Asking the run to stop after this epoch");
  };
  save.onclick = () => ask({ act: "save" }, "Asking the run to save");
  rate.onsubmit = async (event) => {
    event.preventDefault();
    const value = Number(field.value.trim().replace(",", "."));
    const good = field.value.trim() !== "" && value >= 0 && value < Infinity;
    field.ariaInvalid = String(!good);
    if (!good) {
      say('The learning rate must be a number such as "0.001" or "1e-4"', true);
      field.focus();
      return;
    }
    const asked = `Asking for a learning rate of ${number(value)}`;
    if (await ask({ act: "learningRate", value }, asked)) field.value = "";
    else field.ariaInvalid = "true";
  };

  return {
    /** @param {RunMessage["can"]} can */
    run(can) {
      stop.hidden = !can.stop;
      save.hidden = !can.save;
      rate.hidden = !can.learningRate;
    },
    /** @param {StatusMessage} status */
    status(status) {
      stopping = status.waiting.some((it) => it.startsWith("stop"));
      stop.textContent = stopping
        ? "Take the stop back"
        : "Stop after this epoch";
      stop.toggleAttribute("data-waiting", stopping);
      if (status.waiting.join() === waiting.join()) return;
      waiting = status.waiting;
      if (waiting.length) say(`Waiting for the run: ${waiting.join(", ")}`);
      else if (takingBack) say("The stop is taken back");
      else if (answer.textContent?.startsWith("Waiting")) say("");
      if (!stopping) takingBack = false;
    },
    /** @param {ActMessage} act */
    done({ by, text }) {
      if (by === "dashboard") say(`Done: ${text}`);
    },
    /** @param {number | null | undefined} current */
    learningRate(current) {
      field.placeholder = current === null || current === undefined
        ? ""
        : `now ${rateText(current)}`;
    },
    /** @param {boolean} gone @param {boolean} ended */
    update(gone, ended) {
      byId("controls").hidden = ended;
      for (const control of [stop, save, field, rate.querySelector("button")]) {
        control?.toggleAttribute("disabled", gone);
      }
    },
  };
}

/** @param {Response} response */
async function problemOf(response) {
  const text = await response.text();
  try {
    return String(JSON.parse(text).problem ?? text);
  } catch {
    return text || `The run refused: ${response.status}`;
  }
}
