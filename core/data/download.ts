/**
 * Files from the network, downloaded once and kept in a folder. Their checksum is
 * checked at each use, for what lies in a folder may have been put there by
 * anyone. Nothing is ever half-written.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { sha256 } from "../checksum.ts";
import { denoDisk } from "../disk.ts";
import { existsSync, fileError, writeWhole } from "../files.ts";

/** A file to download. */
export interface RemoteFile {
  /** Its address. */
  readonly url: string;
  /** Name in the folder. */
  readonly name: string;
  /** SHA-256 of its bytes, in hexadecimal digits. */
  readonly sha256: string;
}

/** Settings of {@linkcode download}. */
export interface DownloadOptions {
  /** Receives the progress, one line at a time. Default: none. */
  readonly onProgress?: ((line: string) => void) | undefined;
  /** The function that fetches. Default: the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * Check the files that a folder has, and download the others.
 *
 * @param dir The folder; created if needed.
 * @param options What receives the progress, and what fetches.
 * @throws {InputError} If a file cannot be downloaded or is not what it should
 * be.
 */
export async function download(
  files: readonly RemoteFile[],
  dir: string,
  options: DownloadOptions = {},
): Promise<void> {
  for (const file of files) {
    const path = `${dir}/${file.name}`;
    if (existsSync(path)) {
      await checkKept(file, path, dir);
      continue;
    }
    refuseUnpacked(file, dir);
    const bytes = await get(file, dir, options);
    const sum = await sha256(bytes);
    if (sum !== file.sha256) {
      throw new InputError(
        `Cannot use ${file.url}: its SHA-256 is ${sum}, expected ${file.sha256}; try again, or ${
          byHand(file, dir)
        }`,
      );
    }
    await keep(bytes, path, dir);
  }
}

async function checkKept(
  { url, sha256: expected }: RemoteFile,
  path: string,
  dir: string,
): Promise<void> {
  const sum = await sha256(await read(path));
  if (sum === expected) return;
  throw new InputError(
    `Cannot use ${path}: its SHA-256 is ${sum}, expected ${expected}: it is not the file that ${url} gives; remove it and it is downloaded, or use the folder as it is with --data ${dir}`,
  );
}

/** The sums are those of the packed files. */
function refuseUnpacked({ name }: RemoteFile, dir: string): void {
  const path = `${dir}/${name.replace(/\.gz$/, "")}`;
  if (!existsSync(path)) return;
  throw new InputError(
    `Cannot use ${path}: only the packed file, ${name}, can be checked; put that in its place, or use the folder as it is with --data ${dir}`,
  );
}

async function read(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    throw fileError(`Cannot read ${path}`, "read", path, error);
  }
}

async function get(
  file: RemoteFile,
  dir: string,
  { onProgress, fetch = globalThis.fetch }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(file.url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const total = Number(response.headers.get("content-length")) || undefined;
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    let done = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      done += chunk.length;
      onProgress?.(
        `downloading ${file.name}  ${megabytes(done)}${
          total ? ` of ${megabytes(total)}` : ""
        }`,
      );
    }
    return new Uint8Array(await new Blob(chunks).arrayBuffer());
  } catch (error) {
    const why = error instanceof Deno.errors.NotCapable
      ? `net permission is missing; run with --allow-net=${
        new URL(file.url).host
      }`
      : (error as Error).message;
    throw new InputError(
      `Cannot download ${file.url}: ${why}\n    Without a network, ${
        byHand(file, dir)
      }`,
      { cause: error },
    );
  }
}

function byHand(file: RemoteFile, dir: string): string {
  return `put ${file.name} into ${dir} by hand`;
}

async function keep(
  bytes: Uint8Array,
  path: string,
  dir: string,
): Promise<void> {
  try {
    denoDisk.mkdirSync(dir, { recursive: true });
    await writeWhole([[path, bytes]]);
  } catch (error) {
    throw fileError(`Cannot keep ${path}`, "write", dir, error);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
