/**
 * Bold and dim text, where a terminal shows them.
 *
 * @module
 */

/** How text is set. */
export interface Style {
  /** Of more weight. */
  readonly bold: (text: string) => string;
  /** Of less weight. */
  readonly dim: (text: string) => string;
}

const as = (code: number) => (text: string) =>
  text === "" ? "" : `\x1b[${code}m${text}\x1b[0m`;

/** Text as it is. */
export const PLAIN: Style = { bold: (text) => text, dim: (text) => text };

const COLORS: Style = { bold: as(1), dim: as(2) };

/**
 * The style of a terminal.
 *
 * @param terminal Whether it shows colours.
 */
export function styleOf(
  { colors }: { readonly colors?: boolean | undefined },
): Style {
  return colors ? COLORS : PLAIN;
}
