import { assertEquals } from "@std/assert";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { all, fresh, putBack } from "../../_marked_files.ts";

/** How many contents are kept. */
function kept(dir: string): number {
  return [...Deno.readDirSync(`${dir}/backup/files`)].length;
}

Deno.test("what a file held is kept once, however often it is replaced after that", () => {
  const { dir, files } = fresh();
  files.write("a", "1");
  files.mark(1);
  for (const text of ["2", "3", "4"]) files.write("a", text);
  assertEquals(kept(dir), 1);
  files.write("new", "1");
  files.write("new", "2");
  assertEquals(kept(dir), 1);
});

Deno.test("a run whose marks are forgotten keeps nothing more", () => {
  const { dir, files } = fresh();
  files.write("a", "1");
  files.mark(1);
  files.write("a", "2");
  files.forget(Infinity);
  files.write("a", "3");
  files.write("d/new", "x");
  files.remove("d");
  files.open("log.csv").write("x");
  files.saving(`${dir}/best`);
  files.saved(`${dir}/best`);
  const names = [...Deno.readDirSync(dir)].map(({ name }) => name);
  assertEquals(names.sort(), ["a", "log.csv"]);
});

Deno.test("a run may begin to mark its files again", () => {
  const { dir, files } = fresh();
  files.write("a", "1");
  files.mark(1);
  files.write("a", "2");
  files.forget(Infinity);
  files.write("a", "3");
  const marks = files.mark(2);
  files.write("a", "4");
  putBack(dir, marks);
  assertEquals(all(dir), { a: "3" });
});

Deno.test("a file that was there before the run, and is saved over, is not cut where others add to it", () => {
  const { dir, files } = fresh();
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/weights.bin`, "theirs");
  const first = files.mark(1);
  files.saving(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/weights.part`, "ours");
  Deno.renameSync(`${dir}/best/weights.part`, `${dir}/best/weights.bin`);
  files.saved(`${dir}/best`);
  const second = files.mark(2);
  Deno.writeTextFileSync(`${dir}/best/weights.bin`, " and more", {
    append: true,
  });
  putBack(dir, second);
  assertEquals(all(dir)["best/weights.bin"], "ours and more");
  putBack(dir, first);
  assertEquals(all(dir)["best/weights.bin"], "theirs");
});

Deno.test("a file of the run's own that something else writes over has the length of that", () => {
  const { dir, files } = fresh();
  files.write("best/notes.txt", "a long text of the plugin");
  files.mark(1);
  files.saving(`${dir}/best`);
  Deno.removeSync(`${dir}/best/notes.txt`);
  Deno.writeTextFileSync(`${dir}/best/notes.txt`, "short");
  files.saved(`${dir}/best`);
  const marks = files.mark(2);
  files.open("best/notes.txt", { append: true }).write(", and longer");
  putBack(dir, marks);
  assertEquals(all(dir)["best/notes.txt"], "short");
});

Deno.test("a file that a save removed is as it was at each mark: gone, or there", () => {
  const { dir, files } = fresh();
  files.write("best/old", "x");
  const first = files.mark(1);
  files.saving(`${dir}/best`);
  Deno.removeSync(`${dir}/best/old`);
  files.saved(`${dir}/best`);
  const second = files.mark(2);
  putBack(dir, second);
  assertEquals(all(dir), { "best/": "" });
  putBack(dir, first);
  assertEquals(all(dir), { "best/": "", "best/old": "x" });
});

Deno.test("a save beside a file of like name leaves that as it is", () => {
  const { dir, files } = fresh();
  files.write("best", "x");
  files.write("best.txt", "x");
  files.remove("best");
  files.saving(`${dir}/best`);
  Deno.mkdirSync(`${dir}/best`);
  files.saved(`${dir}/best`);
  const marks = files.mark(1);
  files.write("best.txt", "y");
  putBack(dir, marks);
  assertEquals(all(dir), { "best/": "", "best.txt": "x" });
});

Deno.test("a file that was open at the mark and is removed begins anew when it is opened", () => {
  const { dir, files } = fresh();
  files.open("log.csv").write("a");
  const again = putBack(dir, files.mark(1));
  again.goOn();
  again.remove("log.csv");
  again.write("log.csv", "b");
  again.open("log.csv").write("c");
  assertEquals(all(dir), { "log.csv": "c" });
});

Deno.test("a file that was removed, and is written again after the mark, is gone as it was at the mark", () => {
  const { dir, files } = fresh();
  const log = files.open("log.csv");
  log.write("a");
  files.mark(1);
  log.close();
  files.remove("log.csv");
  const marks = files.mark(2);
  files.write("log.csv", "b");
  putBack(dir, marks);
  assertEquals(all(dir), {});
});

Deno.test("a file that was put back from what was kept has a content of its own from then on", () => {
  const { dir, files } = fresh();
  files.write("a", "1");
  const first = files.mark(1);
  files.write("a", "2");
  const again = putBack(dir, first);
  again.goOn();
  const log = again.open("a", { append: true });
  log.write(" and more");
  const second = again.mark(2);
  log.write(", and still more");
  putBack(dir, second);
  assertEquals(all(dir), { a: "1 and more" });
  putBack(dir, first);
  assertEquals(all(dir), { a: "1" });
});

Deno.test("what others put where a save was broken off stays, once what that left is removed", () => {
  const { dir, files } = fresh();
  const marks = files.mark(1);
  files.saving(`${dir}/best`);
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/weights.bin`, "half");
  putBack(dir, marks);
  assertEquals(all(dir), {});
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/notes.txt`, "mine");
  putBack(dir, marks);
  assertEquals(all(dir)["best/notes.txt"], "mine");
});

Deno.test("what an earlier run has noted in the folder is nothing to one that begins anew", () => {
  const { dir, files } = fresh();
  files.mark(1);
  files.write("x", "of the earlier run");
  putBack(dir, runFiles(dir).mark(1));
  assertEquals(all(dir), { x: "of the earlier run" });
});

Deno.test("what was saved, and was gone at the mark, is no business of the run any more", () => {
  const { dir, files } = fresh();
  files.mark(1);
  files.saving(`${dir}/best`);
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/weights.bin`, "ours");
  files.saved(`${dir}/best`);
  files.remove("best");
  const marks = files.mark(2);
  Deno.mkdirSync(`${dir}/best`);
  Deno.writeTextFileSync(`${dir}/best/weights.bin`, "mine");
  putBack(dir, marks);
  assertEquals(all(dir)["best/weights.bin"], "mine");
});
