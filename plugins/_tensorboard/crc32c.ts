/**
 * CRC-32C (Castagnoli), the checksum of TFRecord files.
 *
 * @module
 */

/** The reversed polynomial of RFC 3720. */
const POLYNOMIAL = 0x82f63b78;

/** The checksum of each byte alone. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) {
    sum = sum & 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1;
  }
  return sum;
});

/**
 * The checksum of some bytes.
 *
 * @returns An unsigned 32-bit integer.
 */
export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) {
    sum = TABLE[(sum ^ bytes[at]!) & 0xff]! ^ (sum >>> 8);
  }
  return (sum ^ 0xffffffff) >>> 0;
}
