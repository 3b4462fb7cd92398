/**
 * What a learning rate range test tells: in words, and as a table.
 *
 * @module
 */
import { stringify } from "@std/csv";
import { shortNumber } from "./_axis.ts";
import type { Point, SuggestBy } from "./_lr_sweep.ts";
import { nonFinite } from "./_non_finite.ts";

/** Which rate to take and why, or that there is none. */
export function inWords(
  found: Point | undefined,
  by: SuggestBy,
  points: readonly Point[],
): string {
  if (points.length === 0) return "no batch was trained, so none is suggested";
  const range = `${rate(points[0]!)} to ${rate(points.at(-1)!)}`;
  if (!found) {
    return `no learning rate is suggested: the loss does not fall from ${range}`;
  }
  const where = by === "valley"
    ? "in the middle of the longest valley"
    : "where the loss falls most steeply";
  return `${rate(found)} is suggested, ${where} from ${range}`;
}

/** That the run ended before the test did, and what to do. */
export function cutShort(tried: number, steps: number): string {
  return `Warning: the run ended after ${tried} of the ${steps} batches of the learning rate finder: give it more epochs, or set fewer 'steps'`;
}

/** One row a batch, as RFC 4180 has it. */
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
