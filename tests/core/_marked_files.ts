import { assertEquals } from "@std/assert";
import { denoDisk, type Disk } from "../../core/disk.ts";
import { decode, encode } from "../../core/run/backup/plain_data.ts";
import type { FileMarks } from "../../core/run/files/file_marks.ts";
import { runFiles } from "../../core/run/files/run_files.ts";

/** Files of a fresh folder. */
export function fresh(disk: Disk = denoDisk) {
  const dir = Deno.makeTempDirSync();
  return { dir, files: runFiles(dir, disk) };
}

/** The text of each file below a folder, without the backups. */
export function all(dir: string, at = ""): Record<string, string> {
  const entries = [...Deno.readDirSync(`${dir}/${at}`)]
    .filter(({ name }) => at + name !== "backup")
    .flatMap(({ name, isDirectory }) =>
      isDirectory
        ? [[`${at}${name}/`, ""], ...Object.entries(all(dir, `${at}${name}/`))]
        : [[at + name, Deno.readTextFileSync(`${dir}/${at}${name}`)]]
    );
  return Object.fromEntries(entries.toSorted());
}

/** As marks are read back from a backup. */
export function inAnotherProcess(marks: FileMarks): FileMarks {
  return decode(encode(marks));
}

/** The files of a run that goes on, in another process, from a mark. */
export function putBack(dir: string, marks: FileMarks) {
  const files = runFiles(dir);
  assertEquals(files.putBack(inAnotherProcess(marks)), []);
  return files;
}
