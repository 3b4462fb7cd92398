/**
 * The commands as tasks: what this package's own `deno.json` says of each, which
 * is also what `init` writes into other projects.
 *
 * @module
 */
import config from "../../deno.json" with { type: "json" };

/** A task of a `deno.json`. */
export interface Task {
  /** What it does, in a line. */
  readonly description: string;
  /** What it runs, with the permissions that it needs. */
  readonly command: string;
}

/** The command line's module here, and wherever the package is installed. */
const [HERE, INSTALLED] = ["core/cli/main.ts", "@hookloop/hookloop/cli"];

/** The tasks of a project that has the package among its imports, by name of the command. */
export const TASKS: Readonly<Record<string, Task>> = Object.fromEntries(
  Object.entries(config.tasks)
    .filter(([, { command }]) => command.includes(` ${HERE} `))
    .map(([name, { description, command }]) => [
      name,
      { description, command: command.replace(HERE, INSTALLED) },
    ]),
);

/** Deno's short flags. */
const SHORT: Readonly<Record<string, string>> = {
  read: "-R",
  write: "-W",
  net: "-N",
  sys: "-S",
  env: "-E",
  run: "--allow-run",
  import: "-I",
};

/**
 * A command without a task, as short as it goes: only downloads need the net.
 *
 * @param name Name of the command.
 */
export function runLine(name: string): string {
  if (name === "init") return `deno run -R=. -W=. jsr:${INSTALLED} init`;
  const given = TASKS[name]?.command.split(" ") ?? [];
  const flags = given.flatMap((word) => {
    const [, kind = "", which = ""] = /^--allow-(\w+)(=.*)?$/.exec(word) ?? [];
    return kind && kind !== "net" ? [`${SHORT[kind]}${which}`] : [];
  });
  return ["deno run", ...flags, `jsr:${INSTALLED}`, name].join(" ");
}

/**
 * The task that runs a command.
 *
 * @param name Name of the command.
 * @param tasks The tasks of a `deno.json`.
 * @returns Its name; undefined if there is none.
 */
export function taskFor(
  name: string,
  tasks: Readonly<Record<string, unknown>>,
): string | undefined {
  const names = Object.keys(tasks).filter((own) => runs(tasks[own], name));
  return names.find((own) => own === name) ?? names[0];
}

function runs(task: unknown, name: string): boolean {
  const line = typeof task === "string"
    ? task
    : String((task as Partial<Task> | null)?.command);
  const [, command] = CALL.exec(line) ?? [];
  return command === name;
}

const CALL =
  /(?:@hookloop\/hookloop(?:@[^\s/]+)?\/cli|core\/cli\/main\.ts)["']? +([\w-]+)/;
