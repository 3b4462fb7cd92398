/**
 * Which operator or method stands in the place of which.
 *
 * @module
 */

/** Operator -> what it is swapped for. */
export const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "**": ["*"],
  "+=": ["-="],
  "-=": ["+="],
  "*=": ["/="],
  "/=": ["*="],
  "??=": ["="],
};

/** Operators of which one side is left. */
export const LOGICAL: readonly string[] = ["&&", "||", "??"];

/** Method -> the one called in its place. */
export const METHODS: Readonly<Record<string, string>> = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
  indexOf: "lastIndexOf",
  lastIndexOf: "indexOf",
};

/** Methods that are left out: what they were called on stays. */
export const DROPPED: readonly string[] = [
  "filter",
  "flat",
  "reverse",
  "slice",
  "sort",
  "toSorted",
  "trim",
];
