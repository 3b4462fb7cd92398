/**
 * Values that nobody expects.
 *
 * @module
 */
import fc from "fast-check";

/** Words that are names of something, cannot be read, or leave a folder. */
export const NASTY_WORDS: readonly string[] = [
  ...[
    "",
    " ",
    "\t",
    "\n",
    "\0",
    "a\0b",
    "\r\n",
    '"',
    "'",
    "`",
    "\\",
    "\x1b[2J",
  ],
  ...["constructor", "__proto__", "toString", "hasOwnProperty", "prototype"],
  ...[
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    "-1",
    "0",
    "-0",
    "0x10",
    "1e-320",
  ],
  ...["null", "undefined", "true", "false", "[]", "{}", "[1", '{"a":1}', "a+b"],
  ...[
    "../x",
    "..",
    ".",
    "~",
    "C:\\x",
    "a/b",
    "a//b",
    "a\\b",
    "x/../../y",
    "./",
  ],
  ...["{epoch}", "{", "}", "{{", "{}", "{epoch:99999999999d}", "{loss:.400f}"],
  ...["--", "-", "-x", "--x=1", "a,b", "a=b", "a:b", "=", ":", ",", "%s", "*"],
  ...["é", "日本", "💥", "\u202e", "\ud800", "\ufeff", "a\u0301", "\u2028"],
  ...["loss", "val_loss", "accuracy", "val_accuracy", "epoch", "learning_rate"],
  ...["x".repeat(300), "x".repeat(5000), "../".repeat(40), "{".repeat(500)],
];

/** A word. */
export const word: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY_WORDS) },
  { weight: 1, arbitrary: fc.string() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
);

/** A number at an edge, or any. */
export const number: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, 0.5, -0.5, 1.5, 1e-320, 1e308, 3.4e39),
  fc.constantFrom(
    NaN,
    Infinity,
    -Infinity,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    -(2 ** 31),
  ),
  fc.integer({ min: -5, max: 20 }),
  fc.double(),
);

/** Thrown by a value: whoever looks at it hears of it, and that is fair. */
export class Own extends Error {
  /** Always `"Own"`. */
  override name = "Own";
}

class Strange {
  get loss(): never {
    throw new Own("a getter that throws");
  }
  toString(): string {
    throw new Own("toString throws");
  }
  toJSON(): never {
    throw new Own("toJSON throws");
  }
}

function circular(): object {
  const loop: Record<string, unknown> = { a: 1 };
  loop.self = loop;
  return loop;
}

const throwing = new Proxy({}, {
  get: () => {
    throw new Own("a proxy that throws");
  },
});

/** Objects that break whoever looks at them carelessly. */
const STRANGE: readonly unknown[] = [
  null,
  undefined,
  Symbol("strange"),
  10n,
  new Strange(),
  circular(),
  throwing,
  Object.create(null),
  Object.freeze([]),
  new Map([[1, 2]]),
  new Set([1]),
  new Date(NaN),
  /x/,
  new Float32Array(2),
  new ArrayBuffer(8),
  Strange,
  () => undefined,
  () => {
    throw new Own("a function that throws");
  },
  async () => {},
  function* () {},
  { then: 1 },
  { length: -1 },
  { name: 5 },
  new Error("an error as a value"),
];

/** Any value at all. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: word },
  { weight: 3, arbitrary: number },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 4, arbitrary: fc.constantFrom(...STRANGE) },
  { weight: 1, arbitrary: fc.anything() },
  { weight: 1, arbitrary: fc.array(fc.oneof(number, word), { maxLength: 4 }) },
);

/** What may be thrown. */
export const thrown: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(new Error("x"), new TypeError("y"), new Error("")),
  value,
);

/** An object with some of these keys, or others, and any values. */
export function record(
  keys: readonly string[],
  values: fc.Arbitrary<unknown> = value,
): fc.Arbitrary<Record<string, unknown>> {
  const key = keys.length
    ? fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...keys) }, {
      weight: 1,
      arbitrary: word,
    })
    : word;
  return fc.array(fc.tuple(key, values), { maxLength: 3 })
    .map((entries) => Object.fromEntries(entries));
}

/** Most often undefined. */
export function rarely<T>(
  arbitrary: fc.Arbitrary<T>,
  weight = 8,
): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { weight, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary },
  );
}
