/**
 * The flags of every command that runs an experiment.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Flag } from "../flags.ts";

/** Which folder to take plugins from. */
export const PLUGINS_FLAG: Flag = {
  name: "plugins",
  kind: "text",
  value: "DIR",
  help: "folder of plugins (default plugins)",
};

/** The flags. */
export const EXPERIMENT_FLAGS: readonly Flag[] = [
  {
    name: "data",
    kind: "text",
    value: "NAME|PATH",
    help: "digits, exotic, mnist, fashion-mnist, a folder of IDX files, a .csv",
  },
  {
    name: "label",
    kind: "text",
    value: "COLUMN",
    help: "label column of a CSV: its name, or its index from 0",
  },
  {
    name: "separator",
    kind: "text",
    value: "CHARACTER",
    help: "what separates the columns of a CSV, if not , ; or tab",
  },
  {
    name: "no-header",
    kind: "switch",
    help: "the first row of a CSV is a sample, not the names of the columns",
  },
  {
    name: "validation-split",
    kind: "number",
    value: "X",
    help:
      "fraction of the training samples to validate with, in place of the data's own",
  },
  {
    name: "backend",
    kind: "text",
    value: "NAME",
    help: "auto (default), wasm, cpu or webgpu",
  },
  {
    name: "threads",
    kind: "count",
    value: "N",
    help:
      "threads of the wasm backend (default: the number of cores, at most 4)",
  },
  {
    name: "seed",
    kind: "count",
    value: "N",
    help: "seed of everything random (default 42)",
  },
  {
    name: "use",
    kind: "list",
    value: "NAME:OPT=VALUE,…",
    help:
      "use a plugin with these options (a list: KEYS=a+b), or shadow:NAME:… on trial; may be repeated",
  },
  {
    name: "without",
    kind: "list",
    value: "NAME,…",
    help: "leave plugins out: names, or files of the folder; may be repeated",
  },
  {
    name: "isolate",
    kind: "list",
    value: "NAME|all",
    help:
      "run a plugin of the folder in a worker without permissions (Deno asks for --unstable-worker-options)",
  },
  PLUGINS_FLAG,
];

/**
 * The one file given.
 *
 * @param action What would be done with it, such as `"train"`.
 * @throws {InputError} If more than one is given.
 */
export function oneFile(
  action: string,
  words: readonly string[],
): string | undefined {
  if (words.length <= 1) return words[0];
  throw new InputError(
    `Cannot ${action} two experiments at once: ${
      words.join(", ")
    }; give one file`,
  );
}
