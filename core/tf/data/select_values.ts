/**
 * The values for each input or output of a model, out of the forms in which
 * they can be given.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { suggestion } from "../../did_you_mean.ts";
import { isTensor, isTypedArray, type Values, type ValuesOf } from "./forms.ts";
import type { Port } from "./tensor_spec.ts";

/**
 * One entry for each port, in the ports' order.
 *
 * @param given Values, a list of them, or an object of them by name.
 * @param ports The inputs or the outputs.
 * @param role What to call them in messages: `"x"`, `"y"` or `"sampleWeight"`.
 * @throws {InputError} If there are too many or too few, or a name is unknown.
 */
export function selectValues(
  given: ValuesOf,
  ports: readonly Port[],
  role: string,
): Values[] {
  if (isTensor(given) || isTypedArray(given)) {
    if (ports.length === 1) return [given];
    throw wrongNumber(1, ports, role);
  }
  if (Array.isArray(given)) return fromList(given, ports, role);
  if (typeof given === "object" && given !== null) {
    return fromRecord(given as Record<string, Values>, ports, role);
  }
  throw new InputError(
    `Cannot use ${role}: it must be a tensor, a typed array or nested arrays, current value is ${given}`,
  );
}

function fromList(
  given: readonly Values[],
  ports: readonly Port[],
  role: string,
): Values[] {
  // A list for a model with one input is nested arrays, unless it holds tensors.
  if (ports.length === 1 && !isTensor(given[0])) return [given as Values];
  if (given.length === ports.length) return [...given];
  throw wrongNumber(given.length, ports, role);
}

function fromRecord(
  given: Readonly<Record<string, Values>>,
  ports: readonly Port[],
  role: string,
): Values[] {
  const names = ports.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new InputError(
      `Cannot use ${role}: the model has no ${kindOf(ports)} "${name}"${
        suggestion(name, names)
      } (it has ${list(names)})`,
    );
  }
  return names.map((name) => {
    const values = given[name];
    if (values !== undefined) return values;
    throw new InputError(
      `Cannot use ${role}: nothing is given for ${kindOf(ports)} "${name}"`,
    );
  });
}

function wrongNumber(
  got: number,
  ports: readonly Port[],
  role: string,
): InputError {
  const names = list(ports.map(({ name }) => name));
  const wanted = ports.length === 1
    ? `1 ${kindOf(ports)}`
    : `${ports.length} ${kindOf(ports)}s`;
  return new InputError(
    `Cannot use ${role}: the model has ${wanted} (${names}), ${role} has ${got}; give a list in this order or an object by name`,
  );
}

function kindOf(ports: readonly Port[]): string {
  return ports[0]?.role === "y" ? "output" : "input";
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
