import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { folder, hookloop, interrupted, TINY } from "../_command.ts";

const CPU = ["--backend", "cpu"];

Deno.test("train runs an experiment, prints a summary and leaves a folder", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const { code, out, err } = await hookloop([
    "train",
    "tiny.ts",
    ...CPU,
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out,
    /^backend cpu: asked for\nepoch +time +loss .*\nEpoch 1\/2 +\d+ms +\d+\.\d{4} /,
  );
  assertMatch(
    out,
    /\nCompleted 2 epochs\nBest epoch: 2, val_loss [\d.]+, val_mae [\d.]+\n/,
  );
  assertMatch(
    out,
    /Files in runs\/tiny-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d:\n {2}best\/\n {2}events.jsonl\n {2}log.csv\n {2}report.html\n {2}run.json\nReport: runs\/tiny-\S+\/report.html\n$/,
  );
  const [run] = [...Deno.readDirSync(`${cwd}/runs`)];
  const record = JSON.parse(
    await Deno.readTextFile(`${cwd}/runs/${run!.name}/run.json`),
  );
  assertEquals(record.outcome, { status: "completed" });
  assertEquals(record.history.loss.length, 2);
  assertEquals([record.seed, record.backend, record.flags.backend], [
    42,
    "cpu",
    "cpu",
  ]);
});

Deno.test("the same seed gives the same history; flags override the experiment", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const losses: unknown[] = [];
  for (const [dir, seed] of [["a", "1"], ["b", "1"], ["c", "2"]]) {
    await hookloop(
      [
        "train",
        "tiny.ts",
        ...CPU,
        "--quiet",
        "--epochs",
        "3",
        "--learning-rate",
        "0.02",
        "--run-dir",
        dir!,
        "--seed",
        seed!,
      ],
      { cwd },
    );
    losses.push(
      JSON.parse(await Deno.readTextFile(`${cwd}/${dir}/run.json`)).history
        .loss,
    );
  }
  assertEquals(losses[0], losses[1]);
  assert(JSON.stringify(losses[0]) !== JSON.stringify(losses[2]));
  assertEquals((losses[0] as number[]).length, 3);
});

Deno.test("a file dropped into plugins/ runs in the next train", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/shout.ts":
      'export default { name: "shout", needs: { onEpochEnd: ["loss"] }, onEpochEnd(epoch, logs, run) { run.print("SHOUT " + epoch); } };',
  });
  const { out } = await hookloop(["train", "tiny.ts", ...CPU], { cwd });
  assertStringIncludes(out, "SHOUT 0\n");
  assertStringIncludes(out, "SHOUT 1\n");
});

Deno.test("a misspelt key is refused before the first batch, with exit code 2 and nothing written", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/shout.ts":
      'export default { name: "shout", needs: { onEpochEnd: ["val_los"] }, onEpochEnd() {} };',
  });
  const { code, out, err } = await hookloop(["train", "tiny.ts", ...CPU], {
    cwd,
  });
  assertEquals(code, 2);
  assertEquals(
    err,
    'Cannot start training: 1 problem\n- Plugin "shout" needs log key "val_los" in onEpochEnd: available are "loss", "mae", "val_loss", "val_mae"\n    did you mean "val_loss"?   (plugins/shout.ts)\n',
  );
  assertEquals(out, "backend cpu: asked for\n");
  assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name).sort(), [
    "plugins",
    "tiny.ts",
  ]);
});

Deno.test("an error in a hook is reported with its place; exit code 1; run.json says it failed", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/bad.ts":
      'export default { name: "bad", onEpochEnd() { throw new Error("disk full"); } };',
  });
  const { code, err } = await hookloop([
    "train",
    "tiny.ts",
    ...CPU,
    "--run-dir",
    "run",
  ], { cwd });
  assertEquals(code, 1);
  assertMatch(
    err,
    /^Plugin "bad" failed in onEpochEnd at epoch 0 \(plugins\/bad.ts\): disk full\n {4}at .*plugins\/bad.ts:1/,
  );
  const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
  assertStringIncludes(record.outcome.reason, "disk full");
  assertEquals([record.outcome.status, record.outcome.by], ["failed", "bad"]);
});

Deno.test("a bug in a factory is reported with its place in the file; exit code 1", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/buggy.ts":
      "export const defaults = {};\nexport default () => { undefined.x; };",
  });
  const { code, err } = await hookloop(
    ["train", "tiny.ts", ...CPU, "--use", "buggy"],
    { cwd },
  );
  assertEquals(code, 1);
  assertMatch(
    err,
    /^Plugin "buggy" failed while it was being made \(plugins\/buggy.ts\): Cannot read .*\n {4}at .*plugins\/buggy.ts:2:\d+\)?\n$/,
  );
});

Deno.test("--from continues with a checkpoint's model and optimizer, or with its weights", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const train = (dir: string, ...more: string[]) =>
    hookloop(
      ["train", "tiny.ts", ...CPU, "--run-dir", dir, "--seed", "1", ...more],
      { cwd },
    );
  const lossesIn = async (dir: string): Promise<number[]> =>
    JSON.parse(await Deno.readTextFile(`${cwd}/${dir}/run.json`)).history.loss;
  await train("a", "--use", "model-checkpoint:filepath=best");
  await train("b", "--use", "model-checkpoint:filepath=best,saveWeightsOnly");

  const whole = await train("c", "--from", "a/best", "--epochs", "1");
  assertStringIncludes(
    whole.out,
    "\nfrom a/best: the model with its optimizer\n",
  );
  const weights = await train("d", "--from", "b/best", "--epochs", "1");
  assertStringIncludes(
    weights.out,
    "\nfrom b/best: the weights, in the experiment's model\n",
  );
  const [last] = (await lossesIn("a")).slice(-1);
  for (const dir of ["c", "d"]) {
    const [first] = await lossesIn(dir);
    assert(first! < last!, `${dir} continued from ${last}, got ${first}`);
  }
});

Deno.test("--help answers before tf.js is loaded, and names every flag", async () => {
  const cwd = await folder();
  const { code, out } = await hookloop(["train", "--help"], {
    cwd,
    permissions: [],
  });
  assertEquals(code, 0);
  for (
    const flag of [
      "--epochs",
      "--use",
      "--without",
      "--plugins",
      "--run-dir",
      "--plan",
      "--backend",
      "--seed",
    ]
  ) {
    assertStringIncludes(out, flag);
  }
});

Deno.test("a one-line plugin that re-exports another takes options too", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "elsewhere.ts":
      'export const defaults = { word: "hm" }; export default ({ word } = defaults) => ({ name: "talker", needs: { onEpochEnd: [] }, onEpochEnd(epoch, logs, run) { run.print(word + epoch); } });',
    "plugins/talker.ts": 'export { default } from "../elsewhere.ts";',
  });
  const { out } = await hookloop([
    "train",
    "tiny.ts",
    ...CPU,
    "--use",
    "talker:word=hi",
  ], { cwd });
  assertStringIncludes(out, "hi0\n");
});

Deno.test("Ctrl-C ends the run cleanly: end hooks, summary, exit code 130", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/last.ts":
      'export default { name: "last", onEpochEnd: () => new Promise((go) => setTimeout(go)), onTrainEnd(logs, run) { run.print("END " + run.outcome.status); } };',
  });
  const { code, out, err } = await interrupted(
    ["train", "tiny.ts", ...CPU, "--epochs", "3000", "--run-dir", "run"],
    { cwd },
    "Epoch 2/",
  );
  assertEquals([code, err], [
    130,
    "Stopping after this batch; Ctrl-C again to quit at once\n",
  ]);
  assertMatch(
    out,
    /\nEND aborted\n\nAborted after \d+ epochs: interrupted by SIGINT\n/,
  );
  const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
  assertEquals(record.outcome.status, "aborted");
  assertEquals(record.history.loss.length, record.epoch.length);
});

Deno.test("SIGTERM and SIGHUP end the run as Ctrl-C does, each with its own exit code", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/last.ts":
      'export default { name: "last", onTrainEnd(logs, run) { run.print("END " + run.outcome.reason); } };',
  });
  for (const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    const dir = `run-${signal}`;
    const ended = await interrupted(
      ["train", "tiny.ts", ...CPU, "--epochs", "300000", "--run-dir", dir],
      { cwd, signal },
      "Epoch 2/",
    );
    assertEquals([ended.code, ended.err], [
      code,
      `Stopping after this batch; ${signal} again to quit at once\n`,
    ]);
    assertStringIncludes(ended.out, `\nEND interrupted by ${signal}\n`);
    const record = JSON.parse(
      await Deno.readTextFile(`${cwd}/${dir}/run.json`),
    );
    assertEquals(record.outcome.status, "aborted");
  }
});

Deno.test("a run whose permission to read is lost ends well, and says how it went", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/loses.ts": `export default {
  name: "loses",
  onEpochEnd: (epoch) => void (epoch || Deno.permissions.revokeSync({ name: "read" })),
};`,
  });
  const { code, out, err } = await hookloop(
    ["train", "tiny.ts", ...CPU, "--epochs", "3", "--run-dir", "run"],
    { cwd },
  );
  assertEquals([code, err], [1, ""]);
  assertMatch(out, /Cannot save to "run\/best": .* the run goes on/);
  assertMatch(out, /\nCompleted 3 epochs\n/);
  assertMatch(out, /\nNot written: Cannot save to "run\/best": /);
});

Deno.test("a second Ctrl-C ends the run at once", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/deaf.ts": `export default {
  name: "deaf",
  async onEpochEnd(epoch, logs, run) {
    run.print("WAITS");
    const clock = setInterval(() => {}, 1000);
    await new Promise((go) => run.signal.addEventListener("abort", go));
    run.print("STAYS");
    await new Promise(() => {});
  },
};`,
  });
  const { code, out, err } = await interrupted(
    ["train", "tiny.ts", ...CPU],
    { cwd },
    "WAITS",
    "STAYS",
  );
  assertEquals([code, err.split("\n").length], [130, 2]);
  assertEquals(out.includes("Aborted"), false);
});

Deno.test("a second Ctrl-C leaves a run that can go on, and so does a hook that throws: runs and the message say so", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/late.ts": `export default {
  name: "late",
  async onEpochEnd(epoch, logs, run) {
    if (epoch < 2) return;
    if (run.dir === "fails") throw new Error("oops");
    run.print("WAITS");
    setInterval(() => {}, 1000);
    await new Promise((go) => run.signal.addEventListener("abort", go));
    run.print("STAYS");
    await new Promise(() => {});
  },
};`,
  });
  const train = ["train", "tiny.ts", ...CPU, "--epochs", "4", "--run-dir"];
  const quit = await interrupted(
    [...train, "quits"],
    { cwd },
    "WAITS",
    "STAYS",
  );
  assertEquals(quit.code, 130);
  const failed = await hookloop([...train, "fails"], { cwd });
  assertEquals(failed.code, 1);
  assertMatch(
    failed.err,
    /^Plugin "late" failed .*\nTo go on with it: .*train --resume fails\n$/s,
  );
  await Deno.remove(`${cwd}/plugins`, { recursive: true });
  for (const [dir, word] of [["quits", "Killed"], ["fails", "Failed"]]) {
    const { out } = await hookloop(["runs", dir!], { cwd });
    assertMatch(
      out,
      new RegExp(`^${word} after 2 epochs.*--resume ${dir}\n$`, "s"),
    );
    const resumed = await hookloop(
      ["train", "--resume", dir!, "--resume-anyway"],
      { cwd },
    );
    assertEquals([resumed.code, resumed.err], [0, ""]);
    assertStringIncludes(resumed.out, "\nCompleted 4 epochs\n");
  }
});

Deno.test("a hook that holds up the end after Ctrl-C is named, and so are the data", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/deaf.ts":
      'export default { name: "deaf", async onEpochEnd(epoch, logs, run) { run.print("WAITS"); await new Promise((go) => setTimeout(go, 60_000)); } };',
    "loop.ts": `
import { train } from "${new URL(
      "../../../../core/loop/mod.ts",
      import.meta.url,
    )}";
async function* data() {
  yield 1;
  console.log("WAITS");
  await new Promise((go) => setTimeout(go, 60_000));
}
export default (setup) => train({ metrics: ["loss"], trainStep: () => ({ loss: 1 }) }, data, setup.run());`,
  });
  for (
    const [args, held] of [
      [["tiny.ts"], 'plugin "deaf" in onEpochEnd   (plugins/deaf.ts)'],
      [["loop.ts", "--without", "deaf"], "the next batch of the data"],
    ] as const
  ) {
    const { code, out } = await interrupted(
      ["train", ...args, ...CPU],
      { cwd },
      "WAITS",
      "Still waiting for",
    );
    assertEquals(code, 130);
    assertStringIncludes(out, `\nStill waiting for ${held}\n`);
  }
});

Deno.test("a hand-written loop that returns nothing ends with its folder, and with 130 on Ctrl-C", async () => {
  const mod = new URL("../../../../core/loop/mod.ts", import.meta.url);
  const loop = `
import { train } from "${mod}";
export default async function (setup) {
  const { epochs = 1 } = setup.options;
  const trainStep = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return { loss: 1 };
  };
  await train({ metrics: ["loss"], trainStep }, [1], { epochs, ...setup.run() });
}`;
  const cwd = await folder({ "loop.ts": loop });
  const done = await hookloop(
    ["train", "loop.ts", ...CPU, "--run-dir", "done", "--quiet"],
    { cwd },
  );
  assertEquals(done, {
    code: 0,
    out:
      "\nCompleted 1 epoch\nBest epoch: 1, loss 1\nFiles in done:\n  events.jsonl\n  log.csv\n  report.html\n  run.json\nReport: done/report.html\n",
    err: "",
  });
  const { code, out } = await interrupted(
    ["train", "loop.ts", ...CPU, "--epochs", "3000", "--run-dir", "run"],
    { cwd },
    "Epoch 2/",
  );
  assertEquals(code, 130);
  assertMatch(out, /\nAborted after \d+ epochs: interrupted by SIGINT\n/);
  assertStringIncludes(
    out,
    "\nFiles in run:\n  events.jsonl\n  log.csv\n  report.html\n  run.json\nReport: run/report.html\n",
  );
  const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
  assertEquals(record.outcome.status, "aborted");
  assertEquals(typeof record.ended, "string");
});

Deno.test("the defaults give way to the experiment's own, to --use and to --without", async () => {
  const own = TINY.replace(
    "  model(",
    `  use: [["csv-logger", { filename: "own.csv" }]],\n  model(`,
  );
  const cwd = await folder({ "tiny.ts": TINY, "own.ts": own });
  const filesAfter = async (file: string, ...more: string[]) => {
    const dir = crypto.randomUUID();
    await hookloop(
      ["train", file, ...CPU, "--quiet", "--run-dir", dir, ...more],
      { cwd },
    );
    return [...Deno.readDirSync(`${cwd}/${dir}`)].map(({ name }) => name)
      .filter((name) => !["events.jsonl", "report.html"].includes(name)).sort();
  };
  assertEquals(await filesAfter("tiny.ts"), ["best", "log.csv", "run.json"]);
  assertEquals(await filesAfter("own.ts"), ["best", "own.csv", "run.json"]);
  assertEquals(
    await filesAfter("own.ts", "--use", "csv-logger:filename=x.csv"),
    ["best", "run.json", "x.csv"],
  );
  assertEquals(
    await filesAfter("own.ts", "--without", "csv-logger,model-checkpoint"),
    ["run.json"],
  );
  assertEquals(
    await filesAfter(
      "tiny.ts",
      "--use",
      "model-checkpoint:name=last,filepath=last",
      "--use",
      "csv-logger:name=second,filename=second.csv",
    ),
    ["best", "last", "log.csv", "run.json", "second.csv"],
  );
});
