/**
 * The result of a learning-rate range test: in words, and as a table.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { shortNumber } from "./_axis.ts";
import type { Point, SuggestBy } from "./_lr_sweep.ts";
import { nonFinite } from "./_non_finite.ts";

/** Which rate to use and why, or that there is none. */
export function inWords(
  found: Point | undefined,
  by: SuggestBy,
  points: readonly Point[],
): string {
  if (points.length === 0) return "no batch was trained, so none is suggested";
  const tried = `(tried: ${rate(points[0]!)} to ${rate(points.at(-1)!)})`;
  if (!found) return `none is suggested, as the loss does not fall ${tried}`;
  const where = by === "valley"
    ? "the middle of the longest valley"
    : "where the loss falls most steeply";
  return `${rate(found)} is suggested, ${where} ${tried}`;
}

/** A warning that the run ended before the test did, and what to do. */
export function cutShort(tried: number, steps: number): string {
  return `Warning: the run ended after ${tried} of the ${steps} batches of the learning rate finder: give it more epochs, or reduce 'steps'`;
}

/** Why to stop, if the last loss is not finite or exceeds `factor` times the best. */
export function tooHigh(
  points: readonly Point[],
  best: number,
  factor: number,
): string | undefined {
  const last = points.at(-1)!;
  const word = nonFinite(last.smoothed);
  if (word) return `the loss is ${word} at a learning rate of ${rate(last)}`;
  // A loss below zero has a multiple too.
  return last.smoothed > best + (factor - 1) * Math.abs(best)
    ? `the loss is more than ${factor} times its best at a learning rate of ${
      rate(last)
    }`
    : undefined;
}

/** Why to stop, if no rate is left. */
export function allTried(
  { length }: readonly Point[],
  steps: number,
): string | undefined {
  return length < steps ? undefined : `all ${steps} learning rates were tried`;
}

/** The error that there is no such loss. */
export function notReported(monitor: string, keys: readonly string[]): Error {
  const known = keys.map((key) => JSON.stringify(key)).join(", ");
  return new Error(
    `a batch reports no "${monitor}": set 'monitor' to what it reports (${
      known || "nothing"
    })`,
  );
}

/** One row per batch, as in RFC 4180. */
export function table(points: readonly Point[]): string {
  const rows = points.map(({ learningRate, loss, smoothed }) =>
    [learningRate, loss, smoothed].map((value) =>
      nonFinite(value) ?? String(value)
    )
  );
  return stringify([["learning_rate", "loss", "smoothed"], ...rows], {
    headers: false,
  });
}

function rate({ learningRate }: Point): string {
  return shortNumber(learningRate);
}
