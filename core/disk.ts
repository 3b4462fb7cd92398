/**
 * The disk: every call by which the project changes files. `core/files.ts`
 * builds on it what is written whole or not at all.
 *
 * @module
 */

/** How a file is opened. */
export interface OpenOptions {
  readonly read?: boolean;
  readonly write?: boolean;
  readonly append?: boolean;
  readonly create?: boolean;
  readonly createNew?: boolean;
  readonly truncate?: boolean;
}

/** An open file. */
export interface DiskFile extends Disposable {
  /** Write some of the bytes. Returns how many. */
  writeSync(bytes: Uint8Array): number;
  /** The same. */
  write(bytes: Uint8Array): Promise<number>;
  /** Have it reach the disk. */
  syncSync(): void;
  /** The same. */
  sync(): Promise<void>;
  /** Cut it. */
  truncateSync(length: number): void;
  /** Go to a place, from where it is read. */
  seekSync(offset: number, whence: Deno.SeekMode): number;
  /** Read some bytes. Returns how many; null at its end. */
  readSync(into: Uint8Array): number | null;
  /** What the system knows of it. */
  statSync(): {
    readonly isFile: boolean;
    readonly size: number;
    readonly nlink: number | null;
  };
  close(): void;
}

/** What a disk does; as Deno's functions of these names. */
export interface Disk {
  openSync(path: string, options: OpenOptions): DiskFile;
  open(path: string, options: OpenOptions): Promise<DiskFile>;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  copyFileSync(from: string, to: string): void;
  truncateSync(path: string, length: number): void;
  removeSync(path: string, options?: { readonly recursive: boolean }): void;
  mkdirSync(path: string, options?: { readonly recursive: boolean }): void;
}

/** The one that Deno writes to. */
export const denoDisk: Disk = {
  openSync: (path, options) => Deno.openSync(path, options),
  open: (path, options) => Deno.open(path, options),
  renameSync: (from, to) => Deno.renameSync(from, to),
  linkSync: (from, to) => Deno.linkSync(from, to),
  copyFileSync: (from, to) => Deno.copyFileSync(from, to),
  truncateSync: (path, length) => Deno.truncateSync(path, length),
  removeSync: (path, options) => Deno.removeSync(path, options),
  mkdirSync: (path, options) => Deno.mkdirSync(path, options),
};

/** A file that is there to be locked, made where it is not there yet: no disk but the real one has locks. */
export function lockableFile(path: string): Deno.FsFile {
  return Deno.openSync(path, { create: true, read: true, write: true });
}
