/**
 * Writes the files of a checkpoint so that whoever reads it finds numbers that
 * belong to its `model.json`, whenever the process was killed.
 *
 * @module
 */
import { sha256 } from "../../checksum.ts";
import { denoDisk, type Disk } from "../../disk.ts";
import { linkOverSync } from "../../file_links.ts";
import {
  existsSync,
  type FileEntry,
  fileError,
  makeFolderOf,
  pathIn,
  removeQuietly,
  writeWhole,
} from "../../files.ts";
import { type FileSums, MODEL_FILE } from "./checkpoint_files.ts";

/** A checkpoint that is to be written. */
export interface NewCheckpoint {
  /** Names and contents of the files with numbers. */
  readonly numbers: readonly (readonly [
    name: string,
    bytes: Uint8Array<ArrayBuffer>,
  ])[];
  /** Files that stand for themselves. */
  readonly others?: readonly FileEntry[];
  /**
   * The text of `model.json`.
   *
   * @param nameOf The name that a file of numbers has.
   * @param files The checksums, by those names.
   */
  json(nameOf: (name: string) => string, files: FileSums): string;
}

/**
 * Write a checkpoint. Over another one, the numbers are first written under
 * names of their own, and `model.json` turns to them at one stroke; then they
 * get their usual names in the same way.
 *
 * @param dir Its folder; created if needed.
 * @throws {InputError | FileError} If it cannot be written; the one before stays.
 */
export async function writeCheckpoint(
  dir: string,
  checkpoint: NewCheckpoint,
  disk: Disk = denoDisk,
): Promise<void> {
  const { numbers, others = [], json } = checkpoint;
  const at = (name: string) => pathIn(dir, name);
  const sums: FileSums = Object.fromEntries(
    await Promise.all(
      numbers.map(async ([name, bytes]) =>
        [name, { sha256: await sha256(bytes), bytes: bytes.length }] as const
      ),
    ),
  );
  const write = async (
    contents: readonly FileEntry[],
    nameOf: (name: string) => string,
  ) => {
    const files = Object.fromEntries(
      Object.entries(sums).map(([name, sum]) => [nameOf(name), sum]),
    );
    const entries = [...contents, [MODEL_FILE, json(nameOf, files)] as const];
    await writeWhole(entries.map(([name, it]) => [at(name), it]), disk);
  };
  const usual = (name: string) => name;
  const own = (name: string) =>
    name.replace(/(?=\.bin$)/, `.${sums[name]!.sha256.slice(0, 8)}`);
  let made = false;
  try {
    made = !existsSync(dir);
    makeFolderOf(at(MODEL_FILE), disk);
    if (!existsSync(at(MODEL_FILE))) {
      return await write([...numbers, ...others], usual);
    }
    await write([
      ...numbers.map(([name, bytes]) => [own(name), bytes] as const),
      ...others,
    ], own);
  } catch (error) {
    removeUnnamed(dir, disk);
    if (made) removeQuietly(dir, disk);
    throw fileError(`Cannot save to "${dir}"`, "write", dir, error);
  }
  try {
    for (const name in sums) linkOverSync(at(own(name)), at(name), disk);
    await write([], usual);
    removeUnnamed(dir, disk);
  } catch {
    // It is whole as it is, only under other names.
  }
}

/** Remove the numbers that `model.json` does not turn to, or not any more. */
function removeUnnamed(dir: string, disk: Disk): void {
  try {
    const json = Deno.readTextFileSync(pathIn(dir, MODEL_FILE));
    for (const { name } of Deno.readDirSync(dir)) {
      if (!OWN.test(name) || json.includes(`"${name}"`)) continue;
      removeQuietly(pathIn(dir, name), disk);
    }
  } catch {
    // They harm nobody.
  }
}

const OWN = /^(weights|adamax)\.[0-9a-f]{8}\.bin$/;
