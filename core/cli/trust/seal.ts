/**
 * Globals that plugins can no longer change.
 *
 * @module
 */

/** tf.js puts a `Worker` of its own in place for a moment while wasm starts. */
const LEFT: readonly PropertyKey[] = ["Worker"];

/**
 * What programs assign on objects of their own: read-only on a prototype, that
 * would throw. There it becomes an accessor that sets it on the object, but not
 * on the prototype.
 */
const OVERRIDDEN: readonly PropertyKey[] = [
  "constructor",
  "message",
  "name",
  "toJSON",
  "toLocaleString",
  "toString",
  "valueOf",
];

/**
 * Make the globals read-only: their bindings, `Deno`, and the built-in functions
 * with their prototypes. New globals may still be added. Array, Map, Promise and
 * the other classes with a `Symbol.species` are left as they are: the engine is
 * several times slower on arrays once they have been touched.
 */
export function sealGlobals(): void {
  const spaces = [Deno, Deno.permissions, Deno.env, Deno.errors];
  for (const space of [...spaces, JSON, Math, Reflect, Atomics]) seal(space);
  for (const key of Reflect.ownKeys(globalThis)) {
    if (LEFT.includes(key)) continue;
    const value = classOf(key);
    if (typeof value === "function" && !(Symbol.species in value)) {
      if (value.prototype) seal(value.prototype, OVERRIDDEN);
      seal(value);
    }
    lock(globalThis, key);
  }
}

/** The class or function of a name; a class that Deno makes when it is first asked for is there from now on. */
function classOf(key: PropertyKey): unknown {
  const { value, get } = Object.getOwnPropertyDescriptor(globalThis, key)!;
  if (!get || typeof key !== "string" || !/^[A-Z]/.test(key)) return value;
  const made = get.call(globalThis);
  Object.defineProperty(globalThis, key, { value: made, writable: true });
  return made;
}

/** Its properties stay as they are, and none is added. */
function seal(target: object, overridden: readonly PropertyKey[] = []): void {
  for (const key of Reflect.ownKeys(target)) {
    if (overridden.includes(key)) makeOverridable(target, key);
    lock(target, key);
  }
  Object.preventExtensions(target);
}

function lock(target: object, key: PropertyKey): void {
  const { configurable, writable } = Object.getOwnPropertyDescriptor(
    target,
    key,
  )!;
  if (configurable) Object.defineProperty(target, key, { configurable: false });
  if (writable) Object.defineProperty(target, key, { writable: false });
}

function makeOverridable(target: object, key: PropertyKey): void {
  const { value, writable, configurable } = Object.getOwnPropertyDescriptor(
    target,
    key,
  )!;
  if (!writable || !configurable) return;
  Object.defineProperty(target, key, {
    get: () => value,
    set(this: object, own: unknown) {
      if (this === target) {
        throw new TypeError(
          `Cannot assign to read only property '${String(key)}'`,
        );
      }
      Object.defineProperty(this, key, {
        value: own,
        writable: true,
        enumerable: true,
        configurable: true,
      });
    },
  });
}
