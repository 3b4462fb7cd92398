/**
 * The folder of a run: its name, and what is in it.
 *
 * @module
 */
import { existsSync } from "../../files.ts";
import { MODEL_FILE } from "../../tf/checkpoint/checkpoint_files.ts";

/**
 * A folder that does not exist yet, named after an experiment and a time.
 *
 * @param parent The folder that holds all runs. Default `"runs"`.
 */
export function freeFolder(name: string, now: Date, parent = "runs"): string {
  const time = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const base = `${parent}/${name}-${time}`;
  let folder = base;
  for (let n = 2; existsSync(folder); n++) folder = `${base}-${n}`;
  return folder;
}

/**
 * The files below a folder, sorted; a checkpoint counts as one and ends in `/`.
 */
export function filesIn(dir: string): string[] {
  const files: string[] = [];
  const walk = (at: string) => {
    const entries = [...Deno.readDirSync(`${dir}/${at}`)];
    if (at && entries.some(({ name }) => name === MODEL_FILE)) {
      files.push(at);
      return;
    }
    for (const { name, isDirectory } of entries) {
      if (isDirectory) walk(`${at}${name}/`);
      else files.push(at + name);
    }
  };
  if (existsSync(dir)) walk("");
  return files.sort();
}
