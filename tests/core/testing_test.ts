import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError, PluginError, SetupError } from "../../core/errors.ts";
import { fakeRun } from "../../core/testing.ts";
import { plugin } from "./_scripted.ts";

Deno.test("fakeRun() records what hooks do", async () => {
  const busy = plugin("busy", {
    async onEpochEnd(epoch, logs, run) {
      run.print(`epoch ${epoch} of ${run.params.epochs}: ${logs.loss}`);
      run.status("half");
      run.optimizer.learningRate = 0.5;
      await run.save("best", { weightsOnly: true });
      run.stop("done");
    },
    onTrainEnd() {},
  });
  const { run, fire, lines, statuses, saves, stops, weights, acts } = fakeRun(
    busy,
    { weights: [3] },
  );
  weights[0] = 4;
  await fire("onEpochEnd", 2, { loss: 1 });
  assertEquals(lines, ["epoch 2 of 10: 1"]);
  assertEquals(statuses, ["half"]);
  assertEquals(saves, [{ path: "best", weightsOnly: true, weights: [4] }]);
  assertEquals(stops, ["done"]);
  assertEquals([run.epoch, run.optimizer.learningRate], [2, 0.5]);
  assertEquals(acts.map(({ what }) => what.kind), [
    "print",
    "status",
    "set",
    "save",
    "stop",
  ]);
  assertEquals(await fire("onTrainEnd"), undefined);
  assertEquals(run.outcome?.reason, "done");
});

Deno.test("fakeRun() has weights to copy, restore and average", async () => {
  const taker = plugin("p", {
    onTrainBegin: (_l, run) => run.weights.snapshot("start"),
    onTrainEnd() {},
  });
  const { run, fire, weights, snapshots } = fakeRun(taker, { weights: [2] });
  await fire("onTrainBegin");
  weights[0] = 4;
  run.weights.average("start", 0.5);
  assertEquals(snapshots.size, 1);
  run.weights.restore("start");
  assertEquals(weights, [3]);
  await fire("onTrainEnd");
  assertEquals(snapshots.size, 0);
});

Deno.test("fakeRun() refuses what a run refuses", async () => {
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["f1"] },
    onEpochEnd() {},
  });
  assertThrows(() => fakeRun(needy), SetupError, 'needs log key "f1"');
  const { fire } = fakeRun(needy, { metrics: ["loss", "f1"] });
  await fire("onEpochEnd", 0, { f1: 1 });

  const bold = plugin("bold", { requires: ["momentum"], onTrainEnd() {} });
  assertThrows(() => fakeRun(bold, { momentum: null }), SetupError);

  const sneaky = plugin("sneaky", {
    onEpochEnd: () => ({ f1: 1 }),
  });
  await assertRejects(
    () => fakeRun(sneaky).fire("onEpochEnd", 0, { loss: 1 }),
    PluginError,
    'the log key "f1", which it does not declare',
  );
});

Deno.test("fakeRun() has the keys that its run would have, and no others", async () => {
  const seen: unknown[] = [];
  const { fire } = fakeRun(plugin("p", {
    needs: { onEpochEnd: ["loss"] },
    onEpochEnd: (_e, logs) => void seen.push({ ...logs }),
  }));
  await fire("onEpochEnd", 0, { loss: 1, accuracy: 0.5 });
  await fire("onEpochEnd", 1, {}); // An excerpt may leave keys out.
  assertEquals(seen, [{ loss: 1 }, {}]);
  const error = await assertRejects(
    () => fire("onEpochEnd", 0, { los: 1 }),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot use the logs of onEpochEnd: "los" is not among the declared keys "loss", "accuracy", "val_loss", "val_accuracy", did you mean "loss"?',
  );
});

Deno.test("fire() refuses a hook that its run never calls", async () => {
  const seen: string[] = [];
  const watcher = plugin("p", {
    onTestEnd: () => void seen.push("tested"),
    onPredictEnd: () => void seen.push("predicted"),
  });
  const { fire } = fakeRun(watcher);
  await fire("onTestEnd");
  const error = await assertRejects(() => fire("onPredictEnd"), InputError);
  assertEquals(
    error.message,
    'Cannot fire onPredictEnd as a run of mode "fit" never calls it: pass `params: { mode: "predict" }` to fakeRun',
  );
  await fakeRun(watcher, { params: { mode: "predict" } }).fire("onPredictEnd");
  assertEquals(seen, ["tested", "predicted"]);
});

Deno.test("fakeRun() ends as it went: after a throw failed, after an abort aborted", async () => {
  const told: unknown[] = [];
  const frail = plugin("frail", {
    onEpochEnd(_epoch, { loss }) {
      if (Number.isNaN(loss)) throw new Error("no loss");
    },
    onTrainEnd: (_logs, { outcome }) =>
      void told.push([outcome?.status, outcome?.by, outcome?.reason]),
  });
  for (const loss of [1, NaN]) {
    const { fire } = fakeRun(frail);
    await fire("onEpochEnd", 1, { loss }).catch(() => {});
    await fire("onTrainEnd");
  }
  const caller = new AbortController();
  const { fire } = fakeRun(frail, { signal: caller.signal });
  caller.abort("enough");
  await fire("onTrainEnd");
  assertEquals(told, [
    ["completed", undefined, undefined],
    [
      "failed",
      "frail",
      'Plugin "frail" failed in onEpochEnd at epoch 1: no loss',
    ],
    ["aborted", undefined, "enough"],
  ]);
});

Deno.test("fakeRun() hands on what its plugin keeps to the plugin's next run", async () => {
  const keeper = plugin("keeper", {
    onTrainBegin(_logs, { weights }) {
      if (weights.has("mine")) weights.restore("mine");
      else weights.snapshot("mine", { keep: true });
    },
    onTrainEnd() {},
  });
  const first = fakeRun(keeper, { weights: [1] });
  await first.fire("onTrainBegin");
  await first.fire("onTrainEnd");
  const second = fakeRun(keeper, { weights: [5] });
  await second.fire("onTrainBegin");
  assertEquals(second.weights, [1]);
});

Deno.test("fakeRun() tells the path to save to as the plugin gave it, wherever the run is", async () => {
  const saver = plugin("saver", {
    onTrainEnd: (_logs, run) => run.save("best"),
  });
  const { fire, saves } = fakeRun(saver, { dir: "runs/1" });
  await fire("onTrainEnd");
  assertEquals(saves, [{ path: "best", weightsOnly: false, weights: [0] }]);
});

Deno.test("fire() gives back the keys that the plugin added", async () => {
  const giver = plugin("giver", {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => Promise.resolve({ x: 2 }),
  });
  assertEquals(await fakeRun(giver).fire("onEpochEnd", 0, { loss: 1 }), {
    x: 2,
  });
});

Deno.test("fire() is typed by the hook", () => {
  const { fire } = fakeRun(plugin("p", { onTrainEnd() {} }));
  // @ts-expect-error -- an epoch has an index
  const wrong = () => fire("onEpochEnd", { loss: 1 });
  // @ts-expect-error -- the run has none
  const other = () => fire("onTrainEnd", 0);
  assertEquals([typeof wrong, typeof other], ["function", "function"]);
});

Deno.test("fakeRun() starts from what it is given, or from the defaults", async () => {
  const idle = plugin("idle", { onTrainEnd() {} });
  const { run, weights } = fakeRun(idle);
  assertEquals([run.optimizer.learningRate, run.optimizer.momentum], [
    0.01,
    0.9,
  ]);
  assertEquals([run.model, weights], [undefined, [0]]);
  const x = [[1, 2]] as never;
  assertEquals(await run.predict(x), x);
  const given = fakeRun(idle, {
    ...{ learningRate: 1, momentum: 0.5, model: "the model" },
    predict: () => [[7]] as never,
  }).run;
  assertEquals([given.optimizer.learningRate, given.optimizer.momentum], [
    1,
    0.5,
  ]);
  assertEquals(given.model, "the model");
  assertEquals(await given.predict(x) as unknown, [[7]]);
  const bare = fakeRun(idle, { learningRate: 2, momentum: null }).run;
  assertEquals(bare.optimizer.learningRate, 2);
});

Deno.test("fakeRun() has weights to look at, and slots to copy", async () => {
  const idle = plugin("idle", {
    requires: ["optimizerState"],
    onTrainEnd() {},
  });
  const { run, weights } = fakeRun(idle, { weights: [1, 2] });
  run.weights.snapshot("all", { optimizer: true });
  const [entry] = run.weights.entries();
  const { layer, name, shape } = entry!;
  assertEquals([layer, name, shape], ["weights", "weights", [2]]);
  weights[0] = 5;
  assertEquals(Array.from(await entry!.values()), [5, 2]);
});

Deno.test("fakeRun() gives the batches of a validation", async () => {
  const looker = plugin("looker", {
    requires: ["validation"],
    onTrainEnd() {},
  });
  const batches = [{ x: [[1]], y: [] }, { x: [[2]], y: [] }] as never[];
  const { run } = fakeRun(looker, { validation: batches });
  const seen: unknown[] = [];
  for await (const batch of run.validation!.batches()) seen.push(batch);
  assertEquals(seen, batches);
  assertEquals(run.validation!.steps, 2);
});

Deno.test("a fake run without a folder leaves what lies in backup/ alone", async () => {
  const before = Deno.cwd();
  const dir = await Deno.makeTempDir();
  Deno.chdir(dir);
  try {
    await Deno.mkdir("backup/files", { recursive: true });
    await Deno.writeTextFile("backup/files/mine", "mine");
    const { fire, backUp } = fakeRun({ name: "still", onTrainBegin() {} });
    await fire("onTrainBegin");
    const backup = await backUp();
    const next = fakeRun({ name: "still", onTrainBegin() {} }, { backup });
    await next.fire("onTrainBegin");
    assertEquals(await Deno.readTextFile("backup/files/mine"), "mine");
  } finally {
    Deno.chdir(before);
  }
});
