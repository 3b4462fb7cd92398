/**
 * What files of a run held before they were replaced or removed.
 *
 * @module
 */
import type { Disk } from "../../disk.ts";
import { isFolderSync, removeSync, targetOfPart } from "../../files.ts";

/** What is kept in a folder, in files called `NAME.LAST`. */
export interface KeptContents {
  /** Where a content is kept, by its name; undefined where it is not. */
  pathOf(name: string): string | undefined;
  /** Remove what only marks with lower numbers need. */
  forget(below: number): void;
}

/** What is kept in a folder. */
export function keptContents(store: string, disk: Disk): KeptContents {
  const all = contentsIn(store);
  const files = new Map(all.map(({ name, file }) => [name, file]));
  return {
    pathOf(name) {
      const file = files.get(name);
      return file && `${store}/${file}`;
    },
    forget(below) {
      for (const { file, last } of all) {
        if (last < below) removeSync(`${store}/${file}`, disk);
      }
      for (const part of partsIn(store)) removeSync(part, disk);
    },
  };
}

/** What a process was copying when it was killed. */
function partsIn(store: string): string[] {
  if (!isFolderSync(store)) return [];
  return [...Deno.readDirSync(store)].map(({ name }) => `${store}/${name}`)
    .filter((path) => targetOfPart(path) !== undefined);
}

interface Content {
  readonly file: string;
  readonly name: string;
  readonly last: number;
}

/** The contents in a folder; of two with one name, the later one last. */
function contentsIn(store: string): Content[] {
  if (!isFolderSync(store)) return [];
  return [...Deno.readDirSync(store)].flatMap(({ name: file }) => {
    const [, name, last] = /^([0-9a-f]+-\d+)\.(\d+)$/.exec(file) ?? [];
    return name ? [{ file, name, last: Number(last) }] : [];
  }).sort((a, b) => a.last - b.last);
}
