import { assertEquals } from "@std/assert";
import { findModel } from "../../../../core/cli/experiment/saved_model.ts";
import {
  jsonOf,
  WEIGHTS_FILE,
} from "../../../../core/tf/checkpoint/checkpoint_files.ts";
import { writeCheckpoint } from "../../../../core/tf/checkpoint/write_checkpoint.ts";

/** The folder of a run with checkpoints, each a minute younger than the one before. */
async function run(...names: string[]) {
  const dir = await Deno.makeTempDir();
  for (const [i, name] of names.entries()) {
    const specs = [{ name: "w", shape: [4], dtype: "float32" as const }];
    await writeCheckpoint(`${dir}/${name}`, {
      numbers: [[WEIGHTS_FILE, new Uint8Array(16)]],
      json: (nameOf, files) => jsonOf({}, specs, nameOf(WEIGHTS_FILE), files),
    });
    const written = new Date(Date.UTC(2026, 0, 1, 0, i));
    await Deno.utime(`${dir}/${name}/model.json`, written, written);
  }
  return dir;
}

async function damage(path: string) {
  const bytes = await Deno.readFile(path);
  bytes[3]! ^= 128;
  await Deno.writeFile(path, bytes);
}

Deno.test("a run is known by its best checkpoint, or its only one", async () => {
  const dir = await run("best", "2", "1");
  assertEquals(await findModel(dir), { dir: `${dir}/best`, run: undefined });
  const one = await run("last");
  assertEquals((await findModel(`${one}/`)).dir, `${one}/last`);
});

Deno.test("where a run's checkpoint is damaged, the newest other one that is whole is used, and both are named", async () => {
  const dir = await run("2", "best", "1", "3");
  await damage(`${dir}/best/weights.bin`);
  await damage(`${dir}/3/weights.bin`);
  assertEquals(await findModel(dir), {
    dir: `${dir}/1`,
    run: undefined,
    warning:
      `Warning: Cannot load from "${dir}/best": "weights.bin" is damaged, its bytes are not those that were written; ${dir}/1, the one before, is used instead`,
  });
});

Deno.test("a damaged checkpoint without another one, or that was named itself, is not replaced", async () => {
  const dir = await run("best", "1");
  await damage(`${dir}/best/weights.bin`);
  assertEquals((await findModel(`${dir}/best`)).dir, `${dir}/best`);
  await damage(`${dir}/1/weights.bin`);
  assertEquals(await findModel(dir), { dir: `${dir}/best`, run: undefined });
});
