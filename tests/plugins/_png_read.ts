/**
 * Reads PNG files from their bytes.
 *
 * @module
 */

/** A picture. */
export interface ReadPng {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  /** Row after row, a byte a channel. */
  readonly pixels: Uint8Array;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** Channels, by the number of a kind of colours. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 6: 4 };

/**
 * The picture in a file of 8 bits a channel.
 *
 * @throws {Error} If it is none, a checksum is wrong, or its rows are filtered.
 */
export async function pngIn(bytes: Uint8Array): Promise<ReadPng> {
  if (!SIGNATURE.every((byte, i) => bytes[i] === byte)) {
    throw new Error("it is no PNG file");
  }
  const chunks = chunksIn(bytes);
  const [, head] = chunks[0]!;
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const channels = CHANNELS[head[9]!]!;
  if (head[8] !== 8) throw new Error(`${head[8]} bits a channel`);
  const packed = chunks.filter(([name]) => name === "IDAT")
    .map(([, data]) => data.slice());
  const rows = new Uint8Array(
    await new Response(
      new Blob(packed).stream().pipeThrough(new DecompressionStream("deflate")),
    ).arrayBuffer(),
  );
  const length = 1 + width * channels;
  if (rows.length !== height * length) throw new Error("rows are missing");
  const pixels = Array.from({ length: height }, (_, y) => {
    const [filter, ...row] = rows.subarray(y * length, (y + 1) * length);
    if (filter !== 0) throw new Error(`row ${y} is filtered`);
    return row;
  });
  return { width, height, channels, pixels: new Uint8Array(pixels.flat()) };
}

function chunksIn(bytes: Uint8Array): [name: string, data: Uint8Array][] {
  const chunks: [string, Uint8Array][] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = SIGNATURE.length; at < bytes.length;) {
    const length = view.getUint32(at);
    const named = bytes.subarray(at + 4, at + 8 + length);
    if (view.getUint32(at + 8 + length) !== crc32(named)) {
      throw new Error(`the checksum of the chunk at ${at} is wrong`);
    }
    const name = new TextDecoder().decode(named.subarray(0, 4));
    chunks.push([name, named.subarray(4)]);
    at += 12 + length;
  }
  if (chunks.at(-1)?.[0] !== "IEND") throw new Error("it does not end");
  return chunks;
}

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
    }
  }
  return (sum ^ 0xffffffff) >>> 0;
}
