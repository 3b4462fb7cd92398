import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "../../../../core/errors.ts";
import type { FileFaults } from "../../../../core/run/files/file_faults.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { faultyDisk } from "../../_faulty_disk.ts";
import { all, fresh, inAnotherProcess, putBack } from "../../_marked_files.ts";

Deno.test("what was being written beside a file of the run is removed, what lies beside others' is not", () => {
  const { dir, files } = fresh();
  files.write("a", "x");
  const marks = files.mark(1);
  files.write("d/b", "x");
  Deno.writeTextFileSync(`${dir}/d/notes.txt`, "mine");
  const parts = ["a", "d/b", "mine", "d/mine"]
    .map((path) => `${path}.0123abcd.part`);
  for (const part of parts) Deno.writeTextFileSync(`${dir}/${part}`, "half");
  putBack(dir, marks);
  assertEquals(Object.keys(all(dir)), [
    ...["a", "d/", "d/mine.0123abcd.part", "d/notes.txt"],
    "mine.0123abcd.part",
  ]);
});

Deno.test("what the run had, and had no more at the mark, is no business of it any more", () => {
  const { dir, files } = fresh();
  files.mark(1);
  files.write("x", "the run's");
  files.write("d/x", "the run's");
  files.remove("x");
  files.remove("d/x");
  const marks = files.mark(2);
  const before = all(dir);
  putBack(dir, marks);
  assertEquals(all(dir), before); // The folder too.
  Deno.writeTextFileSync(`${dir}/x`, "mine");
  putBack(dir, marks);
  assertEquals(all(dir), { ...before, x: "mine" });
});

Deno.test("of a file that the run touched again and again, the first time after the mark tells how it was", () => {
  const { dir, files } = fresh();
  const marks = files.mark(1);
  files.write("x", "the run's");
  files.remove("x");
  files.mark(2);
  Deno.writeTextFileSync(`${dir}/x`, "mine");
  files.write("x", "the run's again");
  putBack(dir, marks);
  assertEquals(all(dir), {});
});

Deno.test("a file that was put back away is none of the next mark's", () => {
  const { dir, files } = fresh();
  const marks = files.mark(1);
  files.write("x", "x");
  const again = putBack(dir, marks);
  again.goOn();
  putBack(dir, again.mark(2));
  assertEquals(all(dir), {});
});

Deno.test("a file that is opened only after the next mark is cut back to that", () => {
  const { dir, files } = fresh();
  files.open("log.csv").write("a");
  const again = putBack(dir, files.mark(1));
  again.goOn();
  const marks = again.mark(2);
  again.open("log.csv").write("b");
  assertEquals(all(dir), { "log.csv": "ab" });
  putBack(dir, marks);
  assertEquals(all(dir), { "log.csv": "a" });
});

Deno.test("files that something else writes are not cut: how long they are is its business", () => {
  const { dir, files } = fresh();
  files.saving(`${dir}/best`);
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/empty`, "");
  files.saved(`${dir}/best`);
  const again = putBack(dir, files.mark(1));
  again.goOn();
  const marks = again.mark(2);
  Deno.writeTextFileSync(`${dir}/best/empty`, "not any more");
  putBack(dir, marks);
  assertEquals(all(dir)["best/empty"], "not any more");
});

/** A file with a row on the disk, and one that waits as the disk was full. */
function withWaitingRow() {
  let full = false;
  const disk = faultyDisk(({ name }) => {
    if (name === "write" && full) throw new Error("the disk is full");
  });
  const { dir, files } = fresh(disk);
  const untroubled: FileFaults = { failed() {}, mended() {}, full() {} };
  files.watch(untroubled);
  const log = files.open("log.csv");
  log.write("first\n");
  full = true;
  log.write("second\n");
  return { dir, marks: files.mark(1) };
}

Deno.test("a row that waited at the mark is written, unless what stands before it is not there", () => {
  const { dir, marks } = withWaitingRow();
  putBack(dir, marks);
  putBack(dir, marks);
  assertEquals(all(dir), { "log.csv": "first\nsecond\n" });
  Deno.truncateSync(`${dir}/log.csv`, 3);
  assertEquals(runFiles(dir).putBack(inAnotherProcess(marks)), [
    `Cannot put back ${dir}/log.csv: it has 3 bytes, and had 6`,
  ]);
  assertEquals(all(dir), { "log.csv": "fir" });
  Deno.removeSync(`${dir}/log.csv`);
  assertEquals(runFiles(dir).putBack(inAnotherProcess(marks)), [
    `Cannot put back ${dir}/log.csv: it is gone`,
  ]);
  assertEquals(all(dir), {});
});

Deno.test("a disk that fails while files are put back is told with the file", () => {
  const { dir, files } = fresh();
  files.write("a", "old");
  const marks = files.mark(1);
  files.write("a", "new");
  const disk = faultyDisk(({ name }) => {
    if (name === "renameSync") throw new Error("it is broken");
  });
  assertThrows(
    () => runFiles(dir, disk).putBack(marks),
    FileError,
    `Cannot put back ${dir}/a: it is broken`,
  );
});
