import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import {
  type GoesOn,
  type HostOptions,
  type LoopOptions,
  train,
} from "../../../core/loop/mod.ts";
import type { Keeper, Plugin } from "../../../core/plugin.ts";
import type { RunEvent } from "../../../core/events.ts";
import { silent } from "../../../core/terminal.ts";
import backupAndRestore from "../../../plugins/backup_and_restore.ts";
import { plugin } from "../_scripted.ts";

/** Follows runs in one folder, as the command line does, and keeps what it is told. */
function follower(dir: string) {
  const told = {
    events: [] as RunEvent[],
    from: [] as (GoesOn | undefined)[],
    later: [] as (() => void)[],
  };
  const keeps: Keeper = {
    save: () => told.events.length,
    load: (length) => void told.events.splice(length as number),
  };
  const options: HostOptions = {
    resumeFrom: () => dir,
    onPlan(_planned, _control, from) {
      told.from.push(from);
      return {
        dir,
        keeps,
        event: (event) => void told.events.push(event),
        later: (remove) => void told.later.push(remove),
      };
    },
  };
  return { told, options };
}

/** Losses that fall, by a step whose state outlives the process. */
function falling(options: LoopOptions & HostOptions) {
  let loss = 8;
  const keeps: Keeper = {
    save: () => loss,
    load: (saved) => void (loss = saved as number),
  };
  const trainStep = () => ({ loss: loss /= 2 });
  return train({ metrics: ["loss"], keeps, trainStep }, [0, 1], {
    ...{ epochs: 3, seed: 1, printer: silent() },
    ...options,
  });
}

/** Says something in every hook that has an epoch, and may pause the run. */
function busy(pauseAfter?: number): Plugin {
  return plugin("busy", {
    onTrainBegin: (_logs, run) => run.print("Warning: it begins"),
    onTrainBatchEnd(batch, _logs, run) {
      run.print(`Warning: batch ${batch}`);
      if (run.step === pauseAfter) run.stop("a pause", { resumable: true });
    },
    onEpochEnd: (_epoch, _logs, run) => run.print("Warning: it goes on"),
  });
}

function list(pauseAfter?: number): Plugin[] {
  return [busy(pauseAfter), backupAndRestore()];
}

Deno.test("wherever a run pauses, the one that goes on has told the same in the end", async () => {
  const whole = follower(await Deno.makeTempDir());
  await falling({ ...whole.options, plugins: list() });
  assertEquals(whole.told.from, [undefined]);
  for (let after = 1; after < 6; after++) {
    const { told, options } = follower(await Deno.makeTempDir());
    const { outcome } = await falling({ ...options, plugins: list(after) });
    assertEquals([outcome.status, outcome.resumable], ["stopped", true]);
    await falling({ ...options, plugins: list() });
    assertEquals(told.events, whole.told.events, `paused after ${after}`);
    const { epoch, batch, changes } = told.from[1]!;
    assertEquals([epoch * 2 + batch, changes], [after, []]);
  }
});

Deno.test("what the host says of a run's identity must be the same, unless it is taken all the same", async () => {
  const { told, options } = follower(await Deno.makeTempDir());
  const run = (identity: Record<string, string>, more: LoopOptions = {}) =>
    falling({
      ...options,
      identity: () => identity,
      plugins: list(told.from.length ? undefined : 3),
      ...more,
    });
  await run({ Deno: "2.9.6", "content of a.ts": "1234" });
  const { message } = await assertRejects(
    () => run({ Deno: "2.9.7", threads: "2" }),
    InputError,
  );
  assertEquals(message.split("\n").slice(1, -1), [
    "- Deno: it was 2.9.6, and is 2.9.7",
    "- content of a.ts: it was 1234, and is none",
    "- threads: it was none, and is 2",
  ]);
  assertEquals(told.from.length, 1); // Refused before anybody was told of a plan.
  await run({ Deno: "2.9.7" }, { resumeAnyway: true });
  assertEquals(told.from[1]!.changes, [
    "Deno: it was 2.9.6, and is 2.9.7",
    "content of a.ts: it was 1234, and is none",
  ]);
});

Deno.test("a host may remove the backups of a run later than at its end", async () => {
  const dir = await Deno.makeTempDir();
  const { told, options } = follower(dir);
  await falling({ ...options, plugins: list() });
  const there = () =>
    [...Deno.readDirSync(dir)].map(({ name }) => name).includes("backup");
  assertEquals([there(), told.later.length], [true, 1]);
  // What is over has nothing left to do, and is as it was.
  const { history } = await falling({ ...options, plugins: list() });
  assertEquals(history.loss, [3, 0.75, 0.1875]);
  told.later.at(-1)!();
  assertEquals(there(), false);
});
