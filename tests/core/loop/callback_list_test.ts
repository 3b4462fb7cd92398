import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  handLoop,
  type HandLoopOptions,
  type Outcome,
  SetupError,
} from "../../../mod.ts";
import { notebook, plugin, recorder } from "../_scripted.ts";

function open(options: HandLoopOptions = {}) {
  return handLoop({ printer: notebook(), ...options });
}

Deno.test("handLoop() calls the plugins' hooks as the loop calls its own", async () => {
  const trace: string[] = [];
  const loop = open({
    plugins: [recorder(trace)],
    metrics: ["loss"],
    validation: true,
  });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTrainBatchBegin(0);
  await loop.onTrainBatchEnd(0, { loss: 1 });
  await loop.onTestBegin();
  await loop.onTestBatchBegin(0);
  await loop.onTestBatchEnd(0, { loss: 2 });
  await loop.onTestEnd({ loss: 2 });
  await loop.onEpochEnd(0, { loss: 1, val_loss: 2 });
  await loop.onTrainEnd({ loss: 1, val_loss: 2 });
  assertEquals(trace, [
    "onTrainBegin {}",
    "onEpochBegin 0 {}",
    "onTrainBatchBegin 0 {}",
    'onTrainBatchEnd 0 {"loss":1}',
    "onTestBegin {}",
    "onTestBatchBegin 0 {}",
    'onTestBatchEnd 0 {"loss":2}',
    'onTestEnd {"loss":2}',
    'onEpochEnd 0 {"loss":1,"val_loss":2}',
    'onTrainEnd {"loss":1,"val_loss":2}',
  ]);
  assertEquals(loop.history.history, { loss: [1], val_loss: [2] });
  assertEquals(loop.history.outcome, { status: "completed" });
});

Deno.test("without async plugins nothing need be awaited", () => {
  const loop = open({
    plugins: [plugin("p", { onEpochEnd() {} })],
    metrics: ["loss"],
  });
  loop.onTrainBegin();
  loop.onEpochBegin(0);
  assertEquals(loop.onEpochEnd(0, { loss: 1 }), { loss: 1 });
  loop.onTrainEnd();
});

Deno.test("what comes back holds the keys that plugins added", async () => {
  const giver = plugin("giver", {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => Promise.resolve({ x: 2 }),
  });
  const loop = open({ plugins: [giver], metrics: ["loss"] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  assertEquals(await loop.onEpochEnd(0, { loss: 1 }), { loss: 1, x: 2 });
});

Deno.test("declared keys are checked at once, undeclared ones at the first call of a hook", async () => {
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["los"] },
    onEpochEnd() {},
  });
  assertThrows(
    () => open({ plugins: [needy], metrics: ["loss"] }),
    SetupError,
    'did you mean "loss"?',
  );
  const loop = open({ plugins: [needy] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  const error = assertThrows(() => loop.onEpochEnd(0, { loss: 1 }), SetupError);
  assertEquals(
    error.message,
    'Cannot go on with onEpochEnd: 1 problem\n- Plugin "needy" needs log key "los" in onEpochEnd: available are "loss"\n    did you mean "loss"?',
  );
});

Deno.test("a stop is told to the loop, which leaves by itself", async () => {
  const stopper = plugin("stopper", {
    onTrainBatchEnd: (_b, _l, run) => run.stop("enough"),
  });
  const loop = open({ plugins: [stopper], metrics: ["loss"] });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTrainBatchBegin(0);
  assertEquals(loop.stopped, false);
  await loop.onTrainBatchEnd(0, { loss: 1 });
  assertEquals(loop.stopped, true);
  await loop.onEpochEnd(0, { loss: 1 });
  await loop.onTrainEnd();
  assertEquals(loop.history.outcome.reason, "enough");
});

Deno.test("weights and optimizer are reachable", async () => {
  const optimizer = { learningRate: 1 };
  const halver = plugin("halver", {
    uses: ["learningRate"],
    onEpochEnd: (_e, _l, run) => void (run.optimizer.learningRate /= 2),
  });
  const loop = open({ plugins: [halver], metrics: ["loss"], optimizer });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onEpochEnd(0, { loss: 1 });
  assertEquals(optimizer.learningRate, 0.5);
});

Deno.test("begin and end must come in pairs", () => {
  const cases: [(loop: ReturnType<typeof open>) => void, string][] = [
    [
      (l) => l.onEpochBegin(0),
      "onEpochBegin was called before onTrainBegin: expected inside of onTrainBegin",
    ],
    [
      (l) => l.onTrainEnd(),
      "onTrainEnd was called without its begin: nothing has begun",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onTrainBegin();
      },
      "onTrainBegin was called inside of onTrainBegin and onTrainEnd: expected outside of everything",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onEpochBegin(0);
        l.onEpochEnd(1);
      },
      "onEpochEnd(1) was called without its begin: onEpochEnd(0) is due",
    ],
    [
      (l) => {
        l.onTrainBegin();
        l.onEpochBegin(0);
        l.onTrainBatchBegin(3);
        l.onEpochEnd(0);
      },
      "onEpochEnd(0) was called without its begin: onTrainBatchEnd(3) is due",
    ],
  ];
  for (const [calls, message] of cases) {
    assertEquals(assertThrows(() => calls(open()), Error).message, message);
  }
});

Deno.test("leaving the scope with training open counts as a failure, and the end hooks run", async () => {
  const outcomes: (Outcome | undefined)[] = [];
  const watcher = plugin("w", {
    onTrainEnd: (_l, run) => void outcomes.push(run.outcome),
  });
  await assertRejects(
    async () => {
      await using loop = open({ plugins: [watcher], metrics: ["loss"] });
      await loop.onTrainBegin();
      await loop.onEpochBegin(0);
      throw new Error("my own");
    },
    Error,
    "my own",
  );
  assertEquals(outcomes[0]!.status, "failed");
  assertEquals(outcomes[0]!.reason, "the loop was left before its end");
});

Deno.test("fail() tells the end hooks what was thrown", async () => {
  const seen: string[] = [];
  const loop = open({
    plugins: [plugin("w", {
      onTestEnd: () => void seen.push("test"),
      onTrainEnd: (_l, run) => void seen.push(run.outcome!.reason!),
    })],
  });
  await loop.onTrainBegin();
  await loop.onEpochBegin(0);
  await loop.onTestBegin();
  await loop.fail(new Error("out of memory"));
  assertEquals(seen, ["test", "out of memory"]);
});
