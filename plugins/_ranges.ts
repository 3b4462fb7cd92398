/**
 * Range checks for options, with one wording.
 *
 * @module
 */
import { OptionError } from "../core/plugin.ts";
import { shown } from "./_shown.ts";

/**
 * Reject a number that is not an integer of at least `least`.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value Its value.
 * @param least The least value allowed.
 * @throws {OptionError} If it is out of range.
 */
export function checkInteger(
  plugin: string,
  option: string,
  value: number,
  least: number,
): void {
  if (Number.isInteger(value) && value >= least) return;
  throw outOfRange(plugin, option, `an integer >= ${least}`, value);
}

/**
 * Reject a number that is not finite or out of range.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value Its value.
 * @param holds Whether it is in range. Default: any finite number.
 * @param expected The range in words.
 * @throws {OptionError} If it is out of range, not finite or not a number.
 */
export function checkNumber(
  plugin: string,
  option: string,
  value: number,
  holds: (value: number) => boolean = () => true,
  expected = FINITE,
): void {
  const finite = Number.isFinite(value);
  if (finite && holds(value)) return;
  throw outOfRange(plugin, option, finite ? expected : FINITE, value);
}

/**
 * Reject a text that is not one of those known.
 *
 * @param plugin Name of the plugin.
 * @param option Name of the option.
 * @param value Its value.
 * @param known The texts it may be, at least two.
 * @throws {OptionError} If it is not one of them.
 */
export function checkOneOf(
  plugin: string,
  option: string,
  value: unknown,
  known: readonly string[],
): void {
  if (known.includes(value as string)) return;
  const names = known.map((name) => JSON.stringify(name));
  const expected = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
  throw outOfRange(plugin, option, expected, JSON.stringify(value));
}

const FINITE = "a finite number";

function outOfRange(
  plugin: string,
  option: string,
  expected: string,
  value: unknown,
): OptionError {
  return new OptionError(
    `Cannot create ${plugin} as '${option}' must be ${expected}: current value is ${
      shown(value)
    }`,
  );
}
