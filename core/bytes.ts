/**
 * Bytes one after the other.
 *
 * @module
 */

/** All of them in one piece: many times faster than a `Blob`. */
export function joined(
  pieces: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
