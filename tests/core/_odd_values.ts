/**
 * Values of every kind that an option might be given by mistake.
 *
 * @module
 */

/** What they are called in messages -> the value. */
export const ODD_VALUES: readonly unknown[] = [
  5,
  -1,
  0,
  0.5,
  NaN,
  1n,
  "x",
  "",
  "constructor",
  true,
  false,
  null,
  [],
  [[]],
  [5],
  ["x"],
  [() => {}],
  {},
  { a: 1 },
  { 0: "x" },
  new Map(),
  new Date(0),
  () => {},
  Symbol("s"),
];

/** A value for the name of a test step. */
export function named(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `${value.constructor.name} ${JSON.stringify(value)}`
    : `${typeof value} ${String(value)}`;
}
