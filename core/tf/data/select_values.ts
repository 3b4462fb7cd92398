/**
 * The values for each input or output of a model, from any form in which they
 * can be given.
 *
 * @module
 */
import { show } from "../../contract/show.ts";
import { InputError } from "../../errors.ts";
import { suggestion } from "../../did_you_mean.ts";
import {
  isTensor,
  isTypedArray,
  type ModelData,
  type TensorData,
} from "./forms.ts";
import type { TensorSpec } from "./tensor_spec.ts";

/**
 * One entry per input or output, in the order of the specs.
 *
 * @param given Samples, a list of them, or an object of them by name.
 * @param specs What the inputs or the outputs expect.
 * @param role Their name in messages: `"x"`, `"y"` or `"sampleWeight"`.
 * @throws {InputError} If there are too many or too few, or a name is unknown.
 */
export function selectValues(
  given: ModelData,
  specs: readonly TensorSpec[],
  role: string,
): TensorData[] {
  if (isTensor(given) || isTypedArray(given)) {
    if (specs.length === 1) return [given];
    throw wrongNumber(1, specs, role);
  }
  if (Array.isArray(given)) return fromList(given, specs, role);
  if (typeof given === "object" && given !== null) {
    return fromRecord(given as Record<string, TensorData>, specs, role);
  }
  throw new InputError(
    `Cannot use ${role}: it must be a tensor, a typed array or nested arrays, current value is ${
      show(given)
    }`,
  );
}

function fromList(
  given: readonly TensorData[],
  specs: readonly TensorSpec[],
  role: string,
): TensorData[] {
  // For a model with one input, a list is nested arrays, unless it holds
  // tensors.
  if (specs.length === 1 && !isTensor(given[0])) return [given as TensorData];
  if (given.length === specs.length) return [...given];
  throw wrongNumber(given.length, specs, role);
}

function fromRecord(
  given: Readonly<Record<string, TensorData>>,
  specs: readonly TensorSpec[],
  role: string,
): TensorData[] {
  const names = specs.map(({ name }) => name);
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    throw new InputError(
      `Cannot use ${role}: the model has no ${kindOf(specs)} "${name}"${
        suggestion(name, names)
      } (it has ${list(names)})`,
    );
  }
  return names.map((name) => {
    const values = given[name];
    if (values !== undefined) return values;
    throw new InputError(
      `Cannot use ${role}: nothing is given for ${kindOf(specs)} "${name}"`,
    );
  });
}

function wrongNumber(
  got: number,
  specs: readonly TensorSpec[],
  role: string,
): InputError {
  const names = list(specs.map(({ name }) => name));
  const wanted = specs.length === 1
    ? `1 ${kindOf(specs)}`
    : `${specs.length} ${kindOf(specs)}s`;
  return new InputError(
    `Cannot use ${role}: the model has ${wanted} (${names}), ${role} has ${got}; give a list in this order or an object by name`,
  );
}

function kindOf(specs: readonly TensorSpec[]): string {
  return specs[0]?.role === "y" ? "output" : "input";
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
