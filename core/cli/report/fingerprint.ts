/**
 * What a file or data held, in 64 characters: the SHA-256 of their bytes, by
 * which a change is noticed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { sha256Sync } from "../../checksum.ts";
import {
  isTensor,
  isTypedArray,
  type NestedArray,
  type TypedArray,
} from "../../tf/data/forms.ts";

/** Which numbers a fingerprint is of. */
export interface DataFingerprint {
  /** The SHA-256, in hexadecimal; absent if nothing is known of the data before they come. */
  readonly sha256?: string;
  /** What it is of, in words. */
  readonly of: string;
}

/**
 * The SHA-256 of a file.
 *
 * @param path The file, or its URL.
 * @returns Undefined where it cannot be read, such as a file on the net.
 */
export function fileHash(path: string | URL): string | undefined {
  try {
    return sha256Sync(Deno.readFileSync(path));
  } catch {
    return undefined;
  }
}

/**
 * The fingerprint of data in memory: of all numbers of all arrays and tensors,
 * with their types, and the names they have. Data that come in batches have
 * none, for they would have to be read.
 *
 * @param data What `fit` is given, by what it is used for.
 */
export async function dataFingerprint(
  data: Readonly<Record<string, unknown>>,
): Promise<DataFingerprint> {
  const hash = createHash("sha256");
  const [known, unknown]: [string[], string[]] = [[], []];
  for (const [name, value] of Object.entries(data)) {
    if (value === undefined) continue;
    (await addTo(hash, name, value) ? known : unknown).push(name);
  }
  const beside = unknown.length
    ? `nothing is known of ${unknown.join(" and ")} before it comes`
    : "";
  return known.length
    ? {
      sha256: hash.digest("hex"),
      of: `the numbers of ${known.join(" and ")}${beside && `; ${beside}`}`,
    }
    : { of: beside };
}

type Hash = ReturnType<typeof createHash>;

/** Add what a name stands for; whether it was in memory. */
async function addTo(
  hash: Hash,
  name: string,
  value: unknown,
): Promise<boolean> {
  if (isTensor(value)) {
    hash.update(`${name} ${value.dtype} ${value.shape}\n`);
    addNumbers(hash, await value.data());
  } else if (isTypedArray(value)) {
    hash.update(`${name} ${value.constructor.name}\n`);
    addNumbers(hash, value);
  } else if (isNested(value)) {
    hash.update(`${name} numbers\n`);
    addNested(hash, value);
  } else if (Array.isArray(value) || isTable(value)) {
    for (const [key, it] of Object.entries(value)) {
      if (!await addTo(hash, `${name}.${key}`, it)) return false;
    }
  } else return false;
  return true;
}

function addNumbers(hash: Hash, values: ArrayLike<unknown>): void {
  if (ArrayBuffer.isView(values)) {
    const { buffer, byteOffset, byteLength } = values;
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  } else hash.update(JSON.stringify(values)); // Those of a tensor of text.
}

/** Numbers in lists, with the lengths of the lists, in large pieces. */
function addNested(hash: Hash, nested: NestedArray): void {
  const piece = new Float64Array(1 << 13);
  let size = 0;

  function put(value: number): void {
    piece[size++] = value;
    if (size < piece.length) return;
    addNumbers(hash, piece);
    size = 0;
  }

  function walk(values: NestedArray | TypedArray): void {
    put(values.length);
    for (const value of values) {
      if (typeof value === "number") put(value);
      else if (Array.isArray(value) || isTypedArray(value)) walk(value);
    }
  }

  walk(nested);
  addNumbers(hash, piece.subarray(0, size));
}

function isNested(value: unknown): value is NestedArray {
  let first = value;
  while (Array.isArray(first)) first = first[0];
  return first !== value && (typeof first === "number" || isTypedArray(first));
}

/** Samples by name, such as `{ x, y }`, rather than a data set or a stream. */
function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const { constructor } = value;
  return (constructor === Object || constructor === undefined) &&
    !(Symbol.iterator in value) && !(Symbol.asyncIterator in value);
}
