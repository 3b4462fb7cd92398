import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop, TINY } from "../_command.ts";

const CPU = ["--backend", "cpu"];
/** Without the plugins that train turns on. */
const ALONE = [
  "--without",
  "csv-logger,model-checkpoint,backup-and-restore,progress",
];
const MOD = new URL("../../../../core/loop/mod.ts", import.meta.url);

/** Two runs in a hand-written loop; the code in between needs the results of the first. */
const TWO = `
import { train } from "${MOD}";
export default async function (setup) {
  const steps = { metrics: ["loss"], trainStep: () => { throw new Error("a step") } };
  const { history } = await train(steps, [1, 2], { epochs: 3, ...setup.run() });
  BETWEEN
  setup.print("in between");
  await train(steps, [1], { epochs: 1, ...setup.run() });
}`;

Deno.test("plan shows what runs when, and writes nothing", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const args = [
    "tiny.ts",
    ...CPU,
    "--use",
    "early-stopping:patience=1",
    "--use",
    "learning-rate-scheduler",
    ...ALONE,
  ];
  const { code, out, err } = await hookloop(["plan", ...args], { cwd });
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out,
    `Training: 2 epochs of 2 batches, 2 samples per batch, 1 batch of validation

onEpochBegin
  1. learning-rate-scheduler  (built in)

onEpochEnd: loss, mae, val_loss, val_mae + learning_rate
  1. learning-rate-scheduler  adds learning_rate  (built in)
  2. early-stopping           reads val_loss (direction)  (built in)

onTrainEnd: loss, mae, val_loss, val_mae (not read)
  1. early-stopping  (built in)

`,
  );
  assertEquals(await hookloop(["train", ...args, "--plan"], { cwd }), {
    code,
    out,
    err,
  });
  assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name), ["tiny.ts"]);
});

Deno.test("plan says which of train's own plugins a run has no room for, and why", async () => {
  const cwd = await folder({ "two.ts": TWO.replace("BETWEEN", "") });
  const { out } = await hookloop(["plan", "two.ts", ...CPU], { cwd });
  assertEquals(
    out.match(/Left out: .*\n/g),
    Array(2).fill([
      'Left out: Plugin "model-checkpoint" requires saving, which this run does not offer: pass `save`\n',
      'Left out: Plugin "backup-and-restore" requires backups, which this run does not offer: pass `weights` that can be written and read, such as those of `tfResources`, or `keeps`\n',
    ]).flat(),
  );
});

Deno.test("plan shows each run of an experiment, none of which happens", async () => {
  const cwd = await folder({ "two.ts": TWO.replace("BETWEEN", "") });
  const { code, out, err } = await hookloop(
    ["plan", "two.ts", ...CPU, ...ALONE],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out,
    "Training: 3 epochs of 2 batches\n\nNo plugins\n\nTraining: 1 epoch of 1 batch\n\nNo plugins\n\n",
  );
  assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name), ["two.ts"]);
});

Deno.test("an error for want of results ends an experiment's plans, and is not a failure", async () => {
  const cwd = await folder({
    "two.ts": TWO.replace("BETWEEN", "history.loss.at(-1).toFixed(2);"),
  });
  const { code, out, err } = await hookloop(
    ["plan", "two.ts", ...CPU, ...ALONE],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out,
    /^Training: 3 epochs of 2 batches\n\nNo plugins\n\nWhat follows is known only once this has run: .*\n$/,
  );
});

Deno.test("a later run that could not start is a problem of the plan", async () => {
  const cwd = await folder({
    "two.ts": TWO.replace(
      "BETWEEN",
      `await train(steps, [1], { ...setup.run([
        { name: "needy", needs: { onEpochEnd: ["los"] }, onEpochEnd() {} },
      ]) });`,
    ),
  });
  const { code, out, err } = await hookloop(["plan", "two.ts", ...CPU], {
    cwd,
  });
  assertEquals(code, 2);
  assertMatch(out, /^Training: 3 epochs/);
  assertMatch(err, /^Cannot start training: 1 problem\n- Plugin "needy" needs/);
});

Deno.test("an experiment without a run has no plan", async () => {
  const cwd = await folder({ "none.ts": "export default () => {};" });
  const { code, out } = await hookloop(["plan", "none.ts", ...CPU], { cwd });
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    "No plan: the experiment runs nothing with plugins\n",
  );
});

Deno.test("a loop over a callback list has a plan too, and runs no epoch", async () => {
  const cwd = await folder({
    "loop.ts": `
import { callbackList } from "${MOD}";
export default async function (setup) {
  await using list = callbackList({ metrics: ["loss"], ...setup.run([
    { name: "shout", onEpochEnd(_epoch, _logs, run) { run.print("RAN"); } },
  ]) });
  for await (const epoch of list.epochs(3)) {
    for await (const batch of epoch.batches([1, 2])) batch.end({ loss: 1 });
  }
}`,
  });
  const { code, out, err } = await hookloop(
    ["plan", "loop.ts", ...CPU, ...ALONE],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "\nonEpochEnd: loss\n  1. shout  reads all\n");
  assertEquals(out.includes("RAN"), false);
  assertEquals(out.includes("What follows"), false);
});
