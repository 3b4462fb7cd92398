/**
 * TFRecord framing: each record stands between its length and checksums, so that
 * a reader knows where a file that is still written, or was cut, ends.
 *
 * @module
 */
import { crc32c } from "./crc32c.ts";

/** Bytes before the data: its length, 64 bits, and the checksum of that. */
const HEAD = 12;

/** Bytes behind the data: its checksum. */
const TAIL = 4;

/**
 * A record, framed.
 *
 * @param data What it holds.
 */
export function tfRecord(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD + data.length + TAIL);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(crc32c(bytes.subarray(0, 8))), true);
  bytes.set(data, HEAD);
  view.setUint32(HEAD + data.length, masked(crc32c(data)), true);
  return bytes;
}

/** Turned and moved, as a checksum of data that holds checksums would be weak. */
function masked(sum: number): number {
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}
