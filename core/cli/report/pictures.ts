/**
 * The pictures that plugins drew into the folder of a run.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { filesIn } from "./run_folder.ts";

/** A picture. */
export interface PlacedPicture {
  /** Its path in the folder. */
  readonly path: string;
  /** All of it, as an address. */
  readonly address: string;
}

const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  svg: "image/svg+xml",
};

/** So many are taken, of so many bytes in all: a page is to stay small. */
const [MOST, ROOM] = [12, 1 << 20];

/**
 * The pictures in a folder, as far as there is room.
 *
 * @param dir Folder of the run.
 * @param others Folders in it that are those of other runs.
 */
export function picturesIn(
  dir: string,
  others: readonly string[],
): PlacedPicture[] {
  const pictures: PlacedPicture[] = [];
  let room = ROOM;
  for (const path of filesIn(dir)) {
    const type = TYPES[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ""];
    const isOther = others.some((it) => `${dir}/${path}`.startsWith(`${it}/`));
    if (!type || isOther || pictures.length === MOST) continue;
    const bytes = bytesOf(`${dir}/${path}`, room);
    if (!bytes) continue;
    room -= bytes.length;
    const data = Buffer.from(bytes).toString("base64");
    pictures.push({ path, address: `data:${type};base64,${data}` });
  }
  return pictures;
}

/** What cannot be read, or is too large, is left out. */
function bytesOf(path: string, room: number): Uint8Array | undefined {
  try {
    const { isFile, size } = Deno.statSync(path);
    return isFile && size <= room ? Deno.readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}
