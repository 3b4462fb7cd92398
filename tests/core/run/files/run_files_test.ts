import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../../core/errors.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { fakeRun } from "../../../../core/testing.ts";
import { fresh as marked } from "../../_marked_files.ts";

/** Files of a fresh folder, as a plugin has them. */
function fresh() {
  const dir = Deno.makeTempDirSync();
  return {
    dir,
    files: fakeRun({ name: "writer", onTrainEnd() {} }, { dir }).run.files,
  };
}

Deno.test("write, then read: folders are made, and nothing lies beside it", () => {
  const { dir, files } = fresh();
  files.write("a/b/c.txt", "one");
  files.write("a/b/c.txt", "two");
  assertEquals(files.read("a/b/c.txt"), "two");
  assertEquals(
    [...Deno.readDirSync(`${dir}/a/b`)].map(({ name }) => name),
    ["c.txt"],
  );
});

Deno.test("bytes are written as they are", () => {
  const { dir, files } = fresh();
  files.write("x.bin", new Uint8Array([0, 255, 7]));
  assertEquals([...Deno.readFileSync(`${dir}/x.bin`)], [0, 255, 7]);
});

Deno.test("bytes are added as they are, between texts too", () => {
  const { dir, files } = fresh();
  const log = files.open("x.bin");
  log.write(new Uint8Array([0, 255]));
  log.write("ä");
  log.write(new Uint8Array([7, 8, 9]).subarray(1));
  log.close();
  assertEquals([...Deno.readFileSync(`${dir}/x.bin`)], [
    ...[0, 255, 0xc3, 0xa4, 8, 9],
  ]);
});

Deno.test("a file that is not there reads as undefined", () => {
  assertEquals(fresh().files.read("none.txt"), undefined);
});

Deno.test("a file that grows has each line on the disk at once", () => {
  const { files } = fresh();
  const log = files.open("logs/log.txt");
  log.write("one\n");
  assertEquals(files.read("logs/log.txt"), "one\n");
  log.write("zwei ä\n");
  log.close();
  log.close();
  assertEquals(files.read("logs/log.txt"), "one\nzwei ä\n");
});

Deno.test("open begins anew; with append it goes on", () => {
  const { files } = fresh();
  files.write("log.txt", "before\n");
  const more = files.open("log.txt", { append: true });
  more.write("more\n");
  more.close();
  assertEquals(files.read("log.txt"), "before\nmore\n");
  files.open("log.txt").close();
  assertEquals(files.read("log.txt"), "");
});

Deno.test("a closed file takes no more", () => {
  const { dir, files } = fresh();
  const log = files.open("log.txt");
  log.close();
  assertThrows(
    () => log.write("x"),
    Error,
    `Cannot write ${dir}/log.txt: it was closed`,
  );
});

Deno.test("a file that one plugin writes is not opened by another: nothing is lost of either", () => {
  const { dir, files } = fresh();
  const file = files.open("log.csv");
  file.write("one\n");
  for (const path of ["log.csv", "./log.csv", `${dir}//log.csv`]) {
    const error = assertThrows(() => files.open(path), InputError);
    assertEquals(
      error.message.replace(/^.*log.csv/, "…"),
      "…: it is open already in this run; give one of the two another name",
    );
  }
  assertEquals(files.read("log.csv"), "one\n");
  file.close();
  files.open("log.csv").close();
  assertEquals(files.read("log.csv"), "");
});

Deno.test("a file that is open is not written whole; one that was closed twice stays open for who has it now", () => {
  const { dir, files } = fresh();
  const first = files.open("log.csv");
  assertThrows(
    () => files.write("log.csv", "all"),
    InputError,
    `Cannot write ${dir}/log.csv: it is open already in this run`,
  );
  first.close();
  const second = files.open("log.csv");
  first.close();
  second.write("one\n");
  assertThrows(() => files.open("log.csv"), InputError);
  assertEquals(files.read("log.csv"), "one\n");
});

Deno.test("a file that is opened while the run is put back is open from then on", () => {
  const { dir, files } = marked();
  const log = files.open("log.csv");
  log.write("a");
  log.close();
  const again = runFiles(dir);
  assertEquals(again.putBack(files.mark(1)), []);
  again.open("other.csv").close(); // It leaves no trace.
  again.open("log.csv", { append: true });
  again.goOn();
  const later = runFiles(dir);
  assertEquals(later.putBack(again.mark(2)), []);
  later.goOn();
  later.open("log.csv").write("b");
  assertEquals(later.read("log.csv"), "ab");
  assertEquals(later.read("other.csv"), undefined);
});

Deno.test("files that had no marks are left as they are", () => {
  const { files } = marked();
  files.write("a", "x");
  assertEquals(files.putBack(undefined), []);
  files.write("a", "swallowed");
  files.goOn();
  assertEquals(files.read("a"), "x");
});

Deno.test({
  name:
    "what is no plain file is written to as it is, and is no part of a mark",
  ignore: Deno.build.os === "windows",
  async fn() {
    const { dir, files } = marked();
    files.mark(1);
    const pipe = `${dir}/pipe`;
    await new Deno.Command("mkfifo", { args: [pipe] }).output();
    using end = Deno.openSync(pipe, { read: true, write: true });
    const file = files.open("pipe");
    file.write("x");
    const bytes = new Uint8Array(2);
    assertEquals([end.readSync(bytes), bytes[0]], [1, 120]);
    file.close();
    assertEquals(Deno.statSync(pipe).isFile, false);
    assertEquals(files.mark(2), { id: 2, files: [], waits: [] });
  },
});

Deno.test("remove takes a file, or a folder with all in it; none is no error", () => {
  const { files } = fresh();
  files.write("a/b.txt", "x");
  files.write("c.txt", "x");
  for (const path of ["a", "c.txt", "c.txt"]) files.remove(path);
  assertEquals([files.read("a/b.txt"), files.read("c.txt")], [
    undefined,
    undefined,
  ]);
});

Deno.test("an absolute path is taken as it is by a run without a folder of its own", () => {
  const path = `${Deno.makeTempDirSync()}/x.txt`;
  const { files } = fakeRun({ name: "writer", onTrainEnd() {} }, { dir: "." })
    .run;
  files.write(path, "x");
  assertEquals(Deno.readTextFileSync(path), "x");
});

Deno.test("where a run has a folder, an absolute path that leads elsewhere is only read", async () => {
  const { dir } = fresh();
  const path = `${Deno.makeTempDirSync()}/x.txt`;
  Deno.writeTextFileSync(path, "x");
  const { run } = fakeRun({ name: "writer", onTrainEnd() {} }, { dir });
  assertEquals(run.files.read(path), "x");
  const out = `Cannot use the path "${path}": it is absolute`;
  for (
    const act of [
      () => run.files.write(path, ""),
      () => run.files.open(path),
      () => run.files.remove(path),
    ]
  ) assertThrows(act, InputError, out);
  await assertRejects(() => run.save(path), InputError, out);
  assertEquals(Deno.readTextFileSync(path), "x");
  run.files.write(`${dir}/own.txt`, "y");
  assertEquals(run.files.read("own.txt"), "y");
});

Deno.test("no path leads out of the run's folder, or is the folder itself", async () => {
  const { dir } = fresh();
  const { run } = fakeRun({ name: "writer", onTrainEnd() {} }, { dir });
  const out =
    'Cannot use the path "../x": it leads out of the run\'s folder with ".."';
  const acts: (() => unknown)[] = [
    () => run.files.read("../x"),
    () => run.files.write("../x", ""),
    () => run.files.open("../x"),
    () => run.files.remove("../x"),
    () => run.path("../x"),
  ];
  for (const act of acts) assertThrows(act, InputError, out);
  await assertRejects(() => run.save("../x"), InputError, out);
  for (const path of ["", ".", "./"]) {
    assertThrows(
      () => run.files.remove(path),
      InputError,
      `Cannot use the path "${path}": it names no file in the run's folder`,
    );
  }
});

Deno.test("the run's folder and those around it are not removed", () => {
  const { dir, files } = fresh();
  files.write("a/b", "x");
  const around = dir.slice(0, dir.lastIndexOf("/"));
  for (const path of [`${dir}/`, `${dir}/.`]) {
    assertThrows(
      () => files.remove(path),
      InputError,
      `Cannot remove ${path}: the folder of the run is in it`,
    );
  }
  for (const path of [dir, around]) {
    assertThrows(() => files.remove(path), InputError, "it is absolute");
  }
  assertEquals(files.read("a/b"), "x");
  // What is in it is the run's own, however it is named.
  files.remove(`${dir}/a`);
  assertEquals(files.read("a/b"), undefined);
});

Deno.test({
  name:
    "a run without a folder of its own does not remove the folder it runs in, nor those around it",
  // Should it try all the same, nothing is lost.
  permissions: { read: true, write: false },
  fn() {
    const { files } = fakeRun({ name: "writer", onTrainEnd() {} }).run;
    const here = Deno.realPathSync(".");
    for (const path of [here, here.slice(0, here.lastIndexOf("/"))]) {
      assertThrows(
        () => files.remove(path),
        InputError,
        `Cannot remove ${path}: the folder of the run is in it`,
      );
    }
  },
});

Deno.test("removing what is not there by its whole path is no error", () => {
  const { dir, files } = fresh();
  files.remove(`${dir}/none`);
  assertEquals([...Deno.readDirSync(dir)], []);
});

Deno.test("a link is removed itself, wherever it leads", async () => {
  const { dir, files } = fresh();
  files.write("a", "x");
  const args = ["-s", dir, `${dir}/link`];
  assertEquals((await new Deno.Command("ln", { args }).output()).success, true);
  files.remove("link");
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), ["a"]);
});

Deno.test("what cannot be done is told with its path and why", () => {
  const { dir, files } = fresh();
  files.write("file", "x");
  files.write("folder/x", "x");
  const cases: [() => unknown, string][] = [
    [
      () => files.write("file/x", "y"),
      `Cannot write ${dir}/file/x: a file is in the place of a folder`,
    ],
    [
      () => files.open("folder"),
      `Cannot write ${dir}/folder: a folder is in the place of a file`,
    ],
    [
      () => files.read("folder"),
      `Cannot read ${dir}/folder: a folder is in the place of a file`,
    ],
  ];
  for (const [act, message] of cases) assertThrows(act, InputError, message);
  assertEquals(files.read("file"), "x");
});

Deno.test({
  name: "a missing permission is told with the flag that gives it",
  permissions: { read: true, write: false },
  fn() {
    const missing =
      "runs/x.txt: write permission is missing; run with --allow-write=runs/x.txt";
    const files = runFiles("runs");
    for (
      const [act, message] of [
        [() => files.write("x.txt", "x"), `Cannot write ${missing}`],
        [() => void files.open("x.txt"), `Cannot write ${missing}`],
        [() => files.remove("x.txt"), `Cannot remove ${missing}`],
      ] as const
    ) assertThrows(act, InputError, message);
  },
});

Deno.test({
  name: "so is a missing permission to read",
  permissions: { read: false },
  fn() {
    assertThrows(
      () => runFiles("runs").read("x.txt"),
      InputError,
      "Cannot read runs/x.txt: read permission is missing; run with --allow-read=runs/x.txt",
    );
  },
});
