/**
 * How the commands are given where the user is: as tasks in a project that has
 * them, otherwise as `deno run`. Texts name them as this package's own checkout
 * does, `deno task train`, and are put into the user's words where they are
 * shown.
 *
 * @module
 */
import { projectConfig } from "./project.ts";
import { runLine, taskFor, TASKS } from "./tasks.ts";

const COMMAND = new RegExp(
  `\\bdeno task (${[...Object.keys(TASKS), "init", "COMMAND"].join("|")})\\b`,
  "g",
);

/**
 * A text with every `deno task train` and its like as they can be given here.
 *
 * @param text A help, a hint, a message.
 */
export function asHere(text: string): string {
  if (text.search(COMMAND) < 0) return text;
  const { tasks = {} } = projectConfig();
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
  const { tasks = {} } = projectConfig();
  const inTasks = taskFor("train", tasks) !== undefined;
  return `run with ${flag}${
    inTasks ? ", or add it to the task in deno.json" : ""
  }`;
}
