/**
 * What TensorBoard shows, as the values of summaries: the same as
 * `tf.summary.scalar`, `histogram` and `image` write.
 *
 * @module
 */
import type { Logs } from "../../core/plugin.ts";
import type { Bucket } from "./histogram.ts";
import { DTYPES, type TensorMessage, type ValueMessage } from "./messages.ts";

/** A number over steps. */
export function scalarValue(tag: string, value: number): ValueMessage {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return {
    tag,
    metadata: metadataOf("scalars"),
    tensor: { ...tensorOf("float32", []), tensorContent: bytes },
  };
}

/**
 * The scalars of logs, a tag for each key.
 *
 * @param logs By key; what is missing is left out.
 */
export function scalarValues(
  logs: Logs,
  tagOf: (key: string) => string,
): ValueMessage[] {
  return Object.entries(logs).flatMap(([key, value]) =>
    value === undefined ? [] : [scalarValue(tagOf(key), value)]
  );
}

/** How numbers are distributed. */
export function histogramValue(
  tag: string,
  buckets: readonly Bucket[],
): ValueMessage {
  const numbers = buckets.flatMap(({ left, right, count }) => [
    ...[left, right, count],
  ]);
  const bytes = new Uint8Array(8 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, i) => view.setFloat64(8 * i, number, true));
  return {
    tag,
    metadata: metadataOf("histograms"),
    tensor: {
      ...tensorOf("float64", [buckets.length, 3]),
      tensorContent: bytes,
    },
  };
}

/** Pictures of one size. */
export function imageValue(
  tag: string,
  { width, height, pngs }: Pictures,
): ValueMessage {
  const texts = [bytesOf(`${width}`), bytesOf(`${height}`), ...pngs];
  return {
    tag,
    metadata: metadataOf("images"),
    tensor: { ...tensorOf("string", [texts.length]), stringVal: texts },
  };
}

/** Pictures as they are written. */
export interface Pictures {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** PNG files. */
  readonly pngs: readonly Uint8Array[];
}

/** What a model is made of, as the JSON that Keras writes. */
export function graphValue(tag: string, json: string): ValueMessage {
  return {
    tag,
    metadata: metadataOf("graph_keras_model", bytesOf("1")),
    tensor: { ...tensorOf("string", []), stringVal: [bytesOf(json)] },
  };
}

function metadataOf(
  pluginName: string,
  content?: Uint8Array,
): ValueMessage["metadata"] {
  return { pluginData: { pluginName, ...content && { content } } };
}

function tensorOf(
  dtype: keyof typeof DTYPES,
  shape: readonly number[],
): TensorMessage {
  const dim = shape.map((size) => ({ size }));
  return { dtype: DTYPES[dtype], tensorShape: { dim } };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
