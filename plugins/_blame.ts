/**
 * What went bad first in a training step, in words.
 *
 * @module
 */
import type { NonFinite } from "../core/plugin.ts";

/** Weights beyond this have grown out of all proportion. */
const HUGE = 1e6;

/**
 * What is known of numbers that are not finite, as a clause.
 *
 * @param found What `run.firstNonFinite("step")` found.
 */
export function blame(found: NonFinite): string {
  const { value, count, size } = found;
  const how = size === 1
    ? ""
    : ` in ${count} of ${size} values, first ${placeOf(found)}`;
  return `${SUBJECT[found.part](found)} is ${value}${how}${before(found)}`;
}

/** Whose first index is that of a sample. */
const BY_SAMPLE = ["input", "target", "sampleWeight", "output", "loss"];

function placeOf({ part, at }: NonFinite): string {
  const place = (index: readonly number[]) => `at [${index.join(", ")}]`;
  if (!BY_SAMPLE.includes(part)) return place(at);
  const [sample, ...rest] = at;
  return `in sample ${sample} of the batch${
    rest.length ? ` ${place(rest)}` : ""
  }`;
}

type Subject = (found: NonFinite) => string;

const SUBJECT: Readonly<Record<NonFinite["part"], Subject>> = {
  input: ({ name }) => `input "${name}"`,
  target: ({ name }) => `the target of output "${name}"`,
  sampleWeight: ({ name }) => `the sample weight of output "${name}"`,
  weight: ({ name, layer }) => `${named(name, layer)} before the step`,
  output: ({ name }) => `what layer "${name}" puts out`,
  loss: ({ name }) => `the loss of output "${name}"`,
  totalLoss: () => "the sum of the losses and penalties",
  gradient: ({ name, layer }) => `the gradient of ${named(name, layer)}`,
};

function named(weight: string, layer: string | undefined): string {
  // Most names begin with that of the layer.
  return layer === undefined || weight.startsWith(layer)
    ? `weight "${weight}"`
    : `weight "${weight}" of layer "${layer}"`;
}

/** What was in order before it, and what that suggests. */
function before({ part, largestWeight }: NonFinite): string {
  if (largestWeight === undefined) return "";
  if (largestWeight > HUGE) {
    return `; the weights had grown to ${
      largestWeight.toExponential(1)
    }: the learning rate may be too high`;
  }
  return {
    output: "; what it gets is finite, and so are all weights",
    loss: "; the outputs and all weights are finite",
    totalLoss: "; each loss is finite",
    gradient: "; the loss, all weights and the gradients behind it are finite",
  }[part as string] ?? "";
}
