import { denoDisk, type Disk, type DiskFile } from "../../core/disk.ts";

/** One call to a disk. */
export interface Call {
  /** Name of the function. */
  readonly name: keyof Disk | "write";
  /** The file. */
  readonly path: string;
  /** Bytes that are to be written, if it is a write. */
  readonly bytes?: number;
}

/**
 * A disk on which calls may fail.
 *
 * @param onCall Is asked before each call; what it throws is thrown. Where it
 * returns fewer bytes than are to be written, only so many are, at this call.
 */
export function faultyDisk(
  onCall: (call: Call) => number | void | undefined,
): Disk {
  const file = (path: string, inner: DiskFile): DiskFile => ({
    writeSync(bytes) {
      const some = onCall({ name: "write", path, bytes: bytes.length });
      return inner.writeSync(bytes.subarray(0, some ?? bytes.length));
    },
    write(bytes) {
      const some = onCall({ name: "write", path, bytes: bytes.length });
      return inner.write(bytes.subarray(0, some ?? bytes.length));
    },
    syncSync: () => inner.syncSync(),
    sync: () => inner.sync(),
    truncateSync: (length) => inner.truncateSync(length),
    seekSync: (offset, whence) => inner.seekSync(offset, whence),
    readSync: (into) => inner.readSync(into),
    statSync: () => inner.statSync(),
    close: () => inner.close(),
    [Symbol.dispose]: () => inner.close(),
  });
  const asked = Object.keys(denoDisk).map((key) => {
    const name = key as keyof Disk;
    return [name, (path: string, ...rest: unknown[]) => {
      onCall({ name, path });
      return (denoDisk[name] as (...args: unknown[]) => unknown)(path, ...rest);
    }];
  });
  const disk = Object.fromEntries(asked) as Disk;
  return {
    ...disk,
    openSync: (path, options) => file(path, disk.openSync(path, options)),
    async open(path, options) {
      return file(path, await disk.open(path, options));
    },
  };
}
