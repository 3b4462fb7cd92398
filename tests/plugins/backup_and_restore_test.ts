import { assertEquals, assertThrows } from "@std/assert";
import { fakeRun } from "../../core/testing.ts";
import backupAndRestore, {
  type BackupAndRestoreOptions,
} from "../../plugins/backup_and_restore.ts";

/** What it asks for in two epochs of three batches, each taking `seconds`. */
async function asked(
  options: BackupAndRestoreOptions,
  seconds = 1,
): Promise<string[]> {
  const { fire, acts, clock } = fakeRun(backupAndRestore(options), {
    params: { epochs: 2 },
  });
  await fire("onTrainBegin");
  for (const epoch of [0, 1]) {
    await fire("onEpochBegin", epoch);
    for (const batch of [0, 1, 2]) {
      clock.now += 1000 * seconds;
      await fire("onTrainBatchEnd", batch);
    }
    await fire("onEpochEnd", epoch);
  }
  await fire("onTrainEnd");
  return acts.map(({ hook, epoch, batch, what }) =>
    `${hook} ${epoch} ${batch} keep=${what.kind === "backup" && what.keep}`
  );
}

Deno.test("it backs up after each epoch, keeps two, and removes them at the end", async () => {
  assertEquals(await asked({}), [
    "onEpochEnd 0 undefined keep=2",
    "onEpochEnd 1 undefined keep=2",
    "onTrainEnd 1 undefined keep=0",
  ]);
});

Deno.test("with a number it backs up every so many batches, counted over all epochs", async () => {
  assertEquals(await asked({ saveFreq: 2, doubleCheckpoint: false }), [
    "onTrainBatchEnd 0 1 keep=1",
    "onTrainBatchEnd 1 0 keep=1",
    "onTrainBatchEnd 1 2 keep=1",
    "onTrainEnd 1 undefined keep=0",
  ]);
});

Deno.test("after some seconds it backs up in any case", async () => {
  const slow = await asked({ everySeconds: 5, deleteCheckpoint: false }, 2);
  assertEquals(slow, [
    "onTrainBatchEnd 0 2 keep=2",
    "onEpochEnd 0 undefined keep=2",
    "onTrainBatchEnd 1 2 keep=2",
    "onEpochEnd 1 undefined keep=2",
  ]);
  assertEquals(await asked({ everySeconds: 0 }, 1000), await asked({}));
});

Deno.test("a clock that is set back holds up no backup", async () => {
  const { fire, acts, clock } = fakeRun(backupAndRestore({ everySeconds: 5 }));
  clock.now = 1e9;
  await fire("onTrainBegin");
  clock.now = 0;
  for (const batch of [0, 1, 2]) {
    await fire("onTrainBatchEnd", batch);
    clock.now += 3000;
  }
  assertEquals(acts.map(({ batch }) => batch), [2]);
});

Deno.test("what it cannot use is refused", () => {
  assertThrows(
    () => backupAndRestore({ saveFreq: 0 }),
    RangeError,
    `Cannot create backup-and-restore as 'saveFreq' must be "epoch" or an integer >= 1: current value is 0`,
  );
  assertThrows(
    () => backupAndRestore({ everySeconds: -1 }),
    RangeError,
    "'everySeconds' must be >= 0: current value is -1",
  );
});
