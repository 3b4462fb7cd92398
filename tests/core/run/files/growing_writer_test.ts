import { assertEquals, assertThrows } from "@std/assert";
import { denoDisk, type Disk, type DiskFile } from "../../../../core/disk.ts";
import { FileError } from "../../../../core/errors.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { inAnotherProcess } from "../../_marked_files.ts";

/** A disk that writes half and fails while it is `full`, and cuts nothing while it is `stuck`. */
function brittleDisk() {
  const state = { full: false, stuck: false };
  const check = (fails: boolean) => {
    if (fails) throw new Error("the disk is full");
  };
  const brittle = (file: DiskFile): DiskFile => ({
    writeSync(bytes) {
      if (!state.full) return file.writeSync(bytes);
      file.writeSync(bytes.subarray(0, bytes.length >> 1));
      throw new Error("the disk is full");
    },
    truncateSync(length) {
      check(state.stuck);
      file.truncateSync(length);
    },
    write: (bytes) => file.write(bytes),
    sync: () => file.sync(),
    syncSync: () => file.syncSync(),
    seekSync: (offset, whence) => file.seekSync(offset, whence),
    readSync: (into) => file.readSync(into),
    statSync: () => file.statSync(),
    close: () => file.close(),
    [Symbol.dispose]: () => file.close(),
  });
  const disk: Disk = {
    ...denoDisk,
    openSync: (path, options) => brittle(denoDisk.openSync(path, options)),
  };
  return Object.assign(state, { disk });
}

/** A run's files on that disk, with a log that is open behind a line of somebody else's, and what its faults were. */
function logOn(it: ReturnType<typeof brittleDisk>, watched = true) {
  const dir = Deno.makeTempDirSync();
  const path = `${dir}/log`;
  Deno.writeTextFileSync(path, "before\n");
  const files = runFiles(dir, it.disk);
  const told: string[] = [];
  if (watched) {
    files.watch({
      failed: (_path, error, by, kept) =>
        void told.push(`${(error as Error).message}, ${by}, ${kept}`),
      full: () => void told.push("full"),
      mended: (_path, lost) => void told.push(`mended, ${lost} lost`),
    });
  }
  const log = files.of("p").open("log", { append: true });
  return { path, files, log, told, text: () => Deno.readTextFileSync(path) };
}

Deno.test("half a row is cut at once, and written whole later", () => {
  const it = brittleDisk();
  const { path, log, told, text } = logOn(it);
  log.write("first\n");
  it.full = true;
  log.write("second\n");
  assertEquals(text(), "before\nfirst\n");
  it.full = false;
  log.write("third\n");
  assertEquals(text(), "before\nfirst\nsecond\nthird\n");
  assertEquals(told, [
    `Cannot write ${path}: the disk is full, p, true`,
    "mended, 0 lost",
  ]);
});

Deno.test("half a row that cannot be cut at once is cut before the next is written", () => {
  const it = brittleDisk();
  const { files, log, text } = logOn(it);
  log.write("first\n");
  Object.assign(it, { full: true, stuck: true });
  log.write("second\n");
  assertEquals(text(), "before\nfirst\nsec");
  files.mark(1); // Which looks at the file, and tries again.
  it.stuck = false;
  files.mark(2);
  assertEquals(text(), "before\nfirst\n");
  it.full = false;
  log.write("third\n");
  assertEquals(text(), "before\nfirst\nsecond\nthird\n");
});

Deno.test("a file that was removed while it is open is back with the next mark", () => {
  const { path, files, log, text } = logOn(brittleDisk());
  log.write("first\n");
  Deno.removeSync(path);
  files.mark(1);
  assertEquals(text(), "before\nfirst\n");
  log.write("second\n");
  assertEquals(text(), "before\nfirst\nsecond\n");
});

Deno.test("nothing is lost of a file that was removed where the disk is full too", () => {
  const it = brittleDisk();
  const { path, files, log, text } = logOn(it);
  log.write("first\n");
  Deno.removeSync(path);
  it.full = true;
  files.mark(1);
  assertThrows(text, Deno.errors.NotFound);
  log.write("second\n");
  it.full = false;
  log.write("third\n");
  assertEquals(text(), "before\nfirst\nsecond\nthird\n");
});

Deno.test("who is told of a failure does not find it written later", () => {
  const it = brittleDisk();
  const { log, text } = logOn(it, false);
  it.full = true;
  assertThrows(() => log.write("first\n"), FileError, "the disk is full");
  it.full = false;
  log.write("second\n");
  assertEquals(text(), "before\nsecond\n");
});

Deno.test("a file that is closed while something waits is closed once that is written", () => {
  const it = brittleDisk();
  const { path, files, log, text } = logOn(it);
  it.full = true;
  log.write("first\n");
  log.close();
  assertEquals(files.finish(), [
    `Cannot write ${path}: the disk is full: 6 bytes are missing in it`,
  ]);
  it.full = false;
  assertEquals(files.finish(), []);
  assertEquals(text(), "before\nfirst\n");
});

Deno.test("a close that fails is told, and closes all the same", () => {
  const it = brittleDisk();
  const { path, log, text, files } = logOn(it, false);
  Deno.removeSync(path);
  it.full = true;
  assertThrows(() => log.close(), FileError, "the disk is full");
  it.full = false;
  files.open("log").write("anew");
  assertEquals(text(), "anew");
});

Deno.test("what there is no room for is counted anew each time", () => {
  const it = brittleDisk();
  const { log, told } = logOn(it);
  const half = "x".repeat(8 * 2 ** 20);
  for (const rows of [[half, half, "x"], [half, half, "xx", "x"]]) {
    it.full = true;
    for (const row of rows) log.write(row);
    it.full = false;
    log.write("");
  }
  assertEquals(told.filter((line) => !line.startsWith("Cannot")), [
    ...["full", "mended, 1 lost"],
    ...["full", "mended, 3 lost"],
  ]);
});

Deno.test("a file that was closed while something waits goes on behind that, or begins anew", () => {
  for (const append of [true, false]) {
    const it = brittleDisk();
    const { files, log, text } = logOn(it);
    it.full = true;
    log.write("first\n");
    log.close();
    const again = files.open("log", { append });
    it.full = false;
    again.write("second\n");
    assertEquals(text(), append ? "before\nfirst\nsecond\n" : "second\n");
    assertEquals(files.finish(), []);
    assertEquals(text(), append ? "before\nfirst\nsecond\n" : "second\n");
  }
});

Deno.test("a file that was begun anew is not begun anew again where the disk is tried a last time", () => {
  const it = brittleDisk();
  const { files, log, text } = logOn(it);
  log.close();
  const anew = files.open("log");
  anew.write("first\n");
  it.full = true;
  anew.write("second\n");
  anew.close();
  assertEquals(files.finish().length, 1);
  it.full = false;
  assertEquals(files.finish(), []);
  assertEquals(text(), "first\nsecond\n");
});

Deno.test("what waits of a file that is closed belongs to a mark too", () => {
  const it = brittleDisk();
  const { path, files, log, text } = logOn(it);
  it.full = true;
  log.write("first\n");
  log.close();
  const marks = files.mark(1);
  const again = runFiles(path.slice(0, path.lastIndexOf("/")));
  assertEquals(again.putBack(marks), []);
  assertEquals(text(), "before\nfirst\n");
});

Deno.test("bytes are added as they are, and wait as they were when they came", () => {
  const it = brittleDisk();
  const { path, files, log } = logOn(it);
  const bytes = new Uint8Array([0, 255, 7]);
  log.write(bytes);
  it.full = true;
  log.write(bytes);
  bytes.fill(1); // Whoever wrote them goes on to use their place.
  log.write("ä");
  const marks = files.mark(1);
  log.close();
  const [line] = files.finish();
  assertEquals(
    line,
    `Cannot write ${path}: the disk is full: 5 bytes are missing in it`,
  );
  it.full = false;
  assertEquals(files.finish(), []);
  const whole = [
    ...new TextEncoder().encode("before\n"),
    ...[0, 255, 7, 0, 255, 7, 0xc3, 0xa4],
  ];
  assertEquals([...Deno.readFileSync(path)], whole);
  Deno.writeTextFileSync(path, "and more", { append: true });
  const again = runFiles(path.slice(0, path.lastIndexOf("/")));
  assertEquals(again.putBack(inAnotherProcess(marks)), []);
  assertEquals([...Deno.readFileSync(path)], whole);
});

Deno.test("a character that waits for its second half is read whole", () => {
  const it = brittleDisk();
  const { files, log } = logOn(it);
  const [first, second] = new TextEncoder().encode("ä");
  log.write(new Uint8Array([first!]));
  it.full = true;
  log.write(new Uint8Array([second!]));
  assertEquals(files.read("log"), "before\nä");
});

Deno.test("what a backup of an earlier version holds as text goes on as that", () => {
  const { path, files, text } = logOn(brittleDisk());
  const marks = files.mark(1) as { id: number; files: object[] };
  const [mark] = marks.files;
  const again = runFiles(path.slice(0, path.lastIndexOf("/")));
  assertEquals(
    again.putBack({ ...marks, files: [{ ...mark, rest: "rest\n" }] }),
    [],
  );
  assertEquals(text(), "before\nrest\n");
});
