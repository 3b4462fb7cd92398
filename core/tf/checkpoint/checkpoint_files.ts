/**
 * The files of a checkpoint: `model.json` in tf.js' layers format, with its
 * additional entries, and the numbers.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { sha256 } from "../../checksum.ts";
import { InputError, messageOf } from "../../errors.ts";
import { fileError, pathIn } from "../../files.ts";
import { sizeOf } from "../../shape.ts";
import type { SavedPowers, SavedSlots } from "./optimizer_slots.ts";

/** Name of the file with the topology and the list of weights. */
export const MODEL_FILE = "model.json";

/** Name of the file with the numbers. */
export const WEIGHTS_FILE = "weights.bin";

/** Name of the file with slots that tf.js cannot load. */
export const SLOTS_FILE = "adamax.bin";

/** Checksum and length of files. */
export type FileSums = Readonly<
  Record<string, { readonly sha256: string; readonly bytes: number }>
>;

/** The content of `model.json`; without a topology it lists only weights. */
export type CheckpointJson =
  & Partial<Omit<tf.io.ModelJSON, "weightsManifest">>
  & {
    /** Names, shapes and files of the weights. */
    readonly weightsManifest: tf.io.WeightsManifestConfig;
    /** What Adam has beside its slots, if it was the optimizer. Other readers skip this. */
    readonly adam?: SavedPowers;
    /** What was written, by the name of the file. Other readers skip this. */
    readonly files?: FileSums;
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
 * @param weightsFile Name of the file with the numbers.
 * @param files Checksums of what is written beside it.
 */
export function jsonOf(
  about: object,
  weights: readonly tf.io.WeightsManifestEntry[],
  weightsFile: string,
  files: FileSums,
): string {
  const weightsManifest = [{ paths: [weightsFile], weights }];
  return JSON.stringify({ ...about, weightsManifest, files });
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
 * @throws {InputError} If a file is missing, cut short or damaged.
 */
export async function readWeights(
  dir: string,
  json: CheckpointJson,
): Promise<WeightArtifacts> {
  const { weightsManifest } = json;
  const names = weightsManifest.flatMap(({ paths }) => paths);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  const parts = await Promise.all(names.map((name) => readFileOf(dir, name)));
  const weightData = await new Blob(parts).arrayBuffer();
  const expected = weightSpecs.reduce((sum, spec) => sum + byteLength(spec), 0);
  if (weightData.byteLength === expected) {
    for (const [i, name] of names.entries()) {
      await checkSum(dir, json, name, parts[i]!);
    }
    return { weightSpecs, weightData };
  }
  throw new InputError(
    `Cannot load from "${dir}": ${
      names.map((name) => `"${name}"`).join(", ")
    } must have ${expected} bytes for the weights in "${MODEL_FILE}", current value is ${weightData.byteLength}`,
  );
}

/**
 * Read the slots that tf.js cannot load, if there are any.
 *
 * @param dir The checkpoint's folder.
 * @param json What `model.json` says.
 * @throws {InputError} If their file is missing or damaged.
 */
export async function readSlots(
  dir: string,
  json: CheckpointJson,
): Promise<ArrayBuffer | undefined> {
  if (!json.adamax) return undefined;
  const name = Object.keys(json.files ?? {})
    .find((it) => it.startsWith("adamax.")) ?? SLOTS_FILE;
  const bytes = await readFileOf(dir, name);
  await checkSum(dir, json, name, bytes);
  return bytes.buffer;
}

/**
 * What is wrong with a checkpoint, as far as that shows without a model.
 *
 * @param dir Its folder.
 * @returns Undefined if it is whole.
 */
export async function problemOf(dir: string): Promise<string | undefined> {
  try {
    const json = await readModelJson(dir);
    await readWeights(dir, json);
    await readSlots(dir, json);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Checkpoints of tf.js, and ours from before, have no checksums. */
async function checkSum(
  dir: string,
  { files }: CheckpointJson,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const sum = files?.[name]?.sha256;
  if (sum === undefined || sum === await sha256(bytes)) return;
  throw new InputError(
    `Cannot load from "${dir}": "${name}" is damaged, its bytes are not those that were written`,
  );
}

/**
 * Read one file of a checkpoint.
 *
 * @param dir The checkpoint's folder.
 * @param name The file's name.
 * @throws {InputError} If it is missing or cannot be read.
 */
async function readFileOf(
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
