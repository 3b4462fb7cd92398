/**
 * Whether a plugin's state is plain data, which can be saved and put back.
 *
 * @module
 */
import { isPlainObject, show } from "./show.ts";

const EXPECTED_STATE =
  "expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these";

/** Why a state is not plain data; undefined if it is, or there is none. */
export function stateProblem(state: unknown): string | undefined {
  if (state === undefined) return undefined;
  if (!isPlainObject(state)) {
    return `has a state that is ${show(state)}: expected an object`;
  }
  return dataProblem(state, "state", []);
}

function dataProblem(
  value: unknown,
  path: string,
  around: readonly unknown[],
): string | undefined {
  const simple = value === null || ArrayBuffer.isView(value) ||
    value instanceof ArrayBuffer || value instanceof Date ||
    ["number", "string", "boolean", "undefined", "bigint"].includes(
      typeof value,
    );
  if (simple) return undefined;
  if (around.includes(value)) {
    return `has a state whose "${path}" holds itself: ${EXPECTED_STATE}`;
  }
  const parts = partsOf(value);
  if (!parts) {
    return `has a state whose "${path}" is ${show(value)}: ${EXPECTED_STATE}`;
  }
  for (const [key, part] of parts) {
    const problem = dataProblem(part, `${path}.${key}`, [...around, value]);
    if (problem) return problem;
  }
  return undefined;
}

/** What a value holds, each with its key; undefined if it is not of this kind. */
function partsOf(value: unknown): [string, unknown][] | undefined {
  // Both keys and values are kept.
  if (value instanceof Map) return Object.entries([...value].flat(1));
  if (value instanceof Set) return Object.entries([...value]);
  const listed = Array.isArray(value) || isPlainObject(value);
  return listed ? Object.entries(value) : undefined;
}
