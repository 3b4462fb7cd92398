/**
 * Plain data as text and bytes, and back: what JSON cannot hold, such as `NaN`,
 * `undefined`, maps and typed arrays, survives.
 *
 * @module
 */
import { kindOf } from "../../contract/show.ts";

/** Data as text, with the bytes that the text refers to by their number. */
export interface Encoded {
  /** JSON. */
  readonly text: string;
  /** The bytes of typed arrays, which are not copied. */
  readonly blobs: readonly Uint8Array<ArrayBuffer>[];
}

/**
 * Encode plain data (see `Keeper`).
 *
 * @throws {TypeError} If there is something else in it, with the way to it.
 */
export function encode(value: unknown): Encoded {
  const blobs: Uint8Array<ArrayBuffer>[] = [];
  const around = new Set<object>();

  function tagged(value: unknown, path: string): unknown {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) && !Object.is(value, -0)
          ? value
          : { $number: Object.is(value, -0) ? "-0" : String(value) };
      case "undefined":
        return { $undefined: null };
      case "bigint":
        return { $bigint: String(value) };
      case "object":
        return value === null ? null : within(value, path);
      default:
        throw notPlain(value, path);
    }
  }

  function within(value: object, path: string): unknown {
    if (around.has(value)) {
      throw new TypeError(`${path} holds itself, which a backup cannot`);
    }
    around.add(value);
    const all = (values: Iterable<unknown>) =>
      Array.from(values, (it, i) => tagged(it, `${path}[${i}]`));
    const result = encodeObject(value, path, all);
    around.delete(value);
    return result;
  }

  function encodeObject(
    value: object,
    path: string,
    all: (values: Iterable<unknown>) => unknown[],
  ): unknown {
    if (Array.isArray(value)) return all(value);
    if (value instanceof Map) return { $map: all([...value].flat(1)) };
    if (value instanceof Set) return { $set: all(value) };
    if (value instanceof Date) return { $date: tagged(+value, path) };
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
      const type = Object.prototype.toString.call(value).slice(8, -1);
      if (type !== "ArrayBuffer" && !Object.hasOwn(VIEWS, type)) {
        throw notPlain(value, path);
      }
      blobs.push(bytesOf(value));
      return { $bytes: blobs.length - 1, type };
    }
    const prototype = Object.getPrototypeOf(value);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      throw notPlain(value, path);
    }
    const entries = Object.entries(value)
      .map(([key, it]) => [key, tagged(it, `${path}.${key}`)]);
    return entries.some(([key]) => (key as string).startsWith("$"))
      ? { $object: entries }
      : Object.fromEntries(entries);
  }

  return { text: JSON.stringify(tagged(value, "it")), blobs };
}

/**
 * Decode what {@linkcode encode} gave.
 *
 * @throws {SyntaxError | TypeError} If it is nothing of the kind.
 */
export function decode({ text, blobs }: Encoded): unknown {
  function untagged(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(untagged);
    const [tag, of] = Object.entries(value)[0] ?? [];
    switch (tag) {
      case "$number":
      case "$date":
        return tag === "$date" ? new Date(untagged(of) as number) : Number(of);
      case "$undefined":
        return undefined;
      case "$bigint":
        return BigInt(of as string);
      case "$set":
        return new Set((of as unknown[]).map(untagged));
      case "$map":
        return new Map(pairs((of as unknown[]).map(untagged)));
      case "$bytes":
        return viewOf(blobs[of as number]!, (value as { type: string }).type);
      case "$object":
        return fromEntries(of as [string, unknown][]);
      default:
        return fromEntries(Object.entries(value));
    }
  }
  const fromEntries = (entries: readonly (readonly [string, unknown])[]) =>
    Object.fromEntries(entries.map(([key, it]) => [key, untagged(it)]));

  return untagged(JSON.parse(text));
}

/** What holds bytes, by its name. */
const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer) => unknown>> = {
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

function bytesOf(
  value: ArrayBufferView | ArrayBuffer,
): Uint8Array<ArrayBuffer> {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  const { buffer, byteOffset, byteLength } = value;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** In memory of its own, which is aligned. */
function viewOf(bytes: Uint8Array, type: string): unknown {
  const { buffer } = new Uint8Array(bytes);
  return type === "ArrayBuffer" ? buffer : new VIEWS[type]!(buffer);
}

function* pairs(flat: readonly unknown[]): Iterable<[unknown, unknown]> {
  for (let i = 0; i < flat.length; i += 2) yield [flat[i], flat[i + 1]];
}

function notPlain(value: unknown, path: string): TypeError {
  return new TypeError(
    `${path} is ${kindOf(value)}, expected plain data, which a backup can hold`,
  );
}
