import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop, TINY } from "../_command.ts";

const TRAIN = ["train", "tiny.ts", "--backend", "cpu", "--epochs", "4"];
const ALONE = ["--without", "progress", "--run-dir", "runs/it"];

/** The lines on a shadow. */
const told = (out: string) =>
  out.split("\n").filter((line) => line.startsWith("shadow:"));

Deno.test("train --use shadow:NAME runs a plugin beside the others, and tells what it would have done", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const trial = "shadow:reduce-lr-on-plateau:patience=1,minDelta=100";
  const other = "shadow:csv-logger:filename=trial.csv";
  const done = await hookloop([
    ...TRAIN,
    ...ALONE,
    ...["--use", trial, "--use", other],
  ], { cwd });
  assertEquals([done.code, done.err], [0, ""]);
  assertEquals(told(done.out), [
    "shadow:csv-logger would have written trial.csv at the start",
    "shadow:reduce-lr-on-plateau would have added learning_rate to the logs in epoch 1",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.001 in epoch 2",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.0001 in epoch 3",
    "shadow:reduce-lr-on-plateau would have set the learning rate to 0.00001 in epoch 4",
    "shadow:reduce-lr-on-plateau would have added learning_rate to the logs 4 times; set the learning rate 3 times, the last time to 0.00001",
    "shadow:csv-logger would have written trial.csv at the start",
  ]);
  const files = [...Deno.readDirSync(`${cwd}/runs/it`)].map(({ name }) => name);
  assertEquals(files.includes("log.csv"), true);
  assertEquals(files.includes("trial.csv"), false);
  const log = await Deno.readTextFile(`${cwd}/runs/it/log.csv`);
  assertEquals(log.split("\r\n")[0], "epoch,loss,mae,val_loss,val_mae");
  const page = await hookloop(["runs", "it"], { cwd });
  assertStringIncludes(
    page.out,
    "epoch 3: shadow:reduce-lr-on-plateau would have set the learning rate to",
  );
});

Deno.test("a plugin and its shadow of other options run side by side; --without names either", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const use = [
    ...["--use", "stop-on-threshold:monitor=loss,threshold=0,name=early"],
    ...["--use", "shadow:early-stopping:monitor=loss,minDelta=100"],
    ...["--use", "early-stopping:monitor=loss,patience=2,minDelta=100"],
  ];
  const { out } = await hookloop([...TRAIN, ...ALONE, ...use], { cwd });
  assertMatch(
    told(out).at(-1)!,
    /^shadow:early-stopping would have stopped the run after epoch 2: loss has not/,
  );
  assertStringIncludes(out, "Stopped after 3 epochs by early-stopping");
  const without = await hookloop([
    ...TRAIN,
    ...ALONE,
    "--overwrite",
    ...use,
    ...["--without", "shadow:early-stopping"],
  ], { cwd });
  assertEquals([told(without.out), without.code], [[], 0], without.err);
});

Deno.test("plan shows a shadow, and that it adds nothing", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const { out, code } = await hookloop([
    "plan",
    ...TRAIN.slice(1),
    ...["--use", "shadow:reduce-lr-on-plateau"],
    ...["--without", "csv-logger,model-checkpoint,progress,backup-and-restore"],
  ], { cwd });
  assertEquals(code, 0);
  assertStringIncludes(
    out,
    `
onEpochEnd: loss, mae, val_loss, val_mae
  1. shadow:reduce-lr-on-plateau  reads val_loss (direction)  would add learning_rate  (built in)
`,
  );
});

Deno.test("a plugin of the folder that is on without being named runs as its shadow instead, also from an experiment", async () => {
  const guest =
    'export default { name: "guest", onEpochEnd(epoch, _logs, run) { if (epoch === 1) run.stop("mine"); } };';
  const cwd = await folder({
    "tiny.ts": TINY,
    "listed.ts": TINY.replace("name:", 'use: [["shadow:guest", {}]], name:'),
    "plugins/guest.ts": guest,
  });
  for (
    const args of [[...TRAIN, "--use", "shadow:guest"], [
      "train",
      "listed.ts",
      ...TRAIN.slice(2),
    ]]
  ) {
    const { out, code, err } = await hookloop([
      ...args,
      ...ALONE,
      "--overwrite",
    ], { cwd });
    assertEquals([code, err], [0, ""]);
    assertStringIncludes(out, "Completed 4 epochs");
    assertEquals(
      told(out)[0],
      "shadow:guest would have stopped the run after epoch 2: mine",
    );
  }
});

Deno.test("two shadows of one plugin need two names", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const { err, code } = await hookloop([
    ...TRAIN,
    ...["--use", "shadow:csv-logger", "--use", "shadow:csv-logger"],
  ], { cwd });
  assertEquals([code, err.trim()], [
    2,
    'Cannot use two plugins by the name "shadow:csv-logger": give one another, such as --use shadow:csv-logger:name=csv-logger-2',
  ]);
});
