import { assertEquals } from "@std/assert";
import { filesIn, freeFolder } from "../../../../core/cli/report/run_folder.ts";
import { folder } from "../_command.ts";

Deno.test("freeFolder() never takes an existing folder", async () => {
  const parent = await Deno.makeTempDir();
  const now = new Date("2026-11-20T22:08:00Z");
  const first = freeFolder("digits", now, parent);
  assertEquals(first, `${parent}/digits-2026-11-20T22-08-00`);
  await Deno.mkdir(first);
  assertEquals(freeFolder("digits", now, parent), `${first}-2`);
});

Deno.test("filesIn() lists a checkpoint as one entry, and nothing if there is no folder", async () => {
  const dir = await folder({
    "run.json": "",
    "logs/a.csv": "",
    "best/model.json": "",
    "best/weights.bin": "",
  });
  assertEquals(filesIn(dir), ["best/", "logs/a.csv", "run.json"]);
  assertEquals(filesIn(`${dir}/none`), []);
});
