/**
 * IDX files, gzipped or not: the format of MNIST and Fashion-MNIST
 * (described at yann.lecun.com/exdb/mnist).
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { fileError } from "../files.ts";
import { sizeOf } from "../shape.ts";
import type { Dataset, Samples } from "./dataset.ts";

/** What an IDX file holds: unsigned bytes. */
export interface IdxArray {
  /** The bytes, in row-major order. */
  readonly data: Uint8Array;
  /** The shape; the first dimension counts the samples. */
  readonly shape: readonly number[];
}

/** The four files of a data set, by their usual names. */
const IDX_FILES = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

const UNSIGNED_BYTE = 0x08;
const CLASSES = 10;

/**
 * Read an IDX file of unsigned bytes.
 *
 * @param path The file; treated as gzip if it begins like gzip, whatever its
 * name.
 * @param dimensions Number of dimensions it must have: 3 for images, 1 for
 * labels.
 * @throws {InputError} If it cannot be read, is not an IDX file, or is
 * truncated.
 */
export async function readIdx(
  path: string,
  dimensions: number,
): Promise<IdxArray> {
  const bytes = await unzipped(await read(path), path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 4 + 4 * dimensions;
  const expected =
    `an IDX file of unsigned bytes with ${dimensions} dimensions`;
  if (
    bytes.length < 4 || view.getUint16(0) !== 0 ||
    view.getUint8(2) !== UNSIGNED_BYTE || view.getUint8(3) !== dimensions
  ) {
    throw new InputError(
      `Cannot read ${path}: it is not ${expected}; it begins with ${
        firstBytes(bytes)
      }, expected 00 00 08 0${dimensions}`,
    );
  }
  if (bytes.length < head) throw truncated(path, head, bytes.length);
  const shape = Array.from(
    { length: dimensions },
    (_, i) => view.getUint32(4 + 4 * i),
  );
  const size = head + sizeOf(shape);
  if (bytes.length < size) throw truncated(path, size, bytes.length);
  if (bytes.length > size) {
    throw new InputError(
      `Cannot read ${path}: its header says ${
        shape.join(" x ")
      }, which is ${size} bytes, but it has ${bytes.length}; download the file again`,
    );
  }
  return { data: bytes.subarray(head), shape };
}

/**
 * The data set in a folder of four IDX files.
 *
 * @param dir The folder; each file may end in `.gz`, and may have a dot before
 * `idx`.
 * @throws {InputError} If a file is missing, broken, or does not fit the others.
 */
export async function idxFolder(dir: string): Promise<Dataset> {
  const names = await listFolder(dir);
  const [train, validation] = await Promise.all([
    samples(dir, names, IDX_FILES.trainImages, IDX_FILES.trainLabels),
    samples(dir, names, IDX_FILES.testImages, IDX_FILES.testLabels),
  ]);
  if (train.xShape.join() !== validation.xShape.join()) {
    throw new InputError(
      `Cannot read ${dir}: the images to train on are ${
        train.xShape.join("x")
      }, those to validate with ${validation.xShape.join("x")}`,
    );
  }
  return { name: dir, train, validation, classes: CLASSES };
}

async function samples(
  dir: string,
  names: readonly string[],
  imageFile: string,
  labelFile: string,
): Promise<Samples> {
  const imagePath = find(dir, names, imageFile);
  const labelPath = find(dir, names, labelFile);
  const images = await readIdx(imagePath, 3);
  const labels = await readIdx(labelPath, 1);
  const [count, rows, columns] = images.shape as [number, number, number];
  if (count !== labels.shape[0]) {
    throw new InputError(
      `Cannot pair ${imagePath} with ${labelPath}: ${count} images, but ${
        labels.shape[0]
      } labels`,
    );
  }
  const wrong = labels.data.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) {
    throw new InputError(
      `Cannot read ${labelPath}: label ${wrong + 1} is ${
        labels.data[wrong]
      }, expected 0 to ${CLASSES - 1}`,
    );
  }
  return {
    x: Float32Array.from(images.data, (grey) => grey / 255),
    xShape: [rows, columns],
    y: Int32Array.from(labels.data),
    count,
  };
}

function find(dir: string, names: readonly string[], wanted: string): string {
  const dotted = wanted.replace("-idx", ".idx");
  // Packed first: that is the one with a checksum, where there is one.
  const name = [wanted, dotted].flatMap((stem) => [`${stem}.gz`, stem])
    .find((name) => names.includes(name));
  if (name) return `${dir}/${name}`;
  throw new InputError(
    `Cannot find ${wanted} (or ${wanted}.gz) in ${dir}: a data set is four IDX files, ${
      Object.values(IDX_FILES).join(", ")
    }`,
  );
}

async function listFolder(dir: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(dir))).map(({ name }) => name);
  } catch (error) {
    throw fileError(`Cannot read the folder ${dir}`, "read", dir, error);
  }
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
}

async function unzipped(
  bytes: Uint8Array<ArrayBuffer>,
  path: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(
      new DecompressionStream("gzip"),
    );
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw new InputError(
      `Cannot read ${path}: it begins like gzip but cannot be unpacked; it may be truncated, download the file again`,
      { cause: error },
    );
  }
}

function truncated(path: string, expected: number, actual: number): InputError {
  return new InputError(
    `Cannot read ${path}: it is truncated, expected ${expected} bytes, got ${actual}; download the file again`,
  );
}

function firstBytes(bytes: Uint8Array): string {
  return bytes.subarray(0, 4).toHex().match(/../g)?.join(" ") ?? "nothing";
}
