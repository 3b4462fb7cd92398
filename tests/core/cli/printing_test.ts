import { assertEquals } from "@std/assert";
import { folder, inShell, TINY } from "./_command.ts";

/** `sh` gives the exit code of the last command of a pipe: this one keeps the first's. */
const TO_HEAD = '{ "$@"; echo $? > code; } | head -1';

/** A line of the shell is needed, and a device that is always full. */
const ignore = Deno.build.os !== "linux";

const TRAIN = ["train", "tiny.ts", "--backend", "cpu", "--run-dir", "run"];

Deno.test({
  name: "a reader that goes away changes nothing but what is printed",
  ignore,
  async fn() {
    const cwd = await folder({ "tiny.ts": TINY });
    for (const flags of [[], ["--quiet"]]) {
      const args = [...TRAIN, "--epochs", "20", ...flags];
      const { err } = await inShell(TO_HEAD, args, { cwd });
      const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
      assertEquals([err, await Deno.readTextFile(`${cwd}/code`)], ["", "0\n"]);
      assertEquals(record.outcome.status, "completed");
      assertEquals(record.history.loss.length, 20);
      await Deno.remove(`${cwd}/run`, { recursive: true });
    }
  },
});

Deno.test({
  name: "so it is with any command, and with a reader of messages",
  ignore,
  async fn() {
    const cwd = await folder({ "tiny.ts": TINY });
    for (const args of [["plugins"], ["train", "--help"], []]) {
      const { err } = await inShell(TO_HEAD, args, { cwd });
      assertEquals([err, await Deno.readTextFile(`${cwd}/code`)], ["", "0\n"]);
    }
    const line = '{ "$@"; echo $? > code; } 2>&1 >&- | true';
    await inShell(line, ["trian"], { cwd });
    assertEquals(await Deno.readTextFile(`${cwd}/code`), "2\n");
  },
});

Deno.test({
  name:
    "a full disk behind the standard output is told once: the run is whole, the exit code 1",
  ignore,
  async fn() {
    const cwd = await folder({ "tiny.ts": TINY });
    const told =
      "Cannot write to the standard output: No space left on device (os error 28); nothing more is printed there\n";
    for (const args of [TRAIN, ["plugins"], ["--help"]]) {
      const { code, err } = await inShell('"$@" > /dev/full', args, { cwd });
      assertEquals([code, err], [1, told]);
    }
    const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
    assertEquals(record.outcome.status, "completed");
    const { code } = await inShell('"$@" > /dev/full 2>&1', ["plugins"], {
      cwd,
    });
    assertEquals(code, 1);
  },
});
