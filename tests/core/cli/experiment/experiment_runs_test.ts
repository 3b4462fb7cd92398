import type { LogsEvent } from "../../../../core/events.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import {
  type ExperimentRuns,
  experimentRuns,
} from "../../../../core/cli/experiment/experiment_runs.ts";
import type { Setup } from "../../../../core/cli/experiment/experiment.ts";
import { runOnce } from "../../../../core/cli/experiment/run_once.ts";
import { eventsIn } from "../../../../core/cli/report/past_events.ts";
import { readRun } from "../../../../core/cli/report/past_run.ts";
import { filesIn } from "../../../../core/cli/report/run_folder.ts";
import { runPage } from "../../../../core/cli/report/run_lines.ts";
import type { PlannedRun } from "../../../../core/run/planned_run.ts";
import type { RunWatch } from "../../../../core/run/run_options.ts";
import {
  callbackList,
  type HostOptions,
  type LoopOptions,
  testLoop,
  train,
} from "../../../../core/loop/mod.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import { batches, notebook, plugin, scripted } from "../../_scripted.ts";
import { context, recordIn } from "./_context.ts";

/** Epochs whose losses are the batches. */
function losses(setup: Setup, batches: number[], plugins: Plugin[] = []) {
  let epoch = 0;
  return train(
    { metrics: ["loss"], trainStep: () => ({ loss: batches[epoch++]! }) },
    [0],
    { epochs: batches.length, ...setup.run(plugins) },
  );
}

/** The records below a folder. */
const recordsIn = (dir: string) =>
  filesIn(dir).filter((file) => file.endsWith("run.json"));

/** Writes the index of each epoch to a file that it begins anew. */
function log(): Plugin {
  let text = "";
  return plugin("log", {
    onEpochEnd: (epoch, _logs, run) =>
      run.files.write("log.txt", text += epoch),
  });
}

Deno.test("each training of an experiment has a place and a record of its own", async () => {
  const given = await context();
  const dirs: string[] = [];
  const look = plugin("look", {
    onTrainEnd: (_, run) => void dirs.push(run.dir),
  });
  const { dir, history } = await runOnce(async (setup) => {
    await losses(setup, [3, 2, 1], [log(), look]);
    await losses(setup, [5], [log(), look]);
    await losses(setup, [6, 7], [log(), look]);
  }, given);
  assertEquals(dir, given.dir);
  assertEquals(dirs, [dir, `${dir}/2`, `${dir}/3`]);
  assertEquals(filesIn(dir!), [
    "2/events.jsonl",
    "2/log.txt",
    "2/run.json",
    "3/events.jsonl",
    "3/log.txt",
    "3/run.json",
    "events.jsonl",
    "log.txt",
    "run.json",
  ]);
  assertEquals(
    dirs.map((
      dir,
    ) => [recordIn(dir).history.loss, recordIn(dir).params.epochs]),
    [[[3, 2, 1], 3], [[5], 1], [[6, 7], 2]],
  );
  assertEquals(Deno.readTextFileSync(`${dir}/log.txt`), "012");
  // It returned nothing: the last training speaks for it.
  assertEquals(history!.history.loss, [6, 7]);
});

Deno.test("one setup.run() for two trainings gives each its place, too", async () => {
  const given = await context();
  await runOnce(async (setup) => {
    const run = setup.run();
    for (const loss of [1, 2]) {
      const trainStep = () => ({ loss });
      await train({ metrics: ["loss"], trainStep }, [0], run);
    }
  }, given);
  assertEquals(recordsIn(given.dir), ["2/run.json", "run.json"]);
});

Deno.test("a training that is refused takes no place", async () => {
  const given = await context();
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["none"] },
    onEpochEnd() {},
  });
  await assertRejects(() =>
    runOnce(async (setup) => {
      await losses(setup, [1]);
      await losses(setup, [1], [needy]);
    }, given)
  );
  assertEquals(recordsIn(given.dir), ["run.json"]);
  const { outcome, error } = recordIn(given.dir);
  assertEquals(outcome, { status: "completed" });
  assert(error.startsWith("Cannot start training: 1 problem"));

  const refused = await context();
  await assertRejects(() =>
    runOnce((setup) => losses(setup, [1], [needy]), refused)
  );
  assertEquals(filesIn(refused.dir.replace(/run$/, "")), []);
});

Deno.test("a folder that an experiment asks for is taken then, and given back if nothing comes of it", async () => {
  const given = await context();
  let asked = "";
  await assertRejects(() =>
    runOnce((setup) => {
      asked = setup.dir;
      assert(Deno.statSync(asked).isDirectory);
      throw new Error("no data");
    }, given)
  );
  assertEquals(asked, given.dir);
  assert(!filesIn(given.dir).length);
  let exists = true;
  try {
    Deno.statSync(given.dir);
  } catch {
    exists = false;
  }
  assertEquals(exists, false);
});

/** Writes a file in an evaluation. */
const report = plugin("report", {
  onTestEnd: (_logs, run) => run.files.write("report.txt", run.dir),
});

Deno.test("an evaluation has no record of its own: its files go to the training before it", async () => {
  const given = await context();
  await runOnce(async (setup) => {
    await losses(setup, [1]);
    await losses(setup, [2]);
    await testLoop(scripted(), batches(1), setup.run([report]));
    await losses(setup, [3]);
  }, given);
  assertEquals(recordsIn(given.dir), ["2/run.json", "3/run.json", "run.json"]);
  assertEquals(filesIn(`${given.dir}/2`).includes("report.txt"), true);
});

Deno.test("an experiment that trains nothing leaves a folder only if something was written", async () => {
  for (const named of [false, true]) {
    const given = { ...await context(), named };
    const quiet = await runOnce(async (setup) => {
      await testLoop(scripted(), batches(1), setup.run());
    }, given);
    assertEquals(quiet.dir, undefined);
    assertEquals(filesIn(given.dir.replace(/run$/, "")), []);

    const { dir } = await runOnce(async (setup) => {
      await testLoop(scripted(), batches(1), setup.run([report]));
    }, given);
    assertEquals(filesIn(dir!), ["report.txt", "run.json"]);
    assertEquals(recordIn(dir!).outcome, { status: "completed" });
  }
});

Deno.test("after each epoch the record holds it, with its time; a run that was killed has no outcome", async () => {
  const given = await context();
  const clock = { now: 0 };
  const runs = experimentRuns(given, () => clock.now);
  const batches = [3, NaN, 4];
  const seen: unknown[] = [];
  const look = plugin("look", {
    onEpochBegin(epoch, _logs, run) {
      clock.now += 1500;
      if (epoch === 0) return;
      const { epoch: epochs, history, seconds, best, outcome, ended } =
        recordIn(run.dir);
      seen.push([epochs, history.loss, seconds, best, outcome, ended]);
    },
  });
  const options: LoopOptions & HostOptions = {
    epochs: 3,
    plugins: [look],
    onPlan: (planned, _control, from) => runs.follow(planned, from),
  };
  await train(
    { metrics: ["loss"], trainStep: () => ({ loss: batches.shift()! }) },
    [0],
    options,
  );
  const best = { epoch: 0, key: "loss", value: 3 };
  assertEquals(seen, [
    [[0], [3], [1.5], best, undefined, undefined],
    [[0, 1], [3, "NaN"], [1.5, 1.5], best, undefined, undefined],
  ]);
  const { seconds, outcome, ended } = recordIn(given.dir);
  assertEquals([seconds, outcome], [[1.5, 1.5, 1.5], { status: "completed" }]);
  assertEquals(typeof ended, "string");
});

Deno.test("a column has null for an epoch that did not have the key", async () => {
  const given = await context();
  await runOnce((setup) =>
    train(
      {
        metrics: ["loss"],
        trainStep: () => ({ loss: 1 }),
        testStep: () => ({ loss: 1 }),
      },
      [0],
      {
        epochs: 4,
        validationFreq: 2,
        validation: [0],
        ...setup.run(),
      },
    ), given);
  assertEquals(recordIn(given.dir).history, {
    loss: [1, 1, 1, 1],
    val_loss: [null, 1, null, 1],
  });
});

Deno.test("a failed run has its epochs, and by whom, where and why it failed", async () => {
  const given = await context();
  const bad = plugin("bad", {
    onEpochEnd(epoch) {
      if (epoch === 2) throw new Error("no more");
    },
  });
  await assertRejects(() =>
    runOnce((setup) => losses(setup, [3, 2, 1], [bad]), given)
  );
  const { epoch, history, outcome, error } = recordIn(given.dir);
  assertEquals([epoch, history.loss, error], [[0, 1], [3, 2], undefined]);
  assertEquals(outcome, {
    status: "failed",
    by: "bad",
    hook: "onEpochEnd",
    epoch: 2,
    reason: 'Plugin "bad" failed in onEpochEnd at epoch 2: no more',
  });
});

Deno.test("a run that fails in its last hook has failed, with all its epochs", async () => {
  const given = await context();
  const bad = plugin("bad", {
    onTrainEnd() {
      throw new Error("no more");
    },
  });
  await assertRejects(() =>
    runOnce((setup) => losses(setup, [3, 2], [bad]), given)
  );
  const { epoch, outcome } = recordIn(given.dir);
  assertEquals([epoch, outcome.status, outcome.hook], [
    [0, 1],
    "failed",
    "onTrainEnd",
  ]);
});

Deno.test("what fails after the training takes nothing out of its record", async () => {
  const given = await context();
  await assertRejects(() =>
    runOnce(async (setup) => {
      await losses(setup, [3, 2]);
      throw new Error("Broken pipe");
    }, given)
  );
  const { epoch, history, outcome, error } = recordIn(given.dir);
  assertEquals([epoch, history.loss], [[0, 1], [3, 2]]);
  assertEquals(outcome, { status: "completed" });
  assert(error.endsWith(": Broken pipe"));
});

Deno.test("a loop that was left open ended as its experiment did", async () => {
  const given = await context();
  await runOnce(async (setup) => {
    const list = callbackList({ metrics: ["loss"], ...setup.run() });
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    await list.onEpochEnd(0, { loss: 1 });
  }, given);
  assertEquals(recordIn(given.dir).outcome, { status: "completed" });
});

Deno.test("a record that cannot be written does not end the run, and is told of", async () => {
  const given = await context();
  const printer = notebook();
  const vandal = plugin("vandal", {
    onEpochEnd(epoch, _logs, run) {
      if (epoch > 0) return;
      Deno.removeSync(run.dir, { recursive: true });
      Deno.writeTextFileSync(run.dir, "in the way");
    },
  });
  const { history, problem } = await runOnce(
    (setup) => losses(setup, [3, 2, 1], [vandal]),
    { ...given, printer },
  );
  const reason =
    `Cannot write ${given.dir}/run.json: a file is in the place of a folder`;
  assertEquals(history!.history.loss, [3, 2, 1]);
  assertEquals(problem, reason);
  assertEquals(
    printer.lines,
    ["events.jsonl", "run.json"].map((name) =>
      `Warning: ${
        reason.replace("run.json", name)
      }; the run goes on, and it is tried again`
    ),
  );
});

Deno.test("a record for which there is room only once the backups are removed is whole", async () => {
  const given = await context();
  const runs = experimentRuns(given);
  let watch: RunWatch | void;
  const file = `${given.dir}/run.json`;
  await train({ metrics: ["loss"], trainStep: () => ({ loss: 1 }) }, [0], {
    ...{
      printer: notebook(),
      onPlan: (planned: PlannedRun) => watch = runs.follow(planned),
    },
    plugins: [plugin("filler", {
      onTrainEnd() {
        Deno.removeSync(file);
        Deno.mkdirSync(file); // In the way, as a full disk is.
      },
    })],
  });
  assert(runs.result().problem);
  watch!.later!(() => Deno.removeSync(file));
  runs.end({ status: "completed" });
  assertEquals(runs.result().problem, undefined);
  assertEquals(recordIn(given.dir).outcome, { status: "completed" });
});

Deno.test("params have the directions of keys that are there, and of no others", async () => {
  const given = await context();
  const rate = plugin("rate", {
    provides: { onEpochEnd: ["acc"] },
    onEpochEnd: () => ({ acc: 1 }),
  });
  await runOnce((setup) => losses(setup, [1], [rate]), given);
  assertEquals(recordIn(given.dir).params.directions, {
    loss: "min",
    acc: "max",
  });
});

Deno.test("what happens in a training is in its log; a run that goes on continues it where its backup was", async () => {
  const given = await context();
  const clock = { now: 0 };
  const first = experimentRuns(given, () => clock.now);
  const taken: unknown[] = [];
  let watch: RunWatch | undefined;
  const options = (runs: ExperimentRuns, epochs: number) => ({
    epochs,
    printer: notebook(),
    onPlan: (planned: PlannedRun) => watch = runs.follow(planned),
  });
  const steps = { metrics: ["loss"], trainStep: () => ({ loss: 1 }) };
  await train(steps, [0], {
    ...options(first, 3),
    plugins: [plugin("stops", {
      onEpochBegin: () => void (clock.now += 1000),
      onEpochEnd(epoch, _logs, run) {
        if (epoch === 1) taken.push(watch!.keeps!.save());
        if (epoch === 2) run.stop("enough");
      },
    })],
  });
  const kinds = () =>
    eventsIn(given.dir).map(({ at, ...event }) => {
      const { kind, hook, epoch } = event as Partial<LogsEvent>;
      return [at, kind, hook, epoch].join(" ");
    });
  assertEquals(kinds(), [
    "1000 logs onEpochEnd 0",
    "2000 logs onEpochEnd 1",
    "3000 act onEpochEnd 2",
    "3000 logs onEpochEnd 2",
    "3000 logs onTrainEnd 2",
  ]);
  assertEquals(recordIn(given.dir).seconds, [1, 1, 1]);
  const saved = structuredClone(taken[0]);
  await watch!.keeps!.load(saved);
  assertEquals(kinds(), ["1000 logs onEpochEnd 0"]);
});

Deno.test("what the run itself warns of is in its record, and told of it later", async () => {
  const given = await context();
  const printer = notebook();
  const warned = () => printer.lines.filter((it) => it.startsWith("Warning"));
  const waits = plugin("waits", {
    async onEpochEnd() {
      while (warned().length === 0) {
        await new Promise((rest) => setTimeout(rest, 1));
      }
    },
  });
  const { dir } = await runOnce(
    (setup) =>
      train({ metrics: ["loss"], trainStep: () => ({ loss: 1 }) }, [0], {
        ...setup.run([waits]),
        ...{ epochs: 1, hookTimeout: 1, printer },
      }),
    given,
  );
  const said =
    'the run has been waiting for 0.001 s for plugin "waits" in onEpochEnd at epoch 0';
  assertEquals(warned(), [`Warning: ${said}`]);
  assertEquals(recordIn(dir!).notes, [said]);
  const page = runPage(readRun(dir!)!).join("\n");
  assertStringIncludes(page, `Warnings:\n  ${said.slice(0, 60)}`);
});
