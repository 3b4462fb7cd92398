/**
 * By which a damaged file is told from a whole one.
 *
 * @module
 */
import { createHash } from "node:crypto";

/** SHA-256 of bytes, in hexadecimal digits. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/** The same at once, of bytes or text, or of pieces one after the other. */
export function sha256Sync(
  ...pieces: readonly (Uint8Array | string)[]
): string {
  const hash = createHash("sha256");
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
}
