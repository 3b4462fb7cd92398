/**
 * Paths of a run's files, each in one way: from the run's folder, or absolute.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { existsSync, isFolderSync, pathIn } from "../../files.ts";
import { pathProblem } from "../../plugin.ts";

/** Folder in that of a run where its backups are. */
export const BACKUP_FOLDER = "backup";

/**
 * The one name of a path among the run's files.
 *
 * @param dir The run's folder.
 * @param path The path as it stands, seen from the working folder.
 */
export function nameInRun(dir: string, path: string): string {
  const [at, root] = [tidy(path), `${tidy(dir)}/`];
  return at.startsWith(root) ? at.slice(root.length) : at;
}

function tidy(path: string): string {
  const slashed = Deno.build.os === "windows"
    ? path.replaceAll("\\", "/")
    : path;
  return slashed.replaceAll(/\/(\.?\/)+/g, "/").replace(/^\.\//, "")
    .replace(/(?<=[^/])(\/\.?)+$/, "");
}

/** The files below a path, or the file at it; what backups keep is not among them. */
export function filesBelow(dir: string, path: string): string[] {
  if (path === BACKUP_FOLDER) return [];
  const at = pathIn(dir, path);
  if (!existsSync(at)) return [];
  if (!Deno.lstatSync(at).isDirectory) return [path];
  return [...Deno.readDirSync(at)].flatMap(({ name, isDirectory }) =>
    isDirectory ? filesBelow(dir, `${path}/${name}`) : [`${path}/${name}`]
  );
}

/** The folders around a path that are not there, the outermost first. */
export function missingFolders(dir: string, path: string): string[] {
  const missing: string[] = [];
  let cut = path.lastIndexOf("/");
  for (; cut > 0; cut = path.lastIndexOf("/", cut - 1)) {
    const folder = path.slice(0, cut);
    if (isFolderSync(pathIn(dir, folder))) break;
    missing.unshift(folder);
  }
  return missing;
}

/** Bytes of a file; undefined where there is none. */
export function sizeOf(path: string): number | undefined {
  if (!existsSync(path)) return undefined;
  const { isFile, size } = Deno.statSync(path);
  return isFile ? size : undefined;
}

/**
 * A path of a run's file, inside of its folder unless it is absolute.
 *
 * @param dir The run's folder.
 * @throws {InputError} If it leads out of the folder, or names nothing in it.
 */
export function pathOfRun(dir: string, path: string): string {
  const problem = pathProblem(path);
  if (problem === undefined) return pathIn(dir, path);
  throw new InputError(`Cannot use the path "${path}": it ${problem}`);
}

/**
 * The same for a file that is written or removed: where a run has a folder of
 * its own, an absolute path must lead into it.
 *
 * @param dir The run's folder; `"."` if it has none of its own.
 * @throws {InputError} If it leads elsewhere, or to what the run itself writes.
 */
export function placeInRun(dir: string, path: string): string {
  const place = pathOfRun(dir, path);
  const elsewhere = dir !== "." && place === path &&
    !place.replaceAll("\\", "/").startsWith(`${dir}/`);
  if (elsewhere) {
    throw new InputError(
      `Cannot use the path "${path}": it is absolute, and the files of this run go into ${dir}; give a path in that folder`,
    );
  }
  if (!isOfCore(dir, nameInRun(dir, place).toLowerCase())) return place;
  throw new InputError(
    `Cannot use the path "${path}": the run itself writes there; give another one`,
  );
}

/** What a run with a folder of its own writes beside its backups. */
const OF_CORE = ["run.json", "events.jsonl", "lock", "report.html"];

function isOfCore(dir: string, name: string): boolean {
  return `${name}/`.startsWith(`${BACKUP_FOLDER}/`) ||
    dir !== "." && OF_CORE.includes(name);
}
