/**
 * What a project's `deno.json` lacks, added to its text: comments and formatting
 * stay, and nothing that is there is changed.
 *
 * @module
 */
import {
  findNodeAtLocation,
  type Node,
  parse,
  type ParseError,
  parseTree,
  printParseErrorCode,
  stripComments,
} from "jsonc-parser";
import own from "../../../deno.json" with { type: "json" };
import { InputError } from "../../errors.ts";
import { taskFor, TASKS } from "../tasks.ts";

/** What the user has to add. */
export interface ByHand {
  /** Lines of JSON. */
  readonly entries: readonly string[];
  /** Why they could not be added. */
  readonly why: string;
}

/** A config that has all it needs, as far as that goes. */
export interface Merged {
  /** Its text; undefined if it has all already. */
  readonly text: string | undefined;
  /** What was added, in words. */
  readonly added: readonly string[];
  /** What was not. */
  readonly byHand: ByHand;
}

type Table = Readonly<Record<string, unknown>>;

/** What a project needs, in the words of its own tests. */
const TEST_TASK = {
  description: "All tests",
  command: "deno test --no-prompt",
};

const IMPORTS: Table = {
  [own.name]: `jsr:${own.name}@^${own.version}`,
  "@std/assert": own.imports["@std/assert"],
  "@tensorflow/tfjs": own.imports["@tensorflow/tfjs"],
};

/** For a config of its own: nothing that hookloop loads needs this script. */
const NEW = { allowScripts: own.allowScripts };

/**
 * Add what is missing.
 *
 * @param text The config as it is; undefined if there is none.
 * @param path Its path, for messages.
 * @throws {InputError} If it is not what Deno could read.
 */
export function mergeConfig(text: string | undefined, path: string): Merged {
  const config = text === undefined ? NEW : readConfig(text, path);
  const tasks = table(config, "tasks", path);
  const imports = table(config, "imports", path);
  const elsewhere = "importMap" in config;
  const additions: [place: [string, string], value: unknown][] = [];
  const entries: string[] = [];
  const taken: string[] = [];

  for (const [name, task] of Object.entries(TASKS)) {
    if (taskFor(name, tasks) !== undefined) continue;
    if (!(name in tasks)) additions.push([["tasks", name], task]);
    else {
      taken.push(`the task "${name}" is another one`);
      entries.push(`"hookloop-${name}": ${JSON.stringify(task.command)}`);
    }
  }
  if (!("test" in tasks)) additions.push([["tasks", "test"], TEST_TASK]);
  for (const [name, target] of Object.entries(IMPORTS)) {
    if (name in imports) continue;
    if (!elsewhere) additions.push([["imports", name], target]);
    else entries.push(`"${name}": ${JSON.stringify(target)}`);
  }
  if (elsewhere) taken.push(`its imports are in ${config.importMap}`);

  return {
    text: additions.length || text === undefined
      ? additions.reduce(add, text ?? `${JSON.stringify(NEW, null, 2)}\n`)
      : undefined,
    added: ["tasks", "imports"].flatMap((part) => {
      const names = additions.filter(([[to]]) => to === part)
        .map(([[, name]]) => name);
      return names.length ? [`${part} ${names.join(", ")}`] : [];
    }),
    byHand: { entries, why: taken.join(", ") },
  };
}

function readConfig(text: string, path: string): Table {
  const errors: ParseError[] = [];
  const config = parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first) {
    const line = text.slice(0, first.offset).split("\n").length;
    throw new InputError(
      `Cannot read ${path}: ${
        printParseErrorCode(first.error)
      } in line ${line}; correct it first`,
    );
  }
  if (isTable(config)) return config;
  throw new InputError(
    `Cannot add tasks to ${path}: it is not an object; correct it first`,
  );
}

function table(config: Table, name: string, path: string): Table {
  const value = config[name] ?? {};
  if (isTable(value)) return value;
  throw new InputError(
    `Cannot add to ${path}: its '${name}' is not an object; correct it first`,
  );
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function add(
  text: string,
  [[part, name], value]: readonly [[string, string], unknown],
): string {
  const root = parseTree(text)!;
  const object = findNodeAtLocation(root, [part]);
  return object
    ? addProperty(text, object, name, value)
    : addProperty(text, root, part, { [name]: value });
}

/** At the end of the object, behind the comments that are there. */
function addProperty(
  text: string,
  { offset, length, children }: Node,
  name: string,
  value: unknown,
): string {
  const last = children?.at(-1);
  const from = last ? last.offset + last.length : offset + 1;
  const to = offset + length - 1;
  const gap = text.slice(from, to);
  const hasComma = stripComments(gap).includes(",");
  const kept = gap.trimEnd();
  const [, step = "  "] = /^([ \t]+)\S/m.exec(text) ?? [];
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const [outer = ""] = /^[ \t]*/.exec(lineOf(text, offset)) ?? [];
  const lines = `${JSON.stringify(name)}: ${JSON.stringify(value, null, step)}`;
  const own = `\n${lines}`.replaceAll("\n", eol + outer + step);
  const end = gap.includes("\n") ? gap.slice(kept.length) : eol + outer;
  return text.slice(0, from) + (last && !hasComma ? "," : "") + kept + own +
    (hasComma ? "," : "") + end + text.slice(to);
}

function lineOf(text: string, offset: number): string {
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
}
