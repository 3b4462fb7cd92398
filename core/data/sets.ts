/**
 * Data sets by name or by path.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { suggestion } from "../did_you_mean.ts";
import { isFolderSync } from "../files.ts";
import { csvDataset } from "./csv.ts";
import type { Dataset } from "./dataset.ts";
import { digits } from "./digits.ts";
import { download } from "./download.ts";
import { exoticParticles } from "./exotic.ts";
import { idxFolder } from "./idx.ts";
import { REMOTE_SETS } from "./remote_sets.ts";

/** Settings of {@linkcode loadDataset}. */
export interface LoadOptions {
  /** Folder for downloads, with one subfolder per data set. Default `"data"`. */
  readonly dir?: string | undefined;
  /** Label column of a CSV file: its name, or its index from 0. */
  readonly label?: string | undefined;
  /** Seed of the synthetic data sets, a whole number from 0 to 2^53 - 1. Default 0. */
  readonly seed?: number | undefined;
  /** Receives the progress of a download. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** The function that fetches. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** The known names. */
export const DATASETS: readonly string[] = [
  "digits",
  "exotic",
  ...Object.keys(REMOTE_SETS),
];

/**
 * Load a data set.
 *
 * @param name `"digits"` or `"exotic"` (synthetic), `"mnist"` or
 * `"fashion-mnist"` (downloaded once), the path of a folder of IDX files, or of a `.csv` file.
 * @param options Folder, label column and seed.
 * @throws {InputError} If there is no such data set, or it cannot be read.
 */
export async function loadDataset(
  name: string,
  options: LoadOptions = {},
): Promise<Dataset> {
  const { dir = "data", label, seed = 0 } = options;
  if (name === "digits") return digits({ seed });
  if (name === "exotic") return exoticParticles({ seed });
  if (Object.hasOwn(REMOTE_SETS, name)) {
    await fetchDataset(name, options);
    return { ...await idxFolder(`${dir}/${name}`), name };
  }
  if (/\.(csv|tsv)$/i.test(name)) {
    const separator = /\.tsv$/i.test(name) ? "\t" : ",";
    return await csvDataset(name, { label, separator });
  }
  if (isFolderSync(name)) return await idxFolder(name);
  throw new InputError(
    `Cannot load the data set "${name}"${
      suggestion(name, DATASETS) ||
      ": there is no such name, folder or .csv file"
    } (names are ${DATASETS.join(", ")})`,
  );
}

/**
 * Download a data set whose files are not there yet; any other name is left
 * alone.
 *
 * @param name As in {@linkcode loadDataset}.
 * @param options Folder and progress.
 * @throws {InputError} If a file cannot be downloaded, or one that is there is
 * not what it should be.
 */
export async function fetchDataset(
  name: string,
  { dir = "data", ...options }: LoadOptions = {},
): Promise<void> {
  if (!Object.hasOwn(REMOTE_SETS, name)) return;
  await download(REMOTE_SETS[name]!, `${dir}/${name}`, options);
}
