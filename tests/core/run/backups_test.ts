import { assertEquals, assertRejects } from "@std/assert";
import { train } from "../../../core/loop/mod.ts";
import { backupNumbers } from "../../../core/run/backup_folder.ts";
import type { HostOptions } from "../../../core/run/run_options.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { silent } from "../../../core/terminal.ts";
import backupAndRestore from "../../../plugins/backup_and_restore.ts";
import csvLogger from "../../../plugins/csv_logger.ts";

/** A run that dies in a batch, counted over all epochs; or in none. */
function run(dir: string, dies: number, resume = true, saveFreq = 5) {
  const notes: Plugin = {
    name: "notes",
    needs: {},
    onTrainBatchEnd(_batch, _logs, run) {
      const before = run.files.read("notes.txt") ?? "";
      run.files.write("notes.txt", `${before}${run.step} `);
      run.files.write(`notes/${run.step}.txt`, "");
      if (run.step === dies) throw new Error("it died");
    },
  };
  let weight = 1;
  const steps = {
    metrics: ["loss"],
    trainStep: (batch: number) => ({ loss: weight *= batch }),
    keeps: {
      save: () => weight,
      load: (saved: unknown) => void (weight = saved as number),
    },
  };
  return train(steps, [2, 3], {
    epochs: 3,
    ...resume ? { resume: dir } : { dir },
    printer: silent(),
    plugins: [
      csvLogger({ append: true }),
      notes,
      backupAndRestore({ saveFreq, deleteCheckpoint: false }),
    ],
  });
}

async function filesIn(dir: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const { name, isFile } of Deno.readDirSync(dir)) {
    files[name] = isFile ? await Deno.readTextFile(`${dir}/${name}`) : "";
  }
  for (const { name } of Deno.readDirSync(`${dir}/notes`)) files[name] = "";
  return files;
}

/** A folder with what was there before any run. */
async function folder(): Promise<string> {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/log.csv`, "epoch,loss\n7,1\n");
  await Deno.writeTextFile(`${dir}/notes.txt`, "before: ");
  return dir;
}

Deno.test("a run that died before its first backup begins again in the folder as it was", async () => {
  const whole = await folder();
  await run(whole, 0);
  const dir = await folder();
  for (const dies of [1, 4, 2]) await assertRejects(() => run(dir, dies));
  await run(dir, 0);
  assertEquals(await filesIn(dir), await filesIn(whole));
});

Deno.test("a run that begins anew does not leave the backups of an earlier one, which the next would go on from", async () => {
  const dir = await folder();
  await run(dir, 0);
  await assertRejects(() => run(dir, 3, false));
  const { epoch } = await run(dir, 0);
  assertEquals(epoch, [0, 1, 2]);
  const { "notes.txt": notes } = await filesIn(dir);
  assertEquals(notes, "before: 1 2 3 4 5 6 1 2 3 4 5 6 ");
});

Deno.test("what the run's follower has in files is on the disk before the backup that counts on it", async () => {
  const dir = await Deno.makeTempDir();
  const seen: number[][] = [];
  await train(
    {
      trainStep: () => ({ loss: 0 }),
      keeps: { save: () => 0, load() {} },
    },
    [1, 2, 3],
    {
      dir,
      printer: silent(),
      plugins: [backupAndRestore({ saveFreq: 1, deleteCheckpoint: false })],
      onPlan: () => ({
        keeps: { save: () => 1, load() {} },
        async flush() {
          await new Promise((done) => setTimeout(done, 5));
          seen.push(backupNumbers(dir));
        },
      }),
    } as HostOptions,
  );
  assertEquals(seen, [[], [1], [2, 1]]);
});

Deno.test("of a folder called backup, a run removes only what is its own", async () => {
  const dir = await folder();
  await Deno.mkdir(`${dir}/backup/files`, { recursive: true });
  await Deno.writeTextFile(`${dir}/backup/files/mine.txt`, "mine");
  await Deno.writeTextFile(`${dir}/backup/photos.zip`, "mine too");
  let weight = 0;
  await train(
    {
      trainStep: () => ({ loss: weight++ }),
      keeps: { save: () => 0, load() {} },
    },
    [1, 2],
    {
      dir,
      printer: silent(),
      plugins: [csvLogger(), backupAndRestore({ saveFreq: 1 })],
    },
  );
  const left = [...Deno.readDirSync(`${dir}/backup`)].map(({ name }) => name);
  assertEquals(left.sort(), ["files", "photos.zip"]);
  assertEquals(await Deno.readTextFile(`${dir}/backup/files/mine.txt`), "mine");
});
