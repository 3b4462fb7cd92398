/**
 * The weights of a run, as TensorBoard shows them.
 *
 * @module
 */
import type { Run } from "../../core/plugin.ts";
import { histogramOf } from "./histogram.ts";
import type { ValueMessage } from "./messages.ts";
import { histogramValue, imageValue } from "./values.ts";
import { type EncodePng, picturesOf } from "./weight_pictures.ts";

/** As many as `tf.summary.histogram` has. */
const BUCKETS = 30;

/**
 * A histogram of each weight, with pictures of it where these are wanted.
 *
 * @param encode Encodes pictures; without it there are none.
 */
export async function weightValues(
  run: Run,
  encode: EncodePng | undefined,
): Promise<ValueMessage[]> {
  const prefix = prefixOf(run.model);
  const all: ValueMessage[] = [];
  for (const { name, shape, values } of run.weights.entries()) {
    const tag = `${prefix}${name}`.replaceAll(":", "_");
    const numbers = await values();
    all.push(histogramValue(`${tag}/histogram`, histogramOf(numbers, BUCKETS)));
    const pictures = encode && picturesOf(shape, numbers, encode);
    if (pictures) all.push(imageValue(`${tag}/image`, pictures));
  }
  return all;
}

/** Keras builds the layers of a sequential model within it, and those of any other before it. */
function prefixOf(model: unknown): string {
  const { name, getClassName } = Object(model) as {
    readonly name?: unknown;
    readonly getClassName?: unknown;
  };
  if (typeof getClassName !== "function") return "";
  return getClassName.call(model) === "Sequential" ? `${name}/` : "";
}
