/**
 * Flags from one table: parsing, help and did-you-mean all derive from it.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { InputError } from "../errors.ts";
import { didYouMean } from "../did_you_mean.ts";

/** A flag. */
export interface Flag {
  /** Name without the dashes. */
  readonly name: string;
  /** The kind of value it takes. */
  readonly kind: "switch" | "text" | "count" | "number" | "list";
  /** Placeholder for the value in the help. */
  readonly value?: string;
  /** Whether its value may be left out: then it is `""`. Default false. */
  readonly optional?: boolean;
  /** One line of help. */
  readonly help: string;
}

/** The flag that every command has. */
export const HELP_FLAG: Flag = {
  name: "help",
  kind: "switch",
  help: "print this help",
};

/** What was given: flags by name, and the words between them. */
export interface Given {
  /** By name; a flag that was not given is missing. */
  readonly flags: Readonly<
    Record<string, string | number | boolean | string[]>
  >;
  /** The other words. */
  readonly words: readonly string[];
}

/**
 * Read arguments.
 *
 * @throws {InputError} If a flag is unknown, or its value is of the wrong kind.
 */
export function readFlags(
  args: readonly string[],
  table: readonly Flag[],
): Given {
  checkFlags(args, table);
  const named = (kinds: readonly Flag["kind"][]) =>
    table.filter(({ kind }) => kinds.includes(kind)).map(({ name }) => name);
  const parsed = parseArgs([...args], {
    string: ["_", ...named(["text", "count", "number", "list"])],
    boolean: named(["switch"]),
    collect: named(["list"]),
    alias: { help: "h" },
  });
  const flags: Record<string, string | number | boolean | string[]> = {};
  for (const flag of table) {
    const value = parsed[flag.name];
    if (value === undefined || value === false) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    flags[flag.name] = readValue(flag, value as string | boolean | string[]);
  }
  return { flags, words: parsed._.map(String) };
}

/** Whatever begins with `-` is a flag, up to a lone `--`: the parser takes more than the table has. */
function checkFlags(args: readonly string[], table: readonly Flag[]): void {
  const end = args.indexOf("--");
  for (const arg of end < 0 ? args : args.slice(0, end)) {
    if (!arg.startsWith("-") || arg === "-" || arg === "-h") continue;
    if (/^-[\d.]/.test(arg)) {
      throw new InputError(
        `Cannot tell "${arg}" from a flag: write a negative value with =, such as --learning-rate=${arg}`,
      );
    }
    const [written = "", ...value] = arg.split("=");
    const flag = table.find(({ name }) => written === `--${name}`);
    if (!flag) throw unknownFlag(written, table);
    if (flag.kind === "switch" && value.length) {
      throw new InputError(
        `Flag "${written}" takes no value: leave "=${value.join("=")}" out`,
      );
    }
  }
}

function unknownFlag(written: string, table: readonly Flag[]): InputError {
  const bare = written.replace(/^-+(no-)?/, "");
  const near = didYouMean(bare, table.map(({ name }) => name));
  return new InputError(
    `Unknown flag "${written}"${
      near ? `, did you mean "--${near}"?` : ": --help lists them"
    }`,
  );
}

/**
 * The help for some flags, one per line.
 */
export function flagsHelp(table: readonly Flag[]): string {
  const heads = table.map(({ name, value }) =>
    `  --${name}${value ? ` ${value}` : ""}`
  );
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  return table.map(({ help }, i) => heads[i]!.padEnd(width) + help).join("\n");
}

function readValue(
  { name, kind, optional }: Flag,
  value: string | boolean | string[],
): string | number | boolean | string[] {
  if (kind === "switch") return true;
  if (kind === "list") {
    if ((value as string[]).every(Boolean)) return value as string[];
    throw new InputError(`Flag "--${name}" takes a value`);
  }
  const text = Array.isArray(value) ? value.at(-1)! : String(value);
  if (text === "" && optional) return text;
  if (text === "") throw new InputError(`Flag "--${name}" takes a value`);
  if (kind === "text") return text;
  const number = Number(text);
  const good = kind === "count"
    ? Number.isSafeInteger(number) && number >= 0
    : Number.isFinite(number);
  if (good && text.trim() !== "") return number;
  throw new InputError(
    `Flag "--${name}" takes ${
      kind === "count" ? "an integer >= 0" : "a number"
    }: current value is "${text}"`,
  );
}
