/**
 * Data sets by name or by path.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { suggestion } from "../did_you_mean.ts";
import { fileError } from "../files.ts";
import { csvDataset, type CsvDatasetOptions } from "./csv.ts";
import type { Dataset } from "./dataset.ts";
import { digits } from "./digits.ts";
import { download } from "./download.ts";
import { exoticParticles } from "./exotic.ts";
import { idxFolder } from "./idx.ts";
import { REMOTE_SETS } from "./remote_sets.ts";
import { splitSamples } from "./split.ts";

/** Settings of {@linkcode loadDataset}; those that a data set has no use for are ignored. */
export interface LoadOptions extends CsvDatasetOptions {
  /** Folder for downloads, with one subfolder per data set. Default `"data"`. */
  readonly dir?: string | undefined;
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
 * `"fashion-mnist"` (downloaded once), the path of a folder of IDX files, or of
 * a `.csv` or `.tsv` file.
 * @param options Folder, seed, how to read a CSV file, and `validationSplit`:
 * the fraction of the samples to train on that is kept for validation, in the
 * place of the samples that come for it. Default: those, and for a CSV file 0.2.
 * @throws {InputError} If there is no such data set, or it cannot be read.
 */
export async function loadDataset(
  name: string,
  options: LoadOptions = {},
): Promise<Dataset> {
  const { dir = "data", seed = 0 } = options;
  if (name === "digits") return split(digits({ seed }), options);
  if (name === "exotic") return split(exoticParticles({ seed }), options);
  if (Object.hasOwn(REMOTE_SETS, name)) {
    await fetchDataset(name, options);
    return { ...await idxFolder(`${dir}/${name}`, options), name };
  }
  if (/\.(csv|tsv)$/i.test(name)) return await csvDataset(name, options);
  const found = kindAt(name);
  if (found === "folder") return await idxFolder(name, options);
  const near = suggestion(name, DATASETS);
  throw new InputError(
    `Cannot load the data set "${short(name)}"${
      found === "file"
        ? ": it is a file whose name does not end in .csv or .tsv"
        : near || ": there is no such name, folder or .csv file"
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

/** The same, split anew if that is requested. */
function split(dataset: Dataset, options: LoadOptions): Dataset {
  const { name, train } = dataset;
  const { validationSplit, splitSeed } = options;
  return validationSplit === undefined
    ? dataset
    : { ...dataset, ...splitSamples(name, train, validationSplit, splitSeed) };
}

/** What is at a path; what is no path at all, such as an overlong one, holds nothing. */
function kindAt(path: string): "folder" | "file" | undefined {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) return undefined;
    throw fileError(`Cannot load the data set "${path}"`, "read", path, error);
  }
}

/** Names this long are a mistake; the message should still be readable. */
const LONGEST = 200;

function short(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
}
