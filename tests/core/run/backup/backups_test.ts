import { assertEquals, assertRejects } from "@std/assert";
import { shadow } from "../../../../core/contract/shadow.ts";
import {
  callbackList,
  type History,
  type LoopOptions,
  train,
} from "../../../../core/loop/mod.ts";
import { backupNumbers } from "../../../../core/run/backup/backup_folder.ts";
import type { HostOptions } from "../../../../core/run/run_options.ts";
import type { Keeper, Plugin, Run } from "../../../../core/plugin.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { fakeResources } from "../../../../core/run/fake_resources.ts";
import type { WeightStore } from "../../../../core/steps.ts";
import { silent } from "../../../../core/terminal.ts";
import backupAndRestore from "../../../../plugins/backup_and_restore.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import {
  batches,
  notebook,
  plugin,
  scripted,
  training,
} from "../../_scripted.ts";

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

/** Train 6 batches with a backup after each; gives the lines it prints. */
async function six(
  dir: string,
  options: LoopOptions & HostOptions,
  more: Parameters<typeof backupAndRestore>[0] = {},
): Promise<{ lines: string[]; history: History }> {
  const printer = notebook();
  const keeps: Keeper = { save: () => 0, load() {} };
  const history = await training(
    scripted({ keeps, weights }),
    batches(1, 2, 3),
    undefined,
    {
      ...{ epochs: 2, resume: dir, printer, ...options },
      plugins: [
        options.plugins ?? [],
        backupAndRestore({ saveFreq: 1, ...more }),
      ],
    },
  );
  return { lines: printer.lines, history };
}

/** Something of them cannot be backed up. */
const weights: WeightStore = {
  ...fakeResources({}, [1], new Set()).weights!,
  unwritten: "the state of its optimizer",
};
const UNWRITTEN =
  "Warning: backups are without the state of its optimizer: a run that goes on from one will not equal an unbroken one";

/** Does something after so many batches. */
function after(
  step: number,
  act: (run: Run) => void | Promise<void>,
): Plugin {
  return plugin("after", {
    needs: {},
    onTrainBatchEnd: (_batch, _logs, run) =>
      run.step === step ? act(run) : undefined,
  });
}

const kept = { deleteCheckpoint: false };

Deno.test("while a run cannot be backed up it goes on: that is said once, and once when it is possible again", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/backup`, "");
  const block = (step: number) => ({
    ...after(step, () => {
      Deno.removeSync(`${dir}/backup`, { recursive: true });
      Deno.writeTextFileSync(`${dir}/backup`, "");
    }),
    name: "block",
  });
  const free = after(3, () => Deno.removeSync(`${dir}/backup`));
  const { lines } = await six(
    dir,
    { dir, resume: undefined, plugins: [free, block(5)] },
    kept,
  );
  const warning = (line: string) =>
    line.startsWith("Warning: the run cannot be backed up: ") &&
    line.endsWith(
      "a file is in the place of a folder; it goes on, and it is tried again",
    );
  assertEquals(lines.map((it) => warning(it) ? "warning" : it), [
    "warning",
    UNWRITTEN,
    "The run is backed up again",
    "warning",
  ]);
});

Deno.test("a follower or a plugin that cannot say what it keeps costs that backup, and not the run", async () => {
  const failing = (count: number) => () => {
    if (count-- > 0) throw new Error("the disk is full");
  };
  const told = (why: string) => [
    `Warning: the run cannot be backed up: ${why}; it goes on, and it is tried again`,
    "The run is backed up again",
  ];
  const flush = failing(2);
  const follower = await six(await Deno.makeTempDir(), {
    onPlan: () => ({ flush: async () => await flush() }),
  });
  const [unwritten, ...rest] = follower.lines;
  assertEquals([unwritten, rest], [UNWRITTEN, told("the disk is full")]);
  const keeps: Keeper = { save: failing(2), load() {} };
  const owner = await six(await Deno.makeTempDir(), {
    plugins: [plugin("owner", { keeps, onEpochEnd() {} })],
  });
  assertEquals(owner.lines, [
    told(
      'Plugin "owner" failed in onTrainBatchEnd at epoch 0, batch 0: what it keeps cannot be saved: the disk is full',
    )[0]!,
    UNWRITTEN,
    told("")[1]!,
  ]);
});

Deno.test("backups are numbered on: also where the run goes on, and where somebody removed them", async () => {
  const dir = await Deno.makeTempDir();
  const remove = after(4, async () => {
    // Backup 3 is written while batch 4 is trained.
    while (backupNumbers(dir)[0] !== 3) {
      await new Promise((go) => setTimeout(go));
    }
    await Deno.remove(`${dir}/backup`, { recursive: true });
  });
  await six(dir, { plugins: [remove] }, kept);
  assertEquals(backupNumbers(dir), [6, 5]);
  await six(dir, { epochs: 3, plugins: [{ ...remove }] }, kept);
  assertEquals(backupNumbers(dir), [9, 8]);
});

Deno.test("a run that is broken off again and again keeps two backups", async () => {
  const dir = await Deno.makeTempDir();
  for (const step of [1, 2, 4]) {
    const controller = new AbortController();
    const { signal } = controller;
    const leave = after(step, () => controller.abort());
    const run = (plugin: Plugin) =>
      six(dir, { signal, plugins: [plugin] }, { saveFreq: 100 });
    const { outcome } = (await run(leave)).history;
    assertEquals(outcome.status, "aborted");
  }
  assertEquals(backupNumbers(dir), [3, 2]);
});

Deno.test("backups are removed where the training came to its end, and not where it is to go on", async () => {
  const left = async (
    options: HostOptions,
    more: Parameters<typeof backupAndRestore>[0] = {},
  ) => {
    const dir = await Deno.makeTempDir();
    await six(dir, options, more).catch(() => {});
    return backupNumbers(dir).length;
  };
  const ends = (onTrainEnd: () => void) => ({
    plugins: [plugin("ends", { needs: {}, onTrainEnd })],
  });
  const bad = () => {
    throw new Error("it broke");
  };
  const controller = new AbortController();
  const at = (act: (run: Run) => void) => ({ plugins: [after(4, act)] });
  assertEquals(await left({}), 0);
  assertEquals(await left(at((run) => run.stop("enough"))), 0);
  const pause = at((run) => run.stop("a pause", { resumable: true }));
  assertEquals(await left(pause), 2);
  assertEquals(await left(pause, { saveFreq: "epoch" }), 2);
  assertEquals(await left(at(bad)), 2);
  assertEquals(await left(ends(bad)), 2);
  assertEquals(
    await left({
      ...at(() => controller.abort()),
      signal: controller.signal,
    }),
    2,
  );
});

Deno.test("who asks that none be kept may ask for one again", async () => {
  const dir = await Deno.makeTempDir();
  const asks = (...keep: number[]) =>
    plugin("asks", {
      ...{ needs: {}, requires: ["backup"] },
      onTrainBatchEnd: (_batch, _logs, run) =>
        run.backup({ keep: keep[run.step - 1] ?? 0 }),
    });
  const run = (plugin: Plugin) =>
    six(dir, { plugins: [plugin] }, { ...kept, saveFreq: 100 });
  await run(asks(1, 0, 0, 0, 0, 1));
  assertEquals(backupNumbers(dir), [2]);
  await Deno.remove(`${dir}/backup`, { recursive: true });
  await run(asks(1, 1));
  assertEquals(backupNumbers(dir), []);
});

Deno.test("what files held is kept for the backups that there are, and no longer", async () => {
  const dir = await Deno.makeTempDir();
  const notes = plugin("notes", {
    needs: {},
    onTrainBatchEnd: (_batch, _logs, run) =>
      run.files.write("notes.txt", `${run.step}`),
  });
  await six(dir, { plugins: [notes] }, kept);
  // What it held at backup 5; what it held at backup 6 is in its place.
  assertEquals([...Deno.readDirSync(`${dir}/backup/files`)].length, 1);
});

Deno.test("files that a caller brings, and that cannot be put back, are no part of a backup", async () => {
  const dir = await Deno.makeTempDir();
  const { read, write, open, remove } = runFiles(dir);
  const files = { read, write, open, remove };
  const { lines } = await six(dir, { files }, kept);
  assertEquals([lines, backupNumbers(dir)], [[UNWRITTEN], [6, 5]]);
  const again = await six(dir, { files, epochs: 3 }, kept);
  assertEquals([again.lines, backupNumbers(dir)], [[UNWRITTEN], [9, 8]]);
  await six(dir, { files, epochs: 4 });
  assertEquals(backupNumbers(dir), []);
});

Deno.test("a run that goes on keeps its backups to its end where they are to be kept", async () => {
  const dir = await Deno.makeTempDir();
  const controller = new AbortController();
  const { signal } = controller;
  const rarely = { ...kept, saveFreq: 100 };
  const leave = () => controller.abort();
  await six(dir, { signal, plugins: [after(2, leave)] }, rarely);
  assertEquals(backupNumbers(dir), [1]);
  const goOn = { plugins: [after(2, () => {})] };
  await six(dir, goOn, rarely);
  assertEquals(backupNumbers(dir), [1]);
  await six(dir, goOn, { saveFreq: 100 });
  assertEquals(backupNumbers(dir), []);
});

Deno.test("a run that is aborted is backed up once the hook has settled, if it is backed up at all", async () => {
  for (const plugins of [[backupAndRestore()], [csvLogger()]]) {
    const dir = await Deno.makeTempDir();
    const controller = new AbortController();
    const list = callbackList({
      ...{ dir, plugins, weights, metrics: ["loss"], printer: silent() },
      signal: controller.signal,
    });
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    await list.onTrainBatchBegin(0);
    controller.abort();
    await list.onTrainBatchEnd(0, { loss: 1 });
    assertEquals(backupNumbers(dir).length, plugins[0]!.requires ? 1 : 0);
    await list.fail(new Error("enough"));
  }
});

Deno.test("a run that is not backed up, or only by a shadow, leaves the backups of another alone", async () => {
  const dir = await Deno.makeTempDir();
  await six(dir, {}, kept);
  const printer = notebook();
  for (const list of [[], [csvLogger()], [shadow(backupAndRestore())]]) {
    await training(scripted({ weights }), batches(1), undefined, {
      ...{ dir, printer, plugins: list },
    });
    assertEquals(backupNumbers(dir), [6, 5]);
  }
});

Deno.test("what cannot be put back as it was is told", async () => {
  const dir = await folder();
  await assertRejects(() => run(dir, 1));
  await Deno.remove(`${dir}/backup/files`, { recursive: true });
  await Deno.remove(`${dir}/notes.txt`);
  const printer = notebook();
  await training(
    scripted({ keeps: { save() {}, load() {} } }),
    batches(1),
    undefined,
    { resume: dir, printer, plugins: [backupAndRestore()] },
  );
  assertEquals(printer.lines, [
    `Warning: Cannot put back ${dir}/notes.txt: it is gone`,
  ]);
});
