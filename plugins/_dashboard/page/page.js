// @ts-check
/// <reference lib="dom" />
/**
 * The parts of the page that the others fill.
 *
 * @module
 */

/**
 * The element with an id.
 *
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export function byId(id) {
  return /** @type {T} */ (document.getElementById(id));
}
