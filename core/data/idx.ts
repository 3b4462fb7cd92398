/**
 * Data sets of four IDX files, as MNIST and Fashion-MNIST come.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { fileError } from "../files.ts";
import type { Dataset, Samples } from "./dataset.ts";
import { readIdx } from "./idx_file.ts";
import { type SplitOptions, splitSamples } from "./split.ts";

/** The four files of a data set, by their usual names. */
const IDX_FILES = {
  trainImages: "train-images-idx3-ubyte",
  trainLabels: "train-labels-idx1-ubyte",
  testImages: "t10k-images-idx3-ubyte",
  testLabels: "t10k-labels-idx1-ubyte",
} as const;

/**
 * The data set in a folder of four IDX files.
 *
 * @param dir The folder; each file may end in `.gz`, and may have a dot before
 * `idx`.
 * @param options With a split, the samples to validate with are taken from
 * those to train on, and the test files are not read.
 * @throws {InputError} If a file is missing, broken, or does not fit the
 * others, or the split leaves one side without samples.
 */
export async function idxFolder(
  dir: string,
  options: SplitOptions = {},
): Promise<Dataset> {
  const { validationSplit, splitSeed } = options;
  const names = await listFolder(dir);
  const { trainImages, trainLabels, testImages, testLabels } = IDX_FILES;
  const train = await samples(dir, names, trainImages, trainLabels);
  if (train.count === 0) {
    throw new InputError(`Cannot use ${dir}: it has no samples to train on`);
  }
  const parts = validationSplit === undefined
    ? { train, validation: await samples(dir, names, testImages, testLabels) }
    : splitSamples(dir, train, validationSplit, splitSeed);
  const { validation } = parts;
  if (train.xShape.join() !== validation.xShape.join()) {
    throw new InputError(
      `Cannot read ${dir}: the images to train on are ${
        train.xShape.join("x")
      }, those to validate with ${validation.xShape.join("x")}`,
    );
  }
  return { name: dir, ...parts, classes: classesIn(train, validation) };
}

/** One more than the largest label. */
function classesIn(...parts: readonly Samples[]): number {
  return parts.reduce(
    (most, { y }) =>
      (y as Int32Array).reduce((a, b) => Math.max(a, b + 1), most),
    0,
  );
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
  if (rows * columns === 0) {
    throw new InputError(
      `Cannot read ${imagePath}: its images are ${rows}x${columns}, without a pixel`,
    );
  }
  if (count !== labels.shape[0]) {
    throw new InputError(
      `Cannot pair ${imagePath} with ${labelPath}: ${count} images, but ${
        labels.shape[0]
      } labels`,
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
