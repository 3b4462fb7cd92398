// @ts-check
/// <reference lib="dom" />
/**
 * The dashboard's page: hears what the run tells, and shows it a few times a
 * second, and less often where drawing takes long.
 *
 * @module
 */
import { newActs } from "./acts.js";
import { newControls } from "./controls.js";
import { newCurves } from "./curves.js";
import { newEpochs } from "./epochs.js";
import { newState } from "./state.js";
import { follow } from "./stream.js";

/** @import { Messages } from "./protocol.ts" */

/** Milliseconds between two pictures, and how long at least in parts of what one takes. */
const PAUSE = { least: 250, parts: 4 };

/** Milliseconds between two descriptions of the charts in words. */
const DESCRIBED = 3000;

const curves = newCurves();
const state = newState();
const controls = newControls();
const acts = newActs();
const epochs = newEpochs();

/** Whether all that there was when the page was opened has been told. */
let caughtUp = false;
let ended = false;
let described = 0;

/** @type {{ [E in keyof Messages]: (data: Messages[E]) => void }} */
const hear = {
  reset() {
    caughtUp = ended = false;
    for (const part of [curves, state, acts]) part.reset();
  },
  run(run) {
    state.run(run);
    curves.run(run.params);
    controls.run(run.can);
  },
  points: curves.points,
  thin: curves.thin,
  epoch: curves.epoch,
  act(act) {
    acts.add(act, caughtUp);
    if (caughtUp) controls.done(act);
  },
  status(status) {
    state.status(status);
    controls.status(status);
    caughtUp = true;
  },
  end(end) {
    ended = true;
    state.end(end);
  },
};

/** Shows what is new; where nobody looks, no more than the page's title. */
function show() {
  state.update();
  if (document.hidden) return;
  const rates = curves.shown.points.values.get("learning_rate");
  controls.learningRate(rates?.at(-1));
  controls.update(state.gone, ended);
  acts.update();
  epochs.update(curves.shown.epochs, curves.shown.best);
  curves.update();
  const now = performance.now();
  if (ended || now - described > DESCRIBED) {
    described = now;
    curves.describe();
  }
}

let stale = false;
let resting = false;

/** Something is to be shown, as soon as the last picture is old enough. */
function changed() {
  stale = true;
  if (resting) return;
  resting = true;
  const soon = document.hidden ? setTimeout : requestAnimationFrame;
  soon(() => {
    stale = false;
    const began = performance.now();
    show();
    const took = performance.now() - began;
    setTimeout(() => {
      resting = false;
      if (stale) changed();
    }, Math.max(PAUSE.least, took * PAUSE.parts));
  });
}

document.addEventListener("visibilitychange", changed);
epochs.onMore(changed);
changed();
follow((event, data) => {
  hear[event]?.(/** @type {any} */ (data));
  changed();
}, (connection, problem) => {
  state.connection(connection, problem);
  changed();
});
