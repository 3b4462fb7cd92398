/**
 * The command that repeats a run.
 *
 * @module
 */
import { isObject, objects, text, texts } from "./plain_facts.ts";
import type { Facts } from "./run_record.ts";

/** Flags that say where a run is, which the next one cannot be too; with their values. */
const OF_PLACE: Readonly<Record<string, boolean>> = {
  "--overwrite": false,
  "--resume-anyway": false,
  "--resume": true,
  "--run-dir": true,
};

/**
 * The command that repeats a run: as it was given, save for the folder, with the
 * seed and the backend that it had, and to the epoch that it went on to.
 *
 * @param facts The facts of its record.
 * @returns Undefined if they do not say how it was begun.
 */
export function repeatCommand(facts: Facts): string | undefined {
  const [command, ...given] = texts(facts.command);
  if (command !== "train") return undefined;
  const args: string[] = [];
  for (let i = 0; i < given.length; i++) {
    const [flag = "", ...value] = given[i]!.split("=");
    const takes = OF_PLACE[flag];
    if (takes === undefined) args.push(given[i]!);
    else if (takes && !value.length && !given[i + 1]?.startsWith("-")) i++;
  }
  const epochs = epochsOnResume(facts);
  if (epochs !== undefined) setFlag(args, "--epochs", epochs);
  const has = (flag: string) =>
    args.some((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const seed = Number.isSafeInteger(facts.seed)
    ? String(facts.seed)
    : undefined;
  const backend = text(facts.backend);
  const settled = [
    ...seed !== undefined && !has("--seed") ? ["--seed", seed] : [],
    ...backend && !has("--backend") ? ["--backend", backend] : [],
  ];
  return ["deno task train", ...[...args, ...settled].map(quoted)].join(" ");
}

/** To which epoch it was to go when it went on, if that was said then. */
function epochsOnResume({ resumed, params }: Facts): string | undefined {
  const said = objects(resumed).some(({ command }) =>
    texts(command).some((word) => /^--epochs(=|$)/.test(word))
  );
  const epochs = isObject(params) ? params.epochs : undefined;
  return said && Number.isSafeInteger(epochs) ? String(epochs) : undefined;
}

function setFlag(args: string[], flag: string, value: string): void {
  const at = args.indexOf(flag);
  const joined = args.findIndex((arg) => arg.startsWith(`${flag}=`));
  if (at >= 0) args[at + 1] = value;
  else if (joined >= 0) args[joined] = `${flag}=${value}`;
  else args.push(flag, value);
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word)
    ? word
    : `'${word.replaceAll("'", `'\\''`)}'`;
}
