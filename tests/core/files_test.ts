import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { FileError, InputError } from "../../core/errors.ts";
import {
  existsSync,
  fileError,
  folderOf,
  isFolderSync,
  makeFolderOf,
  pathIn,
  removeSync,
  writeAllSync,
  writeWhole,
  writeWholeSync,
} from "../../core/files.ts";

function names(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name).sort();
}

Deno.test("writeWholeSync() writes text or bytes, over what was there", async () => {
  const dir = await Deno.makeTempDir();
  writeWholeSync(`${dir}/a`, "first");
  writeWholeSync(`${dir}/a`, "second");
  writeWholeSync(`${dir}/b`, new Uint8Array([1, 2]));
  assertEquals(Deno.readTextFileSync(`${dir}/a`), "second");
  assertEquals([...Deno.readFileSync(`${dir}/b`)], [1, 2]);
  assertEquals(names(dir), ["a", "b"]);
});

Deno.test("a file that cannot take its place leaves what was there, and nothing half written", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/taken/inside`, { recursive: true });
  assertThrows(() => writeWholeSync(`${dir}/taken`, "text"));
  assertThrows(() => writeWholeSync(`${dir}/no/such/folder`, "text"));
  assertEquals(names(dir), ["taken"]);
});

Deno.test("writeWhole() renames in order: where one fails, none after it is there", async () => {
  const dir = await Deno.makeTempDir();
  await writeWhole([[`${dir}/a`, "1"], [`${dir}/b`, new Uint8Array([2])]]);
  assertEquals(names(dir), ["a", "b"]);

  await Deno.mkdir(`${dir}/taken/inside`, { recursive: true });
  await assertRejects(() =>
    writeWhole([[`${dir}/taken`, "3"], [`${dir}/last`, "4"]])
  );
  assertEquals(names(dir), ["a", "b", "taken"]);
});

Deno.test("writeAllSync() goes on where the system takes less than it is given", () => {
  const taken: number[] = [];
  writeAllSync({
    writeSync(bytes) {
      taken.push(...bytes.subarray(0, 2));
      return Math.min(2, bytes.length);
    },
  }, new Uint8Array([1, 2, 3, 4, 5]));
  assertEquals(taken, [1, 2, 3, 4, 5]);
});

Deno.test("existsSync() sees a broken link, isFolderSync() what a link leads to", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/folder`);
  await Deno.writeTextFile(`${dir}/file`, "");
  await Deno.symlink(`${dir}/folder`, `${dir}/link`);
  await Deno.symlink(`${dir}/gone`, `${dir}/broken`);
  const of = (ask: (path: string) => boolean) =>
    ["folder", "file", "link", "broken", "none", "file/below"].filter((name) =>
      ask(`${dir}/${name}`)
    );
  assertEquals(of(existsSync), ["folder", "file", "link", "broken"]);
  assertEquals(of(isFolderSync), ["folder", "link"]);
});

Deno.test("makeFolderOf() makes the folders above a file, removeSync() takes away what there is", async () => {
  const dir = await Deno.makeTempDir();
  makeFolderOf(`${dir}/a/b/file`);
  assertEquals(isFolderSync(`${dir}/a/b`), true);
  assertEquals(existsSync(`${dir}/a/b/file`), false);
  removeSync(`${dir}/a`);
  removeSync(`${dir}/a`);
  assertEquals(names(dir), []);
});

Deno.test("pathIn() leaves absolute paths as they are", () => {
  assertEquals(
    [
      pathIn("runs/a", "log.csv"),
      pathIn(".", "log.csv"),
      pathIn("runs/a", "/tmp/log.csv"),
      pathIn("runs/a", "C:\\log.csv"),
    ],
    ["runs/a/log.csv", "log.csv", "/tmp/log.csv", "C:\\log.csv"],
  );
});

Deno.test("folderOf() is what stands before the last slash", () => {
  assertEquals(
    ["a/b/c", "/a", "a", "a\\b"].map(folderOf),
    ["a/b", "/", ".", "a"],
  );
});

/** An error as Deno makes one that it has no class for. */
function codeError(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

Deno.test("a disk that is full or fails is no mistake of the user", () => {
  const full = codeError(
    "ENOSPC",
    "No space left on device (os error 28): write 'best/model.json'",
  );
  const error = fileError('Cannot save to "best"', "write", "best", full);
  assert(error instanceof FileError);
  assertEquals(
    [error.message, error.cause],
    ['Cannot save to "best": No space left on device', full],
  );
});

Deno.test("fileError() says what, why and what to do, and keeps the cause", () => {
  const { errors } = Deno;
  const reason = (error: unknown) =>
    fileError('Cannot save to "best"', "write", "best", error).message;
  const why = {
    "write permission is missing; run with --allow-write=best": new errors
      .NotCapable(),
    "the system denies it": new errors.PermissionDenied(),
    "there is no such file or folder": new errors.NotFound(),
    "a file is in the place of a folder": new errors.NotADirectory(),
    "a folder is in the place of a file": new errors.IsADirectory(),
    "the name is too long": codeError("ENAMETOOLONG"),
    "its links lead in a circle": new errors.FilesystemLoop(),
  };
  for (const [text, error] of Object.entries(why)) {
    assertEquals(reason(error), `Cannot save to "best": ${text}`);
    assert(fileError("", "write", "", error) instanceof InputError);
  }
  const cause = new errors.NotFound();
  assertEquals(fileError("Cannot", "read", "x", cause).cause, cause);
});

Deno.test({
  name: "a permission that is missing is told with the flag that gives it",
  permissions: { read: true, write: false },
  fn() {
    const error = assertThrows(() => writeWholeSync("some/file", "text"));
    assertMatch(
      fileError("Cannot write some/file", "write", "some", error).message,
      /^Cannot write some\/file: write permission is missing; run with --allow-write=some$/,
    );
  },
});

Deno.test({
  name: "the permission that is named is the one that Deno asked for",
  permissions: { read: false, write: true },
  fn() {
    const error = assertThrows(() => Deno.statSync("some"));
    assertEquals(
      fileError("Cannot write some/file", "write", "some", error).message,
      "Cannot write some/file: read permission is missing; run with --allow-read=some",
    );
  },
});

Deno.test("a path that can be none holds nothing", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.symlink(`${dir}/loop`, `${dir}/loop`);
  assertEquals(existsSync(`${dir}/${"x".repeat(5000)}`), false);
  assertEquals(isFolderSync(`${dir}/${"x".repeat(5000)}`), false);
  assertEquals(isFolderSync(`${dir}/loop`), false);
  assertEquals([isFolderSync(""), existsSync("")], [false, false]);
  assertEquals(existsSync(`${dir}/loop`), true);
  removeSync(`${dir}/${"x".repeat(5000)}`);
});
