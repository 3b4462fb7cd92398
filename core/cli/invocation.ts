/**
 * How the commands are given where the user is: as tasks in a project that has
 * them, otherwise as `deno run`. Texts name them as this package's own checkout
 * does, `deno task train`, and are put into the user's words where they are
 * shown.
 *
 * @module
 */
import { runLine, taskFor, TASKS } from "./tasks.ts";

/** Deno looks for them in this order. */
export const CONFIG_FILES: readonly string[] = ["deno.json", "deno.jsonc"];

const COMMAND = new RegExp(
  `\\bdeno task (${[...Object.keys(TASKS), "COMMAND"].join("|")})\\b`,
  "g",
);

/**
 * A text with every `deno task train` and its like as they can be given here.
 *
 * @param text A help, a hint, a message.
 */
export function asHere(text: string): string {
  if (text.search(COMMAND) < 0) return text;
  const tasks = readTasks();
  const hasTasks = taskFor("train", tasks) !== undefined;
  return text.replaceAll(COMMAND, (_, name: string) => {
    const task = hasTasks && name === "COMMAND" ? name : taskFor(name, tasks);
    return task === undefined ? runLine(name) : `deno task ${task}`;
  });
}

/**
 * What to do about a permission that is missing.
 *
 * @param flag Such as `--allow-net=example.com`.
 */
export function permissionAdvice(flag: string): string {
  const inTasks = taskFor("train", readTasks()) !== undefined;
  return `run with ${flag}${
    inTasks ? ", or add it to the task in deno.json" : ""
  }`;
}

/** None where there is no config, or it may not be read: the user is not asked for this. */
function readTasks(): Readonly<Record<string, unknown>> {
  for (const path of CONFIG_FILES) {
    const { state } = Deno.permissions.querySync({ name: "read", path });
    if (state !== "granted") continue;
    try {
      return JSON.parse(plainJson(Deno.readTextFileSync(path))).tasks ?? {};
    } catch {
      // The next one.
    }
  }
  return {};
}

/** JSON without the comments and the trailing commas that Deno allows. */
function plainJson(text: string): string {
  const keepStrings = (_: string, string = "") => string;
  return text
    .replaceAll(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*.*?\*\//gs, keepStrings)
    .replaceAll(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, keepStrings);
}
