// @ts-check
/**
 * How the page writes numbers and spans of time.
 *
 * @module
 */

/**
 * A number in four digits, such as 0.06642, 1,234 or 1.2e-7.
 *
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function number(value) {
  if (value === null || value === undefined) return "–";
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) {
    return value.toExponential(3).replace(/\.?0+e/, "e");
  }
  if (size >= 1000) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(4)));
}

/**
 * A number in a column: with its last zeros, so that points stand below points.
 *
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function column(value) {
  const size = Math.abs(value ?? 0);
  return typeof value === "number" && size >= 1e-3 && size < 1000
    ? value.toPrecision(4)
    : number(value);
}

/**
 * A number of which three digits say enough, such as 141 or 0.12.
 *
 * @param {number | null | undefined} value
 * @returns {string}
 */
export function rate(value) {
  return typeof value === "number"
    ? number(Number(value.toPrecision(3)))
    : number(value);
}

/**
 * Bytes in the unit that suits them, such as 12.5 MB.
 *
 * @param {number | null | undefined} bytes
 * @returns {string}
 */
export function size(bytes) {
  if (bytes === null || bytes === undefined) return "–";
  const units = ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}

/**
 * A span of time in at most two units, such as 2 min 5 s.
 *
 * @param {number} ms
 * @returns {string}
 */
export function span(ms) {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A time since the start as a clock has it, such as 1:02:03.
 *
 * @param {number} ms
 * @returns {string}
 */
export function clock(ms) {
  const seconds = Math.floor(ms / 1000);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0
    ? `${minutes}:${two(seconds % 60)}`
    : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}
