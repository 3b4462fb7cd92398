/**
 * What is right, whatever the input: it works, or it is refused with one of our
 * errors and a message for people; nothing is left behind.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { Wrong } from "./target.ts";
import { Own } from "./values.ts";

/** Our errors, by name. */
const KINDS = new Set([
  "InputError",
  "SetupError",
  "OptionError",
  "PluginError",
  "DataError",
  "ExperimentError",
  "FileError",
]);

/** No input takes this long, in milliseconds. */
const BOUND = 60_000;

/** What came of an input. */
export interface Verdict {
  /** For the table: `"fine"`, what the target returned, or the kind of error. */
  readonly kind: string;
  /** What is wrong; undefined if nothing is. */
  readonly wrong?: string | undefined;
}

/**
 * Judge an attempt.
 *
 * @param attempt What a user would do.
 * @param dir The folder it may write to.
 */
export async function judge(
  attempt: () => unknown,
  dir: string,
): Promise<Verdict> {
  const before = tf.memory().numTensors;
  const verdict = await outcomeOf(attempt);
  const wrong = verdict.wrong ?? tensorsProblem(before) ?? filesProblem(dir);
  return { ...verdict, wrong };
}

async function outcomeOf(attempt: () => unknown): Promise<Verdict> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Wrong(`it did not end within ${BOUND} ms`)),
      BOUND,
    );
  });
  try {
    const kind = await Promise.race([(async () => await attempt())(), bound]);
    return { kind: typeof kind === "string" ? kind : "fine" };
  } catch (error) {
    return errorVerdict(error);
  } finally {
    clearTimeout(timer);
  }
}

function errorVerdict(error: unknown): Verdict {
  if (!(error instanceof Error)) {
    return { kind: "thrown", wrong: "what was thrown is no error" };
  }
  const { name, message } = error;
  if (error instanceof Wrong) return { kind: "wrong", wrong: message };
  if (error instanceof Own) return { kind: "own" };
  if (!KINDS.has(name)) {
    return { kind: name, wrong: `${error.stack ?? message}` };
  }
  const wrong = messageProblem(error) ?? causeProblem(error);
  return { kind: name, wrong: wrong && `${wrong}: ${message}` };
}

/** A message is for people. What a user's code throws may be worth as little as `{}`. */
function messageProblem(
  { name, message, cause }: Error,
): string | undefined {
  if (typeof message !== "string" || message.trim() === "") {
    return "the message is empty";
  }
  if (/^\s+at .+:\d+:\d+\)?$/m.test(message)) return "the message has a stack";
  const theirs = name === "PluginError" ||
    (typeof cause === "object" && !(cause instanceof Error));
  if (!theirs && message.includes("[object ")) {
    return "the message shows no value";
  }
  return undefined;
}

const OURS = /\/(core|plugins)\/[\w/]+\.ts:\d+/;

/** How the engine words what nobody meant to throw. */
const RAW =
  /^(Cannot (read|set prop|destructure|convert|assign to|access|delete|mix|redefine|define|create prop|perform|add prop)|Invalid|Maximum|Reduce of|Converting|Object prototype|Method|Spread|The (number|comparison|iterator))\b.*|is not (a function|iterable|defined|a constructor|extensible|an object)|must be between|of (null|undefined)/;

/** What a user's code throws is its own; what the engine throws in ours is a bug, wrapped or not. */
function causeProblem({ cause }: Error): string | undefined {
  if (!(cause instanceof Error) || KINDS.has(cause.name)) return undefined;
  const raw = /^(Type|Range|Reference)Error$/.test(cause.name) &&
    RAW.test(cause.message);
  const frame = cause.stack?.split("\n").find((line) => /^\s+at /.test(line));
  return raw && frame && OURS.test(frame)
    ? `the cause is ours,${frame.trim().slice(2)}`
    : undefined;
}

function tensorsProblem(before: number): string | undefined {
  const more = tf.memory().numTensors - before;
  return more === 0 ? undefined : `${more} tensors are left`;
}

/** What is in a folder must be whole. */
export function filesProblem(dir: string): string | undefined {
  for (const { name, isDirectory } of Deno.readDirSync(dir)) {
    const path = `${dir}/${name}`;
    if (isDirectory) {
      const problem = filesProblem(path);
      if (problem) return problem;
    } else if (name.endsWith(".part")) return `${name} is left`;
    else if (name.endsWith(".json")) {
      try {
        JSON.parse(Deno.readTextFileSync(path));
      } catch (error) {
        return `${name} is not whole: ${(error as Error).message}`;
      }
    }
  }
  return undefined;
}
