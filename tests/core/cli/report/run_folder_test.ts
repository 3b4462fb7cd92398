import { assertEquals, assertThrows } from "@std/assert";
import {
  checkFree,
  filesIn,
  folderName,
  giveBack,
  takeFolder,
  takeNext,
} from "../../../../core/cli/report/run_folder.ts";
import { InputError } from "../../../../core/errors.ts";
import { folder } from "../_command.ts";

Deno.test("folderName() is an experiment and a time", () => {
  const now = new Date("2026-11-20T22:08:00Z");
  assertEquals(folderName("digits", now), "runs/digits-2026-11-20T22-08-00");
});

Deno.test("takeFolder() never takes a folder that is there: the next number is as good", async () => {
  const dir = `${await Deno.makeTempDir()}/runs/a`;
  assertEquals(takeFolder({ dir }), dir);
  assertEquals(takeFolder({ dir }), `${dir}-2`);
  assertEquals(takeFolder({ dir }), `${dir}-3`);
});

Deno.test("a folder that was named is taken as it is, unless it holds an earlier run", async () => {
  const dir = await folder({ "notes.txt": "mine" });
  const wish = { dir, named: true };
  assertEquals(takeFolder(wish), dir);
  const error = assertThrows(() => takeFolder(wish), InputError);
  assertEquals(
    error.message,
    `Cannot use ${dir}: it holds an earlier run; name another folder with --run-dir, or give --overwrite to replace its record and its files`,
  );
  assertThrows(() => checkFree(wish), InputError, error.message);
  assertEquals(takeFolder({ ...wish, overwrite: true }), dir);
});

Deno.test("a folder of runs is none for a run, which could write to all of them", async () => {
  const dir = await folder({ "one/run.json": "{}", "notes.txt": "mine" });
  for (const overwrite of [false, true]) {
    assertThrows(
      () => checkFree({ dir, named: true, overwrite }),
      InputError,
      `Cannot use ${dir}: runs have their folders in it, such as ${dir}/one; name another folder with --run-dir`,
    );
  }
  checkFree({ dir: `${dir}/two`, named: true });
});

Deno.test("a folder that cannot be had is reported, with what helps", async () => {
  const file = await Deno.makeTempFile();
  for (
    const [dir, reason] of [
      [file, "a file is in the place of a folder"],
      [`${file}/a/b`, "a file is in the place of a folder"],
    ]
  ) {
    for (const named of [true, false]) {
      if (!named && dir === file) continue;
      const error = assertThrows(
        () => takeFolder({ dir: dir!, named }),
        InputError,
      );
      assertEquals(
        error.message,
        `Cannot write into the run folder ${dir}: ${reason}; --run-dir names another folder`,
      );
    }
  }
});

Deno.test("takeNext() counts inside of a folder; with overwrite it takes what an earlier run had", async () => {
  const dir = await folder({ "3/data.txt": "mine" });
  assertEquals(takeNext(dir, 2, {}), `${dir}/2`);
  assertEquals(takeNext(dir, 3, {}), `${dir}/4`);
  assertEquals(takeNext(dir, 3, { overwrite: true }), `${dir}/3`);
});

Deno.test("giveBack() removes a folder that nothing was written to, and no other", async () => {
  const named = takeFolder({ dir: `${await folder()}/a`, named: true });
  assertEquals(giveBack(named), true);
  assertThrows(() => Deno.statSync(named), Deno.errors.NotFound);
  for (
    const files of [{ "log.csv": "x" }, { "run.json": "{}" }, {
      "run.json": "",
      "log.csv": "x",
    }]
  ) {
    const full = await folder(files);
    assertEquals(giveBack(full), false);
    assertEquals(filesIn(full), Object.keys(files).sort());
  }
});

Deno.test("filesIn() lists a checkpoint as one entry, backups not at all, and nothing if there is no folder", async () => {
  const dir = await folder({
    "run.json": "",
    "logs/a.csv": "",
    "best/model.json": "",
    "best/weights.bin": "",
    "backup/000001.backup": "",
    "backup/files/1": "",
  });
  assertEquals(filesIn(dir), ["best/", "logs/a.csv", "run.json"]);
  assertEquals(filesIn(`${dir}/none`), []);
});
