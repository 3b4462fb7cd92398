/**
 * The files of a shadow: it reads those of the run, and its own, which are in
 * memory alone.
 *
 * @module
 */
import { type Content, contentBytes } from "../../files.ts";
import type { RunFiles } from "../../plugin.ts";
import type { Held } from "../../events.ts";
import { nameInRun, pathOfRun, placeInRun } from "../files/run_paths.ts";

/** What a shadow has written, by path; null is what it has removed. */
export type OwnFiles = Map<string, Content | null>;

/**
 * Files that nobody else sees.
 *
 * @param dir Folder of the run.
 * @param real The run's files.
 * @param own What was written, to be added to.
 * @param tell Is told what would have been done.
 */
export function shadowFiles(
  dir: string,
  real: RunFiles,
  own: OwnFiles,
  tell: (what: Held) => void,
): RunFiles {
  const at = (path: string) => nameInRun(dir, placeInRun(dir, path));

  function read(path: string): string | undefined {
    const place = nameInRun(dir, pathOfRun(dir, path));
    const held = own.get(place);
    if (typeof held === "string") return held;
    if (held) return new TextDecoder().decode(held);
    const gone = [...own].some(([other, content]) =>
      content === null && `${place}/`.startsWith(`${other}/`)
    );
    return gone ? undefined : real.read(path);
  }

  return Object.freeze<RunFiles>({
    read,
    write(path, content) {
      own.set(
        at(path),
        typeof content === "string" ? content : content.slice(),
      );
      tell({ kind: "write", path });
    },
    open(path, { append = false } = {}) {
      const place = at(path);
      own.set(place, append ? read(path) ?? "" : "");
      tell({ kind: "write", path });
      let closed = false;
      return {
        write(content) {
          if (closed) throw new Error(`Cannot write ${path}: it was closed`);
          own.set(place, joined(own.get(place) ?? "", content));
        },
        close: () => void (closed = true),
      };
    },
    remove(path) {
      const place = at(path);
      for (const other of own.keys()) {
        if (`${other}/`.startsWith(`${place}/`)) own.delete(other);
      }
      own.set(place, null);
      tell({ kind: "remove", path });
    },
  });
}

/** What is held, and more behind it: bytes with room to grow, so that not all of them are copied each time. */
function joined(held: Content, more: Content): Content {
  if (typeof held === "string" && typeof more === "string") return held + more;
  const [first, second] = [contentBytes(held), contentBytes(more)];
  const length = first.length + second.length;
  const fits = rooms.get(first.buffer) === first.length &&
    first.buffer.byteLength >= length;
  const all = fits ? new Uint8Array(first.buffer) : new Uint8Array(2 * length);
  if (!fits) all.set(first);
  all.set(second, first.length);
  rooms.set(all.buffer, length);
  return all.subarray(0, length);
}

/** How much is used of the room that `joined` has made. */
const rooms = new WeakMap<ArrayBufferLike, number>();

/** Those that are there in the end. */
export function writtenOf(own: OwnFiles): ReadonlyMap<string, Content> {
  return new Map(
    [...own].flatMap(([path, content]) =>
      content === null ? [] : [[path, content]]
    ),
  );
}
