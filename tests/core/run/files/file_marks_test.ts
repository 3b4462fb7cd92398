import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InputError } from "../../../../core/errors.ts";
import { makeFolderOf, writeWholeSync } from "../../../../core/files.ts";
import type { FileMarks } from "../../../../core/run/files/file_marks.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import type { Disk } from "../../../../core/disk.ts";
import { fakeRun } from "../../../../core/testing.ts";
import { faultyDisk } from "../../_faulty_disk.ts";
import { all, fresh, inAnotherProcess, putBack } from "../../_marked_files.ts";

Deno.test("a file that grows is cut back to its mark, and goes on from there", () => {
  const { dir, files } = fresh();
  const log = files.open("log.csv");
  log.write("a\r\n");
  const marks = files.mark(1);
  log.write("b\r\nhalf a ro");

  const again = putBack(dir, marks);
  assertEquals(all(dir), { "log.csv": "a\r\n" });
  const opened = again.open("log.csv");
  opened.write("swallowed, as a header is");
  again.goOn();
  opened.write("b\r\n");
  assertEquals(all(dir), { "log.csv": "a\r\nb\r\n" });
});

Deno.test("a file that was open at the mark goes on also where it is opened late; the next time it begins anew", () => {
  const { dir, files } = fresh();
  files.open("log.csv").write("a");
  const again = putBack(dir, files.mark(1));
  again.goOn();
  const later = putBack(dir, again.mark(2)); // It was not opened before the next mark.
  later.goOn();
  const log = later.open("log.csv");
  log.write("b");
  assertEquals(all(dir), { "log.csv": "ab" });
  log.close();
  later.open("log.csv").write("c");
  assertEquals(all(dir), { "log.csv": "c" });
});

Deno.test("a file that was replaced, emptied or removed is as it was", () => {
  const { dir, files } = fresh();
  for (const name of ["written", "emptied", "removed", "a/below"]) {
    files.write(name, `old ${name}`);
  }
  const before = all(dir);
  const marks = files.mark(1);
  files.write("written", "new");
  files.open("emptied").write("new");
  files.remove("removed");
  files.remove("a");
  files.write("a", "a file where a folder was");
  putBack(dir, marks);
  assertEquals(all(dir), before);
});

Deno.test("what the run wrote after the mark is removed, its folders too; what others put there stays", () => {
  const { dir, files } = fresh();
  files.write("first", "x");
  const marks = files.mark(1);
  files.write("deep/er/new", "x");
  files.open("new.csv").write("x");
  Deno.writeTextFileSync(`${dir}/notes.txt`, "mine");
  Deno.mkdirSync(`${dir}/empty`);
  putBack(dir, marks);
  assertEquals(all(dir), { "empty/": "", first: "x", "notes.txt": "mine" });
});

Deno.test("a file that others had there before the run wrote to it is theirs again", () => {
  const { dir, files } = fresh();
  const marks = files.mark(1);
  for (const name of ["replaced", "grown", "removed", "folder/removed"]) {
    Deno.mkdirSync(`${dir}/folder`, { recursive: true });
    Deno.writeTextFileSync(`${dir}/${name}`, "mine");
  }
  const before = all(dir);
  files.write("replaced", "x");
  files.open("grown", { append: true }).write("x");
  files.remove("removed");
  files.remove("folder");
  putBack(dir, marks);
  assertEquals(all(dir), before);
});

Deno.test("before goOn() nothing is written, removed or saved", () => {
  const { dir, files } = fresh();
  files.write("a", "a");
  const again = putBack(dir, files.mark(1));
  again.write("a", "b");
  again.write("new", "b");
  again.remove("a");
  again.open("other").write("x");
  assertEquals(again.saving(`${dir}/best`), false);
  assertEquals(again.read("a"), "a");
  assertEquals(all(dir), { a: "a" });
  again.goOn();
  again.write("a", "b");
  assertEquals([again.saving(`${dir}/best`), all(dir).a], [true, "b"]);
});

/** As a checkpoint is written. */
function save(
  files: ReturnType<typeof runFiles>,
  at: string,
  text: string,
  disk?: Disk,
) {
  if (!files.saving(at)) return;
  for (const name of ["weights.bin", "model.json"]) {
    makeFolderOf(`${at}/${name}`, disk);
    writeWholeSync(`${at}/${name}`, `${text} ${name}`, undefined, disk);
  }
  files.saved(at);
}

Deno.test("checkpoints are put back, those after the mark removed, the user's own notes beside them left", () => {
  const { dir, files } = fresh();
  save(files, `${dir}/best`, "first");
  const before = all(dir);
  const marks = files.mark(1);
  save(files, `${dir}/best`, "second");
  save(files, `${dir}/later/3`, "third");
  Deno.writeTextFileSync(`${dir}/best/notes.txt`, "mine");
  putBack(dir, marks);
  assertEquals(all(dir), { ...before, "best/notes.txt": "mine" });
});

Deno.test("what a save has left that was killed is removed", () => {
  const { dir, files } = fresh();
  save(files, `${dir}/best`, "first");
  const before = all(dir);
  const marks = files.mark(1);
  for (const place of ["best", "new"]) {
    files.saving(`${dir}/${place}`);
    Deno.mkdirSync(`${dir}/${place}`, { recursive: true });
    Deno.writeTextFileSync(`${dir}/${place}/weights.abc.bin`, "half");
  }
  Deno.writeTextFileSync(`${dir}/best/model.json.12ab34cd.part`, "half");
  putBack(dir, marks);
  assertEquals(all(dir), before);
  putBack(dir, marks);
  assertEquals(all(dir), before);
});

Deno.test("of two marks the older can still be put back, once it is forgotten its contents are gone", () => {
  const { dir, files } = fresh();
  files.write("a", "1");
  const first = files.mark(1);
  files.write("a", "2");
  files.write("b", "2");
  const second = files.mark(2);
  files.write("a", "3");
  putBack(dir, second);
  assertEquals(all(dir), { a: "2", b: "2" });
  putBack(dir, first).goOn();
  assertEquals(all(dir), { a: "1" });

  const kept = () => [...Deno.readDirSync(`${dir}/backup/files`)].length;
  assertEquals(kept(), 2);
  files.forget(2);
  assertEquals(kept(), 1);
  files.forget(Infinity);
  assertThrows(() => Deno.statSync(`${dir}/backup`), Deno.errors.NotFound);
});

Deno.test("a mark that is put back can be put back again after the run went on", () => {
  const { dir, files } = fresh();
  files.open("log.csv").write("a");
  files.write("whole", "a");
  const marks = files.mark(1);
  for (const text of ["b", "c", "d"]) {
    const again = putBack(dir, marks);
    assertEquals(all(dir), { "log.csv": "a", whole: "a" });
    again.goOn();
    again.open("log.csv", { append: true }).write(text);
    again.write("whole", text);
    again.write(text, text);
  }
});

Deno.test("what is gone or cut short is told", () => {
  const { dir, files } = fresh();
  files.write("gone", "x");
  files.open("log.csv").write("four");
  const marks = files.mark(1);
  Deno.removeSync(`${dir}/gone`);
  Deno.truncateSync(`${dir}/log.csv`, 2);
  assertEquals(runFiles(dir).putBack(marks), [
    `Cannot put back ${dir}/gone: it is gone`,
    `Cannot put back ${dir}/log.csv: it has 2 bytes, and had 4`,
  ]);
});

Deno.test("no plugin writes to where the run itself writes", () => {
  const { dir, files } = fresh();
  const paths = ["backup", "backup/x", "./Backup//x", "run.json", "lock"];
  for (const path of [...paths, "events.jsonl", `${dir}/backup/x`]) {
    const error = assertThrows(() => files.write(path, ""), InputError);
    assertEquals(
      error.message,
      `Cannot use the path "${path}": the run itself writes there; give another one`,
    );
    assertThrows(() => files.open(path), InputError);
    assertThrows(() => files.remove(path), InputError);
  }
  files.write("a/run.json", "");
  runFiles(".").read("run.json");
});

Deno.test("a run without marks leaves no trace of them", () => {
  const { dir, files } = fresh();
  files.write("a/b", "x");
  files.open("c").write("x");
  assertEquals(all(dir), { "a/": "", "a/b": "x", c: "x" });
  assertEquals([...Deno.readDirSync(dir)].length, 2);
});

const PATHS = ["a", "b", "d/a", "d/b", "e/f/a"];

const path = fc.constantFrom(...PATHS);
const text = fc.string({ maxLength: 5 });

/** What a run may do to its files. */
const operation = fc.oneof(
  fc.tuple(fc.constant("write" as const), path, text),
  fc.tuple(fc.constant("begin" as const), path, text),
  fc.tuple(fc.constant("append" as const), path, text),
  fc.tuple(fc.constant("more" as const), path, text),
  fc.tuple(
    fc.constant("remove" as const),
    fc.oneof(path, fc.constant("d")),
    text,
  ),
  fc.tuple(fc.constant("save" as const), fc.constantFrom("s", "d/t"), text),
  fc.tuple(fc.constant("mark" as const), path, text),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** A run whose files change. */
function run(dir: string, disk?: Disk) {
  const files = runFiles(dir, disk);
  const open = new Map<string, ReturnType<typeof files.open>>();
  let id = 0;
  const close = (path: string) => {
    for (const [name, writer] of open) {
      if (name !== path && !name.startsWith(`${path}/`)) continue;
      writer.close();
      open.delete(name);
    }
  };
  const act = ([kind, path, text]: Operation): unknown => {
    if (kind === "more") return open.get(path)?.write(text);
    if (kind === "mark") return files.mark(++id);
    if (kind === "save") return save(files, `${dir}/${path}`, text, disk);
    close(path);
    if (kind === "write") return files.write(path, text);
    if (kind === "remove") return files.remove(path);
    const writer = files.open(path, { append: kind === "append" });
    open.set(path, writer);
    return writer.write(text);
  };
  return { act, files, close: () => PATHS.forEach(close) };
}

Deno.test("whatever a run does to its files, it finds them as they were at either of its last two marks", () => {
  const operations = fc.array(operation, { maxLength: 12 });
  fc.assert(
    fc.property(
      operations,
      operations,
      operations,
      fc.nat(1),
      (a, b, c, which) => {
        const { dir } = fresh();
        const { act, files, close } = run(dir);
        a.forEach(act);
        const marks: { marks: FileMarks; before: Record<string, string> }[] =
          [];
        for (const [i, after] of [b, c].entries()) {
          marks.push({ marks: files.mark(100 + i), before: all(dir) });
          files.forget(100);
          after.forEach((it) => it[0] === "mark" || act(it));
        }
        close();
        const chosen = marks[which]!;
        putBack(dir, chosen.marks);
        assertEquals(withoutEmpty(all(dir)), withoutEmpty(chosen.before));
        // And again, where that was not gone on from.
        const again = putBack(dir, chosen.marks);
        again.goOn();
        again.write("a", "later");
        again.open("d/a", { append: true }).write("later");
        putBack(dir, chosen.marks);
        assertEquals(withoutEmpty(all(dir)), withoutEmpty(chosen.before));
        Deno.removeSync(dir, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});

/** An empty folder is none of a run's files. */
function withoutEmpty(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([path]) => !path.endsWith("/")),
  );
}

Deno.test("wherever a run is killed, or the putting back is, its files are found as they were at the mark", () => {
  const operations = fc.array(operation, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(
      operations,
      operations,
      fc.nat(40),
      fc.nat(20),
      (before, after, calls, callsOfPuttingBack) => {
        const { dir } = fresh();
        const { disk, state } = killable();
        const { act, files, close } = run(dir, disk);
        before.forEach(act);
        const marks = files.mark(100);
        const then = withoutEmpty(all(dir));
        const broken = (left: number, work: () => void) => {
          state.callsLeft = left;
          try {
            work();
          } catch (error) {
            if (error !== KILLED && (error as Error).cause !== KILLED) {
              throw error;
            }
          }
          state.callsLeft = Infinity;
        };
        broken(calls, () => after.forEach((it) => it[0] === "mark" || act(it)));
        close();
        broken(
          callsOfPuttingBack,
          () => void runFiles(dir, disk).putBack(inAnotherProcess(marks)),
        );
        putBack(dir, marks);
        assertEquals(withoutEmpty(all(dir)), then);
        Deno.removeSync(dir, { recursive: true });
      },
    ),
    { numRuns: 25 },
  );
});

const KILLED = new Error("killed");

/** A disk that does nothing more after some calls, the last of which may write half. */
function killable() {
  const state = { callsLeft: Infinity };
  const disk = faultyDisk(({ bytes = 0 }) => {
    state.callsLeft--;
    if (state.callsLeft < 0) throw KILLED;
    if (state.callsLeft > 0 || bytes === 0) return bytes;
    return Math.floor(bytes / 2);
  });
  return { disk, state };
}

Deno.test("what a plugin has of the files is what it may do with them", () => {
  const { run } = fakeRun({ name: "p", onTrainEnd() {} }, {
    dir: Deno.makeTempDirSync(),
  });
  assertEquals(Object.keys(run.files), ["read", "write", "open", "remove"]);
});
