/**
 * IDX files, gzipped or not: the format of MNIST and Fashion-MNIST
 * (described at yann.lecun.com/exdb/mnist). The header is read first: a file
 * that is not what its header says is never read or unpacked whole.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { fileError } from "../files.ts";
import { sizeOf } from "../shape.ts";

/** What an IDX file holds: unsigned bytes. */
export interface IdxArray {
  /** The bytes, in row-major order. */
  readonly data: Uint8Array;
  /** The shape; the first dimension counts the samples. */
  readonly shape: readonly number[];
}

const UNSIGNED_BYTE = 0x08;

/** Larger files do not fit into one typed array everywhere. */
const LARGEST = 2 ** 31 - 1;

/** Deflate makes at most 1032 bytes of one (RFC 1951; zlib's technical notes). */
const MOST_PACKED = 1032;

/**
 * Read an IDX file of unsigned bytes.
 *
 * @param path The file; treated as gzip if it begins like gzip, whatever its
 * name.
 * @param dimensions Number of dimensions it must have: 3 for images, 1 for
 * labels.
 * @throws {InputError} If it cannot be read, is not an IDX file, is truncated,
 * holds more than its header says, or more than 2 GiB.
 */
export async function readIdx(
  path: string,
  dimensions: number,
): Promise<IdxArray> {
  try {
    return await idxIn(path, dimensions);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
}

async function idxIn(path: string, dimensions: number): Promise<IdxArray> {
  // Opening a pipe would wait for a writer.
  const { isFile, size } = await Deno.stat(path);
  if (!isFile) throw new InputError(`Cannot read ${path}: it is not a file`);
  const zipped = await beginsLikeGzip(path);
  const file = await Deno.open(path);
  const chunks = zipped
    ? unzipped(file.readable, path)
    : file.readable as AsyncIterable<Uint8Array>;
  const most = zipped ? size * MOST_PACKED : size;
  const got = zipped ? `at most ${most}` : `${size}`;

  let bytes = new Uint8Array(4 + 4 * dimensions);
  let shape: readonly number[] | undefined;
  let filled = 0;
  for await (const chunk of chunks) {
    const kept = chunk.subarray(0, bytes.length - filled);
    bytes.set(kept, filled);
    filled += kept.length;
    if (filled < bytes.length) continue;
    let more = chunk.subarray(kept.length);
    if (!shape) {
      shape = shapeIn(bytes, dimensions, path);
      const expected = bytes.length + sizeOf(shape);
      if (expected > most) throw truncated(path, expected, got);
      bytes = grown(bytes, expected, path);
      const data = more.subarray(0, bytes.length - filled);
      bytes.set(data, filled);
      filled += data.length;
      more = more.subarray(data.length);
    }
    if (more.length > 0) {
      const has = zipped ? "more" : `${size}`;
      throw overlong(path, shape, bytes.length, has);
    }
  }
  if (!shape) checkKind(bytes.subarray(0, filled), dimensions, path);
  if (filled < bytes.length) {
    throw truncated(path, bytes.length, `${filled}`);
  }
  return { data: bytes.subarray(4 + 4 * dimensions), shape: shape! };
}

/** Room for `size` bytes, which begin with the header. */
function grown(
  header: Uint8Array<ArrayBuffer>,
  size: number,
  path: string,
): Uint8Array<ArrayBuffer> {
  if (size > LARGEST) {
    throw new InputError(
      `Cannot read ${path}: its header says ${size} bytes; at most ${LARGEST} can be read`,
    );
  }
  const bytes = new Uint8Array(size);
  bytes.set(header);
  return bytes;
}

function shapeIn(
  header: Uint8Array<ArrayBuffer>,
  dimensions: number,
  path: string,
): number[] {
  checkKind(header, dimensions, path);
  const view = new DataView(header.buffer);
  return Array.from(
    { length: dimensions },
    (_, i) => view.getUint32(4 + 4 * i),
  );
}

function checkKind(
  bytes: Uint8Array,
  dimensions: number,
  path: string,
): void {
  const right = [0, 0, UNSIGNED_BYTE, dimensions];
  if (right.every((byte, i) => bytes[i] === byte)) return;
  throw new InputError(
    `Cannot read ${path}: it is not an IDX file of unsigned bytes with ${dimensions} dimensions; it begins with ${
      firstBytes(bytes)
    }, expected 00 00 08 0${dimensions}`,
  );
}

async function beginsLikeGzip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const magic = new Uint8Array(2);
  return await file.read(magic) === 2 && magic[0] === 0x1f && magic[1] === 0x8b;
}

async function* unzipped(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  path: string,
): AsyncGenerator<Uint8Array> {
  const stream = bytes.pipeThrough(new DecompressionStream("gzip"));
  try {
    yield* stream;
  } catch (error) {
    throw new InputError(
      `Cannot read ${path}: it begins like gzip but cannot be unpacked; it may be truncated, download the file again`,
      { cause: error },
    );
  }
}

function truncated(path: string, expected: number, got: string): InputError {
  return new InputError(
    `Cannot read ${path}: it is truncated, expected ${expected} bytes, got ${got}; download the file again`,
  );
}

function overlong(
  path: string,
  shape: readonly number[],
  size: number,
  has: string,
): InputError {
  return new InputError(
    `Cannot read ${path}: its header says ${
      shape.join(" x ")
    }, which is ${size} bytes, but it has ${has}; download the file again`,
  );
}

function firstBytes(bytes: Uint8Array): string {
  return bytes.subarray(0, 4).toHex().match(/../g)?.join(" ") ?? "nothing";
}
