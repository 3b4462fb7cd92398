/**
 * The files of a checkpoint: `model.json` in tf.js' layers format, with its
 * additional entries, and the numbers.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { denoDisk } from "../../disk.ts";
import { InputError } from "../../errors.ts";
import { type FileEntry, fileError, pathIn, writeWhole } from "../../files.ts";
import { sizeOf } from "../../shape.ts";
import type { SavedPowers, SavedSlots } from "./optimizer_slots.ts";

/** Name of the file with the topology and the list of weights. */
export const MODEL_FILE = "model.json";

/** Name of the file with the numbers. */
export const WEIGHTS_FILE = "weights.bin";

/** Name of the file with slots that tf.js cannot load. */
export const SLOTS_FILE = "adamax.bin";

/** The content of `model.json`; without a topology it lists only weights. */
export type CheckpointJson =
  & Partial<Omit<tf.io.ModelJSON, "weightsManifest">>
  & {
    /** Names, shapes and files of the weights. */
    readonly weightsManifest: tf.io.WeightsManifestConfig;
    /** What Adam has beside its slots, if it was the optimizer. Other readers skip this. */
    readonly adam?: SavedPowers;
    /** Adamax's slots, if it was the optimizer. Other readers skip this. */
    readonly adamax?: SavedSlots;
  };

/** Weights and their description. */
export interface WeightArtifacts {
  /** Name, shape and type of each. */
  readonly weightSpecs: tf.io.WeightsManifestEntry[];
  /** The numbers, one after another. */
  readonly weightData: ArrayBuffer;
}

/**
 * The text of `model.json`.
 *
 * @param about Its content other than the list of weights.
 * @param weights The weights, in the order of the numbers.
 */
export function jsonOf(
  about: object,
  weights: readonly tf.io.WeightsManifestEntry[],
): string {
  const weightsManifest = [{ paths: [WEIGHTS_FILE], weights }];
  return JSON.stringify({ ...about, weightsManifest });
}

/**
 * Write files of a checkpoint; the last never exists without the others.
 *
 * @param dir The checkpoint's folder; created if needed.
 * @param files Their names and contents.
 * @throws {InputError} If they cannot be written.
 */
export async function writeFilesOf(
  dir: string,
  files: readonly FileEntry[],
): Promise<void> {
  try {
    denoDisk.mkdirSync(dir, { recursive: true });
    await writeWhole(
      files.map(([name, content]) => [pathIn(dir, name), content]),
    );
  } catch (error) {
    throw fileError(`Cannot save to "${dir}"`, "write", dir, error);
  }
}

/**
 * Read `model.json`.
 *
 * @param dir The checkpoint's folder.
 * @throws {InputError} If it is missing, or is not a checkpoint.
 */
export async function readModelJson(dir: string): Promise<CheckpointJson> {
  const bytes = await readFileOf(dir, MODEL_FILE);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new InputError(
      `Cannot load from "${dir}": "${MODEL_FILE}" is not JSON: ${
        (error as Error).message
      }`,
      { cause: error },
    );
  }
  const { weightsManifest } = (json ?? {}) as Partial<CheckpointJson>;
  if (Array.isArray(weightsManifest)) return json as CheckpointJson;
  throw new InputError(
    `Cannot load from "${dir}": "${MODEL_FILE}" is not a model of tf.js, it has no "weightsManifest"`,
  );
}

/**
 * Read the weights that `model.json` lists.
 *
 * @param dir The checkpoint's folder.
 * @param json What `model.json` says.
 * @throws {InputError} If a file is missing or cut short.
 */
export async function readWeights(
  dir: string,
  { weightsManifest }: CheckpointJson,
): Promise<WeightArtifacts> {
  const names = weightsManifest.flatMap(({ paths }) => paths);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const parts = await Promise.all(names.map((name) => readFileOf(dir, name)));
  const weightData = await new Blob(parts).arrayBuffer();
  const expected = weightSpecs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (weightData.byteLength === expected) return { weightSpecs, weightData };
  throw new InputError(
    `Cannot load from "${dir}": ${
      names.map((name) => `"${name}"`).join(", ")
    } must have ${expected} bytes for the weights in "${MODEL_FILE}", current value is ${weightData.byteLength}`,
  );
}

/**
 * Read one file of a checkpoint.
 *
 * @param dir The checkpoint's folder.
 * @param name The file's name.
 * @throws {InputError} If it is missing or cannot be read.
 */
export async function readFileOf(
  dir: string,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const path = pathIn(dir, name);
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw fileError(`Cannot load "${path}"`, "read", dir, error);
  }
}

/** Bytes per number, where it is not 4. */
const BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  uint8: 1,
  uint16: 2,
  float16: 2,
  complex64: 8,
};

function byteLength(
  { shape, dtype, quantization }: tf.io.WeightsManifestEntry,
): number {
  return sizeOf(shape) * (BYTES[quantization?.dtype ?? dtype] ?? 4);
}
