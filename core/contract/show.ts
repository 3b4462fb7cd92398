/**
 * Values as they appear in messages.
 *
 * @module
 */

/** Whether a value is an object of no class. */
export function isPlainObject(
  value: unknown,
): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const proto = Object.getPrototypeOf(value);
  return proto === Object.prototype || proto === null;
}

/** Whether a value is a class, which only `new` may call. */
export function isClass(value: unknown): value is { name?: unknown } {
  return typeof value === "function" &&
    /^class\b/.test(Function.prototype.toString.call(value));
}

/**
 * What code may call a function or a class by: its name, or `standard` if it
 * has none. A default export without one is named `default`.
 */
export function callName(
  { name }: { readonly name?: unknown },
  standard: string,
): string {
  return typeof name === "string" && !["", "default"].includes(name)
    ? name
    : standard;
}

/** What kind of value it is, in words. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** A value as it would stand in code, or what it is. Never throws, whatever the value does when looked at. */
export function show(value: unknown): string {
  try {
    return shown(value);
  } catch {
    return "a value that cannot be shown";
  }
}

function shown(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value) && !isPlainObject(value)) {
      const name = value.constructor?.name;
      return name ? `a ${name}` : "an object";
    }
    try {
      return JSON.stringify(value);
    } catch {
      return "an object";
    }
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
