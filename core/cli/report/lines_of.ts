/**
 * The lines of a file, one after the other: a log may be larger than memory.
 *
 * @module
 */

/** Bytes that are read at once. */
const PIECE = 1 << 20;

/**
 * The lines of a file, those without any text left out.
 *
 * @param path The file.
 * @param longest Of how many characters a line may be; a longer one is left out.
 * Default a million.
 * @returns None if there is no such file, or it cannot be read.
 * @throws {Deno.errors.NotCapable} If that is not permitted.
 */
export function* linesOf(path: string, longest = 1e6): Generator<string> {
  using file = opened(path);
  if (!file) return;
  const bytes = new Uint8Array(PIECE);
  const decoder = new TextDecoder();
  let rest = "";
  let tooLong = false;
  for (let size = 1; size > 0;) {
    size = file.readSync(bytes) ?? 0;
    const more = { stream: size > 0 };
    const lines = (rest + decoder.decode(bytes.subarray(0, size), more))
      .split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line && !tooLong && line.length <= longest) yield line;
      tooLong = false;
    }
    if (rest.length > longest) [rest, tooLong] = ["", true];
  }
  if (rest && !tooLong) yield rest;
}

function opened(path: string): Deno.FsFile | undefined {
  try {
    const file = Deno.openSync(path, { read: true });
    if (file.statSync().isFile) return file;
    file.close();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
  return undefined;
}
