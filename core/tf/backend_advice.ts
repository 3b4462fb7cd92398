/**
 * A word, once, to whoever trains on the backend that tf.js takes by itself.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Printer, terminal } from "../terminal.ts";

/** Weights from which on it matters; smaller models are done before one has read it. */
const MANY = 10_000;

/** tf.js has one backend at a time for all models, so this is one for all too. */
let settled = false;

/** The user has chosen a backend: nothing more to say. */
export function backendChosen(): void {
  settled = true;
}

/**
 * Say how to get a faster backend, if nobody chose the slowest one, which is
 * what tf.js starts with in Deno.
 *
 * @param model The model that is about to run.
 * @param printer Where its run prints.
 */
export function adviseBackend(
  model: tf.LayersModel,
  printer: Printer | undefined,
): void {
  if (settled || tf.getBackend() !== "cpu") return;
  if (model.countParams() < MANY) return;
  settled = true;
  (printer ?? terminal()).print(
    'Note: tf.js runs on "cpu", its slowest backend: await useBackend() takes the fastest there is, useBackend("cpu") keeps this one without a note',
  );
}
