import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { PluginList } from "../../../core/contract/plugin_list.ts";
import { SetupError } from "../../../core/errors.ts";
import {
  type PlannedRun,
  predictLoop,
  testLoop,
} from "../../../core/loop/mod.ts";
import type { Need, Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

const METRICS = ["loss", "accuracy"];

/** The plan of a training run, or the error that refuses it. */
async function planOf(
  plugins: PluginList,
  options: {
    validation?: boolean;
    epochs?: number;
    validationFreq?: number | number[];
  } = {},
): Promise<{ planned: PlannedRun; lines: string[] }> {
  const { validation = true, ...rest } = options;
  const printer = notebook();
  let planned: PlannedRun | undefined;
  await training(
    scripted({ metrics: METRICS, logs: () => ({ loss: 1, accuracy: 1 }) }),
    batches(1),
    validation ? batches(1) : undefined,
    { ...rest, printer, plugins, onPlan: (plan) => void (planned = plan) },
  );
  return { planned: planned!, lines: printer.lines };
}

async function problemsOf(
  plugins: PluginList,
  options: Parameters<typeof planOf>[1] = {},
): Promise<readonly string[]> {
  const error = await assertRejects(() => planOf(plugins, options), SetupError);
  return error.problems;
}

/** Names in the order in which a hook calls them. */
function orderIn({ planned }: { planned: PlannedRun }): string[] {
  return planned.plan.hooks.onEpochEnd!.calls.map(({ entry }) => entry.name);
}

/** A plugin that needs and provides keys at the end of an epoch. */
function link(
  name: string,
  needs: Need[],
  given?: string[],
  order?: "pre" | "post",
): Plugin {
  const provides = given ?? [];
  return plugin(name, {
    needs: { onEpochEnd: needs },
    provides: { onEpochEnd: provides },
    ...order && { order },
    onEpochEnd: () => Object.fromEntries(provides.map((key) => [key, 0])),
  });
}

Deno.test("a misspelt key is refused with did-you-mean and the file", async () => {
  const entry = {
    plugin: link("early-stopping", ["val_los"]),
    file: "plugins/early_stopping.ts",
  };
  assertEquals(await problemsOf([entry]), [
    'Plugin "early-stopping" needs log key "val_los" in onEpochEnd: available are "loss", "accuracy", "val_loss", "val_accuracy"\n    did you mean "val_loss"?   (plugins/early_stopping.ts)',
  ]);
});

Deno.test("a key that is near to none is refused with what there is", async () => {
  assertEquals(await problemsOf([link("p", ["f1_score"])]), [
    'Plugin "p" needs log key "f1_score" in onEpochEnd: available are "loss", "accuracy", "val_loss", "val_accuracy"',
  ]);
});

Deno.test("another word for a metric is known as such", async () => {
  const hint = async (key: string, validation = true) =>
    (await problemsOf([link("p", [key])], { validation }))[0]!.split(
      "\n    ",
    )[1];
  assertEquals(await hint("val_acc"), 'did you mean "val_accuracy"?');
  assertEquals(
    await hint("binary_accuracy"),
    'did you mean "accuracy"?',
  );
  assertEquals(
    await hint("val_acc", false),
    'did you mean "val_accuracy"? val_ keys exist when validation data is given: pass `validationData` or `validationSplit`, or take a key without val_',
  );
  assertEquals(await hint("mse"), undefined);
});

Deno.test("val_loss without validation data says how to get it", async () => {
  assertEquals(
    await problemsOf([link("p", ["val_loss"])], { validation: false }),
    [
      'Plugin "p" needs log key "val_loss" in onEpochEnd: available are "loss", "accuracy"\n    val_ keys exist when validation data is given: pass `validationData` or `validationSplit`, or take a key without val_',
    ],
  );
});

Deno.test("val_loss at a batch's end cannot exist", async () => {
  const early = plugin("model-checkpoint", {
    needs: { onTrainBatchEnd: ["val_loss"] },
    onTrainBatchEnd() {},
  });
  assertEquals(await problemsOf([early]), [
    'Plugin "model-checkpoint" needs log key "val_loss" in onTrainBatchEnd: validation runs at the end of an epoch only',
  ]);
});

Deno.test("val_loss in a test hook has no val_ there", async () => {
  const tester = plugin("t", {
    needs: { onTestEnd: ["val_loss"] },
    onTestEnd() {},
  });
  assertEquals(await problemsOf([tester]), [
    'Plugin "t" needs log key "val_loss" in onTestEnd: available are "loss", "accuracy"\n    did you mean "loss"? In the test hooks keys have no val_',
  ]);
});

Deno.test("a key in a begin hook cannot exist", async () => {
  const early = plugin("e", {
    needs: { onEpochBegin: ["loss"] },
    onEpochBegin() {},
  });
  assertEquals(await problemsOf([early]), [
    'Plugin "e" needs log key "loss" in onEpochBegin: begin hooks get no keys',
  ]);
});

Deno.test("validation that never comes is refused, validation now and then is warned of once", async () => {
  const stopper = link("p", ["val_loss"]);
  assertEquals(await problemsOf([stopper], { epochs: 3, validationFreq: 5 }), [
    'Plugin "p" needs log key "val_loss" in onEpochEnd: available are "loss", "accuracy"\n    validation runs every 5 epochs and so never in this run, whose last epoch is 3',
  ]);
  const { lines } = await planOf([stopper], { epochs: 4, validationFreq: 2 });
  assertEquals(lines, [
    'Warning: Plugin "p" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation runs every 2 epochs',
  ]);
  const listed = await planOf([stopper], { epochs: 4, validationFreq: [1, 4] });
  assertEquals(listed.lines, [
    'Warning: Plugin "p" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation runs after epochs 1, 4',
  ]);
});

Deno.test("all problems of all plugins come at once", async () => {
  const problems = await problemsOf([
    link("a", ["los"]),
    link("b", ["x", "y"]),
  ]);
  assertEquals(problems.length, 3);
  const error = await assertRejects(
    () => planOf([link("a", ["los"]), link("b", ["y"])]),
    SetupError,
  );
  assertEquals(
    error.message.split("\n")[0],
    "Cannot start training: 2 problems",
  );
});

Deno.test("a provider goes before whoever needs its key; else the listed order is kept", async () => {
  assertEquals(
    orderIn(
      await planOf([
        link("reader", ["learning_rate"]),
        link("other", []),
        link("giver", [], ["learning_rate"]),
      ]),
    ),
    ["other", "giver", "reader"],
  );
  assertEquals(
    orderIn(await planOf([link("c", []), link("a", ["loss"]), link("b", [])])),
    ["c", "a", "b"],
  );
});

Deno.test('order: "pre" and "post" move plugins where needs leave a choice', async () => {
  assertEquals(
    orderIn(
      await planOf([
        link("last", [], [], "post"),
        link("middle", []),
        link("first", [], [], "pre"),
      ]),
    ),
    ["first", "middle", "last"],
  );
  assertEquals(
    orderIn(
      await planOf([
        link("reader", ["x"], [], "pre"),
        link("giver", [], ["x"], "post"),
      ]),
    ),
    ["giver", "reader"],
  );
});

Deno.test("a plugin sees the keys of those before it, not of those behind", async () => {
  const { planned } = await planOf([
    link("early", []),
    link("giver", [], ["x"]),
    link("late", []),
  ]);
  const [early, , late] = planned.plan.hooks.onEpochEnd!.calls;
  assertEquals(early!.sees.has("x"), false);
  assertEquals(late!.sees.has("x"), true);
});

Deno.test("plugins that wait for each other are refused", async () => {
  assertEquals(
    await problemsOf([link("a", ["y"], ["x"]), link("b", ["x"], ["y"])]),
    [
      'Plugins "a" and "b" wait for each other in onEpochEnd: "a" needs "y" and provides "x", "b" needs "x" and provides "y"',
    ],
  );
});

Deno.test("plugins that rewrite a key of the loop need not wait for each other", async () => {
  assertEquals(
    orderIn(
      await planOf([
        link("a", ["loss"], ["loss"]),
        link("b", ["loss"], ["loss"]),
      ]),
    ),
    ["a", "b"],
  );
});

Deno.test("a key that is provided in another hook says where", async () => {
  const giver = plugin("giver", {
    provides: { onTestEnd: ["f1"] },
    onTestEnd: () => ({ f1: 1 }),
  });
  assertEquals(await problemsOf([giver, link("p", ["f1"])]), [
    'Plugin "p" needs log key "f1" in onEpochEnd: available are "loss", "accuracy", "val_loss", "val_accuracy"\n    "giver" provides "f1", but in onTestEnd',
  ]);
});

Deno.test("two plugins of one name are refused with their files", async () => {
  assertEquals(
    await problemsOf([
      { plugin: link("p", []), file: "plugins/a.ts" },
      { plugin: link("p", []), file: "plugins/b.ts" },
    ]),
    ['2 plugins are named "p" (plugins/a.ts, plugins/b.ts): a name must be unique in a run; give one another, such as { name: "p-2" }, or leave one out'],
  );
});

Deno.test("a plugin that requires what the run does not offer is refused", async () => {
  const asks = plugin("p", {
    requires: ["learningRate", "weights", "save", "momentum", "model"],
    onEpochEnd() {},
  });
  assertEquals(await problemsOf([asks]), [
    'Plugin "p" requires the learning rate, which this run does not offer: pass `optimizer`',
    'Plugin "p" requires the model\'s weights, which this run does not offer: pass `weights`',
    'Plugin "p" requires saving, which this run does not offer: pass `save`',
    'Plugin "p" requires the optimizer\'s momentum, which this optimizer does not have: take SGD with momentum (tf.train.momentum) or RMSProp',
    'Plugin "p" requires the model, which this run does not offer: pass `model`',
  ]);
});

Deno.test("a direction that nobody declared must be said", async () => {
  const watcher = link("p", [{ key: "f1", direction: true }]);
  assertEquals(await problemsOf([link("giver", [], ["f1"]), watcher]), [
    'Plugin "p" cannot tell whether lower or higher "f1" is better: set its option mode to "min" or "max"',
  ]);
});

Deno.test("a misspelt monitor is one problem, not two", async () => {
  const watcher = link("p", [{ key: "val_los", direction: true }]);
  assertEquals((await problemsOf([watcher])).length, 1);
});

Deno.test("a hook that nobody has is not in the plan", async () => {
  const { planned } = await planOf([link("p", [])]);
  assertEquals(Object.keys(planned.plan.hooks), ["onEpochEnd"]);
});

Deno.test("a plugin that takes all keys is warned of those that are added behind it", async () => {
  const logger = plugin("logger", {
    needs: { onEpochEnd: "all" },
    onEpochEnd() {},
  });
  const { lines } = await planOf([
    logger,
    link("scheduler", [], ["learning_rate"]),
  ]);
  assertEquals(lines, [
    'Warning: Plugin "logger" does not see "learning_rate" in onEpochEnd, for it stands before "scheduler", which adds it: list it behind',
  ]);
  assertEquals(
    (await planOf([link("scheduler", [], ["learning_rate"]), logger])).lines,
    [],
  );
});

Deno.test("what to do about keys added behind depends on where the plugin came from", async () => {
  const logger = (order?: "pre") =>
    plugin("logger", {
      needs: { onEpochEnd: "all" },
      ...order && { order },
      onEpochEnd() {},
    });
  const remedy = async (...list: PluginList) =>
    (await planOf(list)).lines[0]!.split("which adds it: ")[1];
  const gap = link("gap", [], ["gap"]);
  const file = "plugins/gap.ts";
  assertEquals(
    await remedy(logger(), { plugin: gap, file }),
    'give "gap" order: "pre"',
  );
  assertEquals(await remedy(gap, logger("pre")), '"logger" has order "pre"');
  assertEquals(
    await remedy(logger(), link("gap", [], ["gap"], "post")),
    '"gap" has order "post"',
  );
});

Deno.test("one list of plugins serves training, evaluation and prediction: what does not run needs nothing", async () => {
  const seen: string[] = [];
  const trainer = plugin("trainer", {
    needs: { onEpochEnd: [{ key: "val_loss", direction: true }] },
    requires: ["learningRate", "weights"],
    onEpochEnd() {},
  });
  const both = plugin("both", {
    needs: { onEpochEnd: ["val_f1"], onTestEnd: ["loss"] },
    requires: ["learningRate", "batchLogs"],
    onEpochEnd() {},
    onTestEnd: (logs) => void seen.push(`tested ${logs.loss}`),
    onPredictEnd: () => void seen.push("predicted"),
  });
  const options = { printer: notebook(), plugins: [trainer, both] };
  await testLoop(scripted(), batches(3), options);
  await predictLoop(scripted(), batches(3), () => {}, options);
  assertEquals(seen, ["tested 3", "predicted"]);
});

Deno.test("what a run of any kind may offer is asked for in every kind", async () => {
  const asks = plugin("asks", { requires: ["weights"], onPredictEnd() {} });
  const error = await assertRejects(
    () =>
      predictLoop(scripted(), batches(3), () => {}, {
        printer: notebook(),
        plugins: [asks],
      }),
    SetupError,
  );
  assertEquals(
    error.message,
    'Cannot start prediction: 1 problem\n- Plugin "asks" requires the model\'s weights, which this run does not offer: pass `weights`',
  );
});

Deno.test("a need of keys that only plugins give does not read the loop's own", async () => {
  const { planned } = await planOf([
    link("giver", [], ["x"]),
    link("reader", ["x"]),
  ]);
  assertEquals(planned.plan.hooks.onEpochEnd!.reads, false);
  const other = await planOf([link("giver", [], ["x"]), link("r", ["loss"])]);
  assertEquals(other.planned.plan.hooks.onEpochEnd!.reads, true);
});

Deno.test("a call gets all keys as they are where its list holds them all, else its list", async () => {
  const { planned } = await planOf([
    link("all", ["val_loss", "loss", "accuracy", "val_accuracy"]),
    link("some", ["loss", "loss"]),
    link("none", []),
  ]);
  assertEquals(
    planned.plan.hooks.onEpochEnd!.calls.map(({ gets }) => gets),
    ["all", ["loss"], []],
  );
});

Deno.test("the direction of a key that a plugin needs is told by run.direction()", async () => {
  const seen: string[] = [];
  const watcher = plugin("w", {
    needs: { onEpochEnd: [{ key: "val_accuracy", direction: true }] },
    onEpochEnd(_e, _l, run) {
      seen.push(run.direction("val_accuracy"), run.direction("loss"));
      assertThrows(() => run.direction("f1"), Error, 'lower or higher "f1"');
    },
  });
  await planOf([watcher]);
  assertEquals(seen, ["max", "min"]);
});

Deno.test("a plugin whose keys are missing does not stand in the way of the message for the next", async () => {
  const problems = await problemsOf([
    link("giver", ["nowhere"], ["x"]),
    link("logger", ["x", "y"]),
  ]);
  assertEquals(problems.length, 2); // "nowhere" and "y"; "x" would be there.
});

Deno.test("warnings are printed once, before the first hook", async () => {
  const { lines } = await planOf([link("p", ["val_loss"])], {
    epochs: 4,
    validationFreq: 2,
  });
  assertEquals(lines.length, 1);
});

Deno.test("a val_ key that is missing now and then is warned of, the others are not", async () => {
  const { lines } = await planOf([link("p", ["loss", "val_loss"])], {
    epochs: 4,
    validationFreq: 2,
  });
  assertEquals(lines, [
    'Warning: Plugin "p" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation runs every 2 epochs',
  ]);
});

Deno.test("a misspelt val_ key without validation says both", async () => {
  assertEquals(
    await problemsOf([link("p", ["val_accurac"])], { validation: false }),
    [
      'Plugin "p" needs log key "val_accurac" in onEpochEnd: available are "loss", "accuracy"\n    did you mean "val_accuracy"? val_ keys exist when validation data is given: pass `validationData` or `validationSplit`, or take a key without val_',
    ],
  );
});

Deno.test("a val_ key is near to none where none can be", async () => {
  const early = plugin("p", {
    needs: { onTrainBatchEnd: ["val_accurac"] },
    onTrainBatchEnd() {},
  });
  assertEquals(await problemsOf([early], { validation: false }), [
    'Plugin "p" needs log key "val_accurac" in onTrainBatchEnd: available are "loss", "accuracy"',
  ]);
});

Deno.test("a key that only ends like another is not one of validation", async () => {
  assertEquals(
    await problemsOf([link("p", ["1234loss"])], { validation: false }),
    [
      'Plugin "p" needs log key "1234loss" in onEpochEnd: available are "loss", "accuracy"',
    ],
  );
});

Deno.test("val_loss at a test batch's end has no val_ there", async () => {
  const tester = plugin("t", {
    needs: { onTestBatchEnd: ["val_loss"] },
    onTestBatchEnd() {},
  });
  assertEquals(await problemsOf([tester]), [
    'Plugin "t" needs log key "val_loss" in onTestBatchEnd: available are "loss", "accuracy"\n    did you mean "loss"? In the test hooks keys have no val_',
  ]);
});

Deno.test("a key in an end hook that gets none says so", async () => {
  const late = plugin("p", {
    needs: { onPredictEnd: ["loss"] },
    onPredictEnd() {},
  });
  const error = await assertRejects(
    () =>
      predictLoop(scripted(), batches(3), () => {}, {
        printer: notebook(),
        plugins: [late],
      }),
    SetupError,
  );
  assertEquals(error.problems, [
    'Plugin "p" needs log key "loss" in onPredictEnd: it gets no keys',
  ]);
});

Deno.test("whoever waits for a circle waits too", async () => {
  assertEquals(
    await problemsOf([
      link("a", ["y"], ["x"]),
      link("b", ["x"], ["y"]),
      plugin("c", { needs: { onEpochEnd: ["x"] }, onEpochEnd() {} }),
    ]),
    [
      'Plugins "a" and "b" and "c" wait for each other in onEpochEnd: "a" needs "y" and provides "x", "b" needs "x" and provides "y", "c" needs "x" and provides nothing',
    ],
  );
});

Deno.test("two plugins of one name without files are refused too", async () => {
  const tail =
    'a name must be unique in a run; give one another, such as { name: "p-2" }, or leave one out';
  assertEquals(await problemsOf([link("p", []), link("p", [])]), [
    `2 plugins are named "p": ${tail}`,
  ]);
  assertEquals(
    await problemsOf([link("p", []), { plugin: link("p", []), file: "p.ts" }]),
    [`2 plugins are named "p" (p.ts): ${tail}`],
  );
});

Deno.test("a plugin that rewrites a key of the loop goes before those that read it", async () => {
  const order = orderIn(
    await planOf([link("reader", ["loss"]), link("scale", ["loss"], ["loss"])]),
  );
  assertEquals(order, ["scale", "reader"]);
});

Deno.test("one plugin that waits does not take its neighbour along", async () => {
  const order = orderIn(
    await planOf([link("a", []), link("x", ["k"]), link("z", [], ["k"])]),
  );
  assertEquals(order, ["a", "z", "x"]);
});

Deno.test("a hook is planned for those that have it, though others do not", async () => {
  const other = plugin("other", { onTrainEnd() {} });
  const { planned } = await planOf([other, link("p", [])]);
  assertEquals(Object.keys(planned.plan.hooks), ["onEpochEnd", "onTrainEnd"]);
});

Deno.test("there is nothing to read in a hook without keys", async () => {
  const { planned } = await planOf([
    plugin("p", { onEpochBegin() {}, onEpochEnd() {} }),
  ]);
  const { onEpochBegin, onEpochEnd } = planned.plan.hooks;
  assertEquals([onEpochBegin!.reads, onEpochEnd!.reads], [false, true]);
});

Deno.test("a plugin knows in the plan what it sees: the loop's keys and those given before it", async () => {
  const { planned } = await planOf(
    [link("giver", [], ["x"]), link("p", ["x"])],
    { validation: false },
  );
  assertEquals(
    planned.plan.hooks.onEpochEnd!.calls.map(({ sees }) => [...sees.keys()]),
    [["loss", "accuracy"], ["loss", "accuracy", "x"]],
  );
  assertEquals([...planned.plan.hooks.onEpochEnd!.keys], [
    ["loss", "always"],
    ["accuracy", "always"],
    ["x", "always"],
  ]);
});

Deno.test("a list is not told of keys behind it, and nobody of its own", async () => {
  const { lines } = await planOf([
    plugin("adder", {
      needs: { onEpochEnd: "all" },
      provides: { onEpochEnd: ["mine"] },
      onEpochEnd: () => ({ mine: 1 }),
    }),
    link("scheduler", [], ["mine"]),
  ]);
  assertEquals(lines, []);
  const lister = link("lister", ["loss"]);
  assertEquals((await planOf([lister, link("s", [], ["x"])])).lines, []);
});

Deno.test("a direction is asked for where the keys are known only as they come", async () => {
  const steps = { ...scripted(), metrics: undefined };
  const error = await assertRejects(
    () =>
      training(steps, batches(1), undefined, {
        plugins: [link("p", [{ key: "f1", direction: true }])],
      }),
    SetupError,
  );
  assertEquals(error.problems, [
    'Plugin "p" cannot tell whether lower or higher "f1" is better: set its option mode to "min" or "max"',
  ]);
});

Deno.test("a direction is not asked for in a hook that does not run", async () => {
  const both = plugin("both", {
    needs: { onEpochEnd: [{ key: "loss_f1", direction: true }] },
    provides: { onEpochEnd: ["loss_f1"] },
    onEpochEnd: () => ({ loss_f1: 1 }),
    onTestEnd() {},
  });
  const logs = await testLoop(scripted(), batches(3), {
    printer: notebook(),
    plugins: [both],
  });
  assertEquals(logs, { loss: 3 });
});

Deno.test("nor is that of what tells the best epoch, in an evaluation", async () => {
  const keeper = plugin("keeper", {
    monitor: "f1",
    onEpochEnd() {},
    onTestEnd() {},
  });
  const steps = scripted({ metrics: ["f1"], logs: () => ({ f1: 1 }) });
  const logs = await testLoop(steps, batches(3), {
    printer: notebook(),
    plugins: [keeper],
  });
  assertEquals(logs, { f1: 1 });
});

Deno.test("a plugin may give keys in one of its hooks and none in another", async () => {
  const both = plugin("both", {
    provides: { onTestEnd: ["f1"] },
    onTestEnd: () => ({ f1: 1 }),
    onEpochEnd() {},
  });
  const { planned } = await planOf([link("p", ["loss"]), both]);
  assertEquals(orderIn({ planned }), ["p", "both"]);
});

Deno.test("a plugin of hooks of many kinds of runs requires what each run lacks", async () => {
  const both = plugin("both", {
    requires: ["weights"],
    onEpochEnd() {},
    onPredictEnd() {},
  });
  assertEquals((await problemsOf([both])).length, 1);
});
