import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  callbackList,
  type CallbackListOptions,
  train,
  type TrainOptions,
} from "../../../../core/loop/mod.ts";
import { InputError, PluginError } from "../../../../core/errors.ts";
import {
  backupNumbers,
  newestBackup,
} from "../../../../core/run/backup/backup_folder.ts";
import type { Keeper, Plugin } from "../../../../core/plugin.ts";
import { silent } from "../../../../core/terminal.ts";
import backupAndRestore from "../../../../plugins/backup_and_restore.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import earlyStopping from "../../../../plugins/early_stopping.ts";

/** One number that is trained, and how it outlives the process. */
function oneWeight(): { value: number; loss: number; keeps: Keeper } {
  const weight = {
    value: 0,
    loss: NaN,
    keeps: {
      save: () => [weight.value, weight.loss],
      load(saved: unknown) {
        [weight.value, weight.loss] = saved as [number, number];
      },
    },
  };
  return weight;
}

const targets = [0.3, 0.1, 0.5, 0.9];
const options = { epochs: 4, seed: 5, printer: silent() };

function plugins(...more: Plugin[]): Plugin[] {
  return [
    csvLogger(),
    earlyStopping({ monitor: "loss", patience: 3 }),
    backupAndRestore({ saveFreq: 3 }),
    ...more,
  ];
}

/** Aborts after this many batches of the whole run. */
function aborter(after: number) {
  const controller = new AbortController();
  const plugin: Plugin = {
    name: "aborter",
    needs: {},
    onTrainBatchEnd(_batch, _logs, run) {
      if (run.step === after) controller.abort(new Error("enough"));
    },
  };
  return { plugin, signal: controller.signal };
}

interface Loop {
  /** Train in a folder. */
  (dir: string, abortAfter: number): Promise<unknown>;
}

async function sameHowever(loop: Loop): Promise<void> {
  const files = async (dir: string) =>
    await Deno.readTextFile(`${dir}/log.csv`);
  const dir = await Deno.makeTempDir();
  const whole = [await loop(dir, Infinity), await files(dir)];
  for (let after = 1; after < 16; after++) {
    const dir = await Deno.makeTempDir();
    await loop(dir, after);
    // Broken off once more, before it ends.
    if (after % 3 === 0) await loop(dir, after + 2);
    const parts = [await loop(dir, Infinity), await files(dir)];
    assertEquals(parts, whole, `broken off after batch ${after}`);
  }
}

Deno.test("train() goes on with its own step, which draws random numbers", async () => {
  await sameHowever(async (dir, after) => {
    const weight = oneWeight();
    const { plugin, signal } = aborter(after);
    const { history } = await train(
      {
        metrics: ["loss"],
        keeps: weight.keeps,
        trainStep(target: number, { random }) {
          weight.value += 0.3 * (target - weight.value) +
            0.01 * random.normal();
          return { loss: (target - weight.value) ** 2 };
        },
      },
      targets,
      { ...options, signal, resume: dir, plugins: plugins(plugin) },
    );
    return [weight.value, history];
  });
});

/** What the loops by hand are given. */
function listOptions(
  dir: string,
  weight: { keeps: Keeper },
  after: number,
): CallbackListOptions {
  const { plugin, signal } = aborter(after);
  return {
    ...options,
    signal,
    metrics: ["loss"],
    validation: true,
    keeps: weight.keeps,
    resume: dir,
    plugins: plugins(plugin),
  };
}

Deno.test("a loop over epochs and batches goes on where it was", async () => {
  await sameHowever(async (dir, after) => {
    const weight = oneWeight();
    await using list = callbackList(listOptions(dir, weight, after));
    for await (const epoch of list.epochs()) {
      for await (const batch of epoch.batches(targets)) {
        weight.value += 0.3 * (batch.data - weight.value) +
          0.01 * batch.random.normal();
        await batch.end({ loss: (batch.data - weight.value) ** 2 });
      }
      for await (const batch of epoch.validate(targets)) {
        await batch.end({ loss: (batch.data - weight.value) ** 2 });
      }
    }
    return [weight.value, list.history.history];
  });
});

Deno.test("a loop that calls the hooks itself is told where to go on", async () => {
  await sameHowever(async (dir, after) => {
    const weight = oneWeight();
    await using list = callbackList(listOptions(dir, weight, after));
    await list.onTrainBegin();
    for (let { epoch } = list.position; epoch < 4 && !list.stopped; epoch++) {
      await list.onEpochBegin(epoch);
      for (let { batch } = list.position; batch < targets.length; batch++) {
        await list.onTrainBatchBegin(batch);
        weight.value += 0.3 * (targets[batch]! - weight.value);
        weight.loss = (targets[batch]! - weight.value) ** 2;
        await list.onTrainBatchEnd(batch, { loss: weight.loss });
        if (list.stopped) break;
      }
      await list.onEpochEnd(epoch, {
        loss: weight.loss,
        val_loss: weight.value,
      });
    }
    await list.onTrainEnd();
    return [weight.value, list.history.history];
  });
});

Deno.test("a run that was asked to stop in mid-epoch, and died before the epoch's end, does not do another batch", async () => {
  const loop = async (resume: string, dies: boolean) => {
    const weight = oneWeight();
    const stopper: Plugin = {
      name: "stopper",
      onTrainBatchEnd(_batch, _logs, run) {
        if (run.step === 6) run.stop("enough");
      },
      onEpochEnd(epoch) {
        if (dies && epoch === 1) throw new Error("it died");
      },
    };
    await using list = callbackList({
      ...{ ...options, metrics: ["loss"], keeps: weight.keeps, resume },
      plugins: [stopper, backupAndRestore({ saveFreq: 1 })],
    });
    for await (const epoch of list.epochs()) {
      for await (const batch of epoch.batches(targets)) {
        weight.value += batch.data;
        await batch.end({ loss: weight.value });
      }
    }
    return [weight.value, list.history.history, list.history.outcome];
  };
  const whole = await loop(await Deno.makeTempDir(), false);
  const dir = await Deno.makeTempDir();
  await assertRejects(() => loop(dir, true), Error, "it died");
  assertEquals(await loop(dir, false), whole);
});

Deno.test("the end of training gets the last epoch's logs, also where it alone is left", async () => {
  const ended: unknown[] = [];
  let dies = true;
  let steps = 0;
  const end: Plugin = {
    name: "end",
    provides: { onEpochEnd: ["seen"] },
    onEpochEnd: () => ({ seen: 1 }),
    onTrainEnd(logs) {
      ended.push({ ...logs });
      if (dies) throw new Error("it died");
    },
  };
  const settings = {
    ...{ epochs: 1, printer: silent(), metrics: ["loss"] },
    plugins: [backupAndRestore(), end],
  };
  const { keeps } = oneWeight();
  const loops = [
    (resume: string) =>
      train({ ...settings, keeps, trainStep: () => (steps++, { loss: 2 }) }, [
        1,
      ], {
        ...settings,
        resume,
      }),
    async (resume: string) => {
      await using list = callbackList({ ...settings, keeps, resume });
      for await (const epoch of list.epochs()) {
        for await (const batch of epoch.batches([1])) {
          steps++;
          await batch.end({ loss: 2 });
        }
      }
    },
  ];
  for (const loop of loops) {
    const dir = await Deno.makeTempDir();
    dies = true;
    await assertRejects(() => loop(dir), Error, "it died");
    dies = false;
    await loop(dir);
  }
  assertEquals(ended, Array(4).fill({ loss: 2 }));
  assertEquals(steps, 2, "the step was not done again");
});

Deno.test("all that is not the same any more is named, and nothing is done", async () => {
  const dir = await Deno.makeTempDir();
  const run = (
    more: Parameters<typeof train>[2],
    about?: Record<string, string>,
  ) => {
    const weight = oneWeight();
    const { plugin, signal } = aborter(2);
    return train(
      {
        metrics: ["loss"],
        keeps: weight.keeps,
        ...about && { about },
        trainStep: () => ({ loss: 1 }),
      },
      targets,
      {
        ...options,
        signal,
        resume: dir,
        plugins: plugins(plugin),
        ...more,
      },
    );
  };
  await run({}, { backend: "cpu" });
  const before = await Deno.readTextFile(`${dir}/log.csv`);
  const other = { plugins: plugins().slice(1) };
  const { message } = await assertRejects(
    () => run(other, { backend: "wasm" }),
    InputError,
  );
  assertEquals(
    message,
    `Cannot go on from ${dir}/backup/000001.backup: this is another run
- plugin "csv-logger" is not there any more
- plugin "aborter" is not there any more
- backend: it was cpu, and is wasm
Make it the same again, or go on all the same with resumeAnyway (--resume-anyway)`,
  );
  assertEquals(await Deno.readTextFile(`${dir}/log.csv`), before);
  await assertRejects(
    () => run({ seed: 6 }, { backend: "cpu" }),
    InputError,
    "- seed: it was 5, and is 6",
  );
  await assertRejects(
    () => run({ stepsPerEpoch: 3, validationFreq: 2 }, { backend: "cpu" }),
    InputError,
    "- stepsPerEpoch: it was none, and is 3\n- validationFreq: it was none, and is 2",
  );
  const { history } = await run({ ...other, resumeAnyway: true });
  assertEquals(history.loss, [1, 1, 1, 1]);
});

Deno.test("a run goes on in its own folder", () => {
  assertThrows(
    () => callbackList({ resume: "runs/a", dir: "runs/b" }),
    InputError,
    "Cannot start as 'resume' is runs/a and 'dir' is runs/b: a run goes on in its own folder, leave 'dir' out",
  );
});

Deno.test("where there is nothing to go on from, the run begins; where it has come to its end, no backup is left", async () => {
  const dir = `${await Deno.makeTempDir()}/new`;
  const { keeps } = oneWeight();
  let loss = 9;
  const trainStep = () => ({ loss: --loss });
  const steps = { metrics: ["loss"], keeps, trainStep };
  const { outcome } = await train(steps, targets, {
    ...options,
    resume: dir,
    plugins: plugins(),
  });
  assertEquals(outcome.status, "completed");
  const names = [...Deno.readDirSync(dir)].map(({ name }) => name);
  assertEquals(names, ["log.csv"]);
});

Deno.test("a damaged backup gives way to the next one, so that two whole ones are kept", async () => {
  const dir = await Deno.makeTempDir();
  const { keeps } = oneWeight();
  const run = (after: number) => {
    const { plugin, signal } = aborter(after);
    return train({ metrics: ["loss"], keeps, trainStep: () => ({ loss: 1 }) }, [
      1,
      2,
    ], {
      ...options,
      signal,
      resume: dir,
      plugins: [plugin, backupAndRestore({ saveFreq: 1 })],
    });
  };
  await run(3);
  const names = () => backupNumbers(dir);
  assertEquals(names(), [3, 2]);
  await Deno.writeTextFile(`${dir}/backup/000003.backup`, "");
  await run(4);
  assertEquals(names(), [4, 3]);
  const lines: string[] = [];
  newestBackup(dir, (line) => lines.push(line));
  await Deno.writeTextFile(`${dir}/backup/000004.backup`, "");
  assertEquals(newestBackup(dir, (line) => lines.push(line))?.number, 3);
  assertEquals(lines.length, 1);
});

Deno.test("where backups take more than a twentieth of the time, some are left out, but not the last", async () => {
  const dir = await Deno.makeTempDir();
  const clock = { now: 0 };
  const { keeps } = oneWeight();
  let saves = 0;
  const slow = {
    ...keeps,
    save() {
      saves++;
      clock.now += 400;
      return keeps.save();
    },
  };
  const { plugin, signal } = aborter(100);
  await train(
    {
      metrics: ["loss"],
      keeps: slow,
      trainStep() {
        clock.now += 10;
        return { loss: 1 };
      },
    },
    Array(200).fill(1),
    {
      ...{ epochs: 1, printer: silent(), signal, resume: dir },
      now: () => clock.now,
      plugins: [plugin, backupAndRestore({ saveFreq: 1 })],
    } as TrainOptions<number>,
  );
  // Two are free; a third would be due after ten times the time they took.
  assertEquals(saves, 3);
  assertEquals(newestBackup(dir, () => {})?.backup.position.step, 100);
});

Deno.test("a run that is taken up at its end keeps its backups, where they are to stay", async () => {
  const dir = await Deno.makeTempDir();
  const backups = () =>
    [...Deno.readDirSync(`${dir}/backup`)].map(({ name }) => name)
      .filter((name) => name.endsWith(".backup")).sort();
  const run = async (epochs: number) => {
    const { keeps } = oneWeight();
    const steps = { metrics: ["loss"], keeps, trainStep: () => ({ loss: 1 }) };
    const stays = backupAndRestore({ deleteCheckpoint: false });
    const { epoch } = await train(steps, targets, {
      ...{ ...options, epochs },
      ...{ resume: dir, plugins: [stays] },
    });
    return epoch;
  };
  assertEquals(await run(2), [0, 1]);
  assertEquals(await run(2), [0, 1]);
  assertEquals(backups(), ["000001.backup", "000002.backup"]);
  assertEquals(await run(3), [0, 1, 2]);
});

Deno.test("a plugin that cannot load what it kept is named", async () => {
  const dir = await Deno.makeTempDir();
  const { plugin, signal } = aborter(2);
  const picky: Plugin = {
    name: "picky",
    keeps: {
      save: () => 1,
      load: () => Promise.reject(new Error("it is too old")),
    },
    onTrainEnd() {},
  };
  const run = (more: { signal?: AbortSignal }) => {
    const { keeps } = oneWeight();
    const steps = { metrics: ["loss"], keeps, trainStep: () => ({ loss: 1 }) };
    return train(steps, targets, {
      ...{ ...options, ...more },
      ...{ resume: dir, plugins: plugins(plugin, picky) },
    });
  };
  await run({ signal });
  await assertRejects(
    () => run({}),
    PluginError,
    'Plugin "picky" failed in onTrainBegin: what it had kept cannot be loaded: it is too old',
  );
});
