/**
 * What a power cut leaves: of what was written to files, only what was flushed.
 * Loses the rest of it, as far as this process has written it.
 *
 * @module
 */

/** A file that was written to. */
interface Written {
  path: string;
  /** Bytes that are on the disk for sure. */
  flushed: number;
}

/** What would be lost. */
export interface PowerCut {
  /** Lose it now. */
  lose(): void;
}

/** Follow all writing of this process from now on. */
export function powerCut(): PowerCut {
  /** By their number in the file system, whatever they are called. */
  const written = new Map<number, Written>();
  const paths = new WeakMap<Deno.FsFile, string>();
  const { open, openSync, renameSync, truncateSync } = Deno;

  function touched(file: Deno.FsFile): Written | undefined {
    const path = paths.get(file);
    const { ino, size, isFile } = file.statSync();
    if (path === undefined || ino === null || !isFile) return undefined;
    let known = written.get(ino);
    if (!known) written.set(ino, known = { path, flushed: size });
    return known;
  }
  Deno.open = async (path, options) => {
    const file = await open(path, options);
    paths.set(file, String(path));
    return file;
  };
  Deno.openSync = (path, options) => {
    const file = openSync(path, options);
    paths.set(file, String(path));
    return file;
  };
  Deno.renameSync = (from, to) => {
    renameSync(from, to);
    for (const it of written.values()) {
      if (it.path === String(from)) it.path = String(to);
      // What had the name has another one by now, or none.
      else if (it.path === String(to)) it.path = "";
    }
  };

  const file = Deno.FsFile.prototype;
  const { write, writeSync, sync, syncSync, truncateSync: cut } = file;
  file.write = function (bytes) {
    touched(this);
    return write.call(this, bytes);
  };
  file.writeSync = function (bytes) {
    touched(this);
    return writeSync.call(this, bytes);
  };
  file.truncateSync = function (length) {
    const known = touched(this);
    cut.call(this, length);
    if (known) known.flushed = Math.min(known.flushed, length ?? 0);
  };
  file.syncSync = function () {
    syncSync.call(this);
    isFlushed(this);
  };
  file.sync = async function () {
    const { size } = this.statSync();
    await sync.call(this);
    isFlushed(this, size);
  };
  function isFlushed(file: Deno.FsFile, size = file.statSync().size): void {
    const known = touched(file);
    if (known) known.flushed = size;
  }

  return {
    lose() {
      for (const { path, flushed } of written.values()) {
        try {
          if (path && Deno.statSync(path).size > flushed) {
            truncateSync(path, flushed);
          }
        } catch {
          // It is gone.
        }
      }
    },
  };
}
