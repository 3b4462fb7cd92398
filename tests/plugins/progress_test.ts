import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import progress from "../../plugins/progress.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";

/** Epochs with these logs, of `batches` batches that take half a second each. */
async function play(
  { clock, fire }: ReturnType<typeof fakeRun>,
  epochs: readonly Record<string, number>[],
  batches = 2,
): Promise<void> {
  await fire("onTrainBegin");
  for (const [epoch, logs] of epochs.entries()) {
    await fire("onEpochBegin", epoch);
    for (let batch = 0; batch < batches; batch++) {
      clock.now += 500;
      await fire("onTrainBatchEnd", batch, { loss: logs.loss! });
    }
    await fire("onEpochEnd", epoch, logs);
  }
}

Deno.test("without a terminal, one row per epoch of one table, the best so far marked", async () => {
  const kit = fakeRun(progress(), { params: { epochs: 3, steps: 2 } });
  await play(kit, [
    { loss: 0.5, accuracy: 0.75, val_loss: 0.25, val_accuracy: 0.5 },
    { loss: 0.00025, accuracy: 0.8, val_loss: 0.3, val_accuracy: 0.5 },
    { loss: NaN, accuracy: 0.8, val_loss: 0.2, val_accuracy: 123456.789 },
  ]);
  await kit.fire("onTrainEnd");
  assertEquals(kit.lines, [
    "epoch        time       loss   accuracy   val_loss  val_accuracy",
    "Epoch 1/3      1s     0.5000     0.7500     0.2500*       0.5000",
    "Epoch 2/3      1s  2.5000e-4     0.8000     0.3000        0.5000",
    "Epoch 3/3      1s        nan     0.8000     0.2000*  123456.7890",
  ]);
});

Deno.test("in a terminal, below the rows: the running epoch, a bar with rate and time left, the curve of the loss", async () => {
  const kit = fakeRun(progress(), {
    interactive: true,
    params: { epochs: 4, steps: 4 },
  });
  const { clock, fire, statuses, lines } = kit;
  await play(kit, [{ loss: 2 }, { loss: 1 }], 4);
  await fire("onEpochBegin", 2);
  clock.now += 500;
  await fire("onTrainBatchEnd", 0, { loss: 0.1, accuracy: 0.5 });
  assertEquals(statuses.at(-1)!.split("\n"), [
    "  3/4   500ms     0.1000     0.5000",
    "━━━━━━━━──────────────────────  1/4  2.0 batches/s  ETA 2s, run 4s",
    "   2.0000  █████▃▃▃▃▃",
    "loss, log  ██████████",
    "   0.1000  ██████████▁",
  ]);
  assertEquals(lines.slice(1), [
    "  1/4      2s     2.0000*         -          -             -",
    "  2/4      2s     1.0000*         -          -             -",
  ]);
});

Deno.test("it is redrawn at most once per interval, and with interval 0 at each batch", async () => {
  for (const [interval, draws] of [[100, 2], [0, 4]] as const) {
    const { clock, fire, statuses } = fakeRun(progress({ interval }), {
      interactive: true,
      params: { epochs: 1, steps: 4 },
    });
    await fire("onEpochBegin", 0);
    for (let batch = 0; batch < 4; batch++) {
      clock.now += 60;
      await fire("onTrainBatchEnd", batch, { loss: 0.25 });
    }
    assertEquals(statuses.length, draws);
  }
});

Deno.test("between two epochs the next one's row stands there, so that nothing jumps", async () => {
  const kit = fakeRun(progress(), {
    interactive: true,
    params: { epochs: 2, steps: 2 },
  });
  await play(kit, [{ loss: 1 }]);
  assertEquals(kit.statuses.at(-1)!.split("\n").slice(0, 2), [
    "  2/2      0s",
    "──────────────────────────────  0/2",
  ]);
  await kit.fire("onTrainEnd");
  assertEquals(kit.statuses.at(-1), "");
});

Deno.test("without a known number of steps it counts", async () => {
  const { clock, fire, statuses } = fakeRun(progress(), {
    interactive: true,
    params: { steps: undefined },
  });
  await fire("onEpochBegin", 0);
  clock.now += 100;
  await fire("onTrainBatchEnd", 9, { loss: 1 });
  assertEquals(statuses[0]!.split("\n")[1], "10 batches  100 batches/s  100ms");
});

Deno.test("validation within an epoch shows its progress, below the epoch's logs", async () => {
  const at = async (validationSteps: number | undefined) => {
    const { clock, fire, statuses } = fakeRun(progress(), {
      interactive: true,
      params: { validationSteps },
    });
    await fire("onEpochBegin", 0);
    await fire("onTrainBatchEnd", 2, { loss: 0.5 });
    await fire("onTestBegin");
    clock.now += 500;
    await fire("onTestBatchEnd", 2, { loss: 1 });
    return statuses.at(-1)!.split("\n").slice(0, 2);
  };
  const row = " 1/10   500ms     0.5000";
  assertEquals(await at(6), [
    row,
    "━━━━━━━━━━━━━━━───────────────  3/6  validating",
  ]);
  assertEquals(await at(undefined), [row, "3 batches  validating"]);
});

Deno.test("while validation runs, the curve stays as it is", async () => {
  const { clock, fire, statuses } = fakeRun(progress(), { interactive: true });
  await fire("onEpochBegin", 0);
  for (let batch = 0; batch < 3; batch++) {
    clock.now += 100;
    await fire("onTrainBatchEnd", batch, { loss: 3 - batch });
  }
  await fire("onTestBegin");
  clock.now += 100;
  await fire("onTestBatchEnd", 0, { loss: 7 });
  const curves = statuses.map((status) => status.split("\n").slice(2));
  assertEquals(curves[3], curves[2]);
  assert(curves[2]!.length === 3);
});

Deno.test("evaluate and predict have their own bars and lines", async () => {
  const about = (mode: "evaluate" | "predict"): FakeRunOptions => ({
    interactive: true,
    params: { mode, steps: 2 },
  });
  const drawn = "━".repeat(15) + "─".repeat(15);
  const test = fakeRun(progress(), about("evaluate"));
  await test.fire("onTestBegin");
  test.clock.now += 1000;
  await test.fire("onTestBatchEnd", 0, { loss: 1 });
  assertEquals(test.statuses, [
    `Evaluate  ${drawn}  1/2  1.0 batches/s  ETA 1s\nloss: 1.0000`,
  ]);
  await test.fire("onTestEnd", { loss: 1 });
  assertEquals(test.statuses[1], "");
  assertEquals(test.lines, ["Evaluate  1/2  1s 1s/step - loss: 1.0000"]);

  const predict = fakeRun(progress(), about("predict"));
  await predict.fire("onPredictBegin");
  predict.clock.now += 1000;
  await predict.fire("onPredictBatchEnd", 0, { outputs: [0] });
  assertEquals(predict.statuses, [
    `Predict  ${drawn}  1/2  1.0 batches/s  ETA 1s`,
  ]);
  await predict.fire("onPredictEnd");
  assertEquals(predict.lines, ["Predict  1/2  1s 1s/step"]);
});

Deno.test("validation is not a separate run: no line at its end, and the clock keeps running", async () => {
  const { clock, fire, lines } = fakeRun(progress(), { params: { steps: 1 } });
  await fire("onTrainBegin");
  await fire("onEpochBegin", 0);
  clock.now += 1000;
  await fire("onTrainBatchEnd", 0, { loss: 1 });
  await fire("onTestBegin");
  clock.now += 1000;
  await fire("onTestBatchEnd", 5, { loss: 1 });
  await fire("onTestEnd", { loss: 1 });
  assertEquals(lines.length, 1);
  await fire("onEpochEnd", 0, { loss: 1 });
  assertMatch(lines[1]!, /^Epoch 1\/10 {7}2s {5}1\.0000\* /);
});

Deno.test("keys that nobody knew of, as in a loop of one's own, get their columns, below a new header", async () => {
  const kit = fakeRun(progress(), { metrics: null, params: { epochs: 2 } });
  await play(kit, [{ loss: 2 }, { loss: 1, gap: 3 }]);
  assertEquals(kit.lines, [
    "epoch        time       loss",
    "Epoch 1/2      1s     2.0000*",
    "epoch        time       loss        gap",
    "Epoch 2/2      1s     1.0000*    3.0000",
  ]);
});

Deno.test("epochs without validation leave its columns empty, so that all stand below one another", async () => {
  const kit = fakeRun(progress(), {
    metrics: ["loss"],
    validationFreq: 2,
    params: { epochs: 3 },
  });
  await play(kit, [{ loss: 3 }, { loss: 2, val_loss: 2 }, { loss: 1 }]);
  assertEquals(kit.lines, [
    "epoch        time       loss   val_loss",
    "Epoch 1/3      1s     3.0000*         -",
    "Epoch 2/3      1s     2.0000     2.0000*",
    "Epoch 3/3      1s     1.0000          -",
  ]);
});

Deno.test("the learning rate has a column once it changes", async () => {
  const kit = fakeRun(progress(), { metrics: ["loss"], validation: false });
  const { fire, lines, run } = kit;
  await play(kit, [{ loss: 2 }]);
  run.optimizer.learningRate /= 10;
  await fire("onEpochBegin", 1);
  await fire("onEpochEnd", 1, { loss: 2 });
  run.optimizer.learningRate *= 10;
  await fire("onEpochEnd", 2, { loss: 2 });
  assertEquals(lines.slice(2), [
    "epoch          time       loss  learning_rate",
    "Epoch 2/10       0s     2.0000      1.0000e-3",
    "Epoch 3/10       0s     2.0000         0.0100",
  ]);
});

Deno.test("the header comes again every 20 rows in a terminal, and once elsewhere", async () => {
  const headers = async (interactive: boolean) => {
    const kit = fakeRun(progress(), { interactive, params: { epochs: 50 } });
    await play(kit, Array.from({ length: 45 }, () => ({ loss: 1 })), 1);
    return kit.lines.flatMap((line, i) => line.includes("time") ? [i] : []);
  };
  assertEquals(await headers(true), [0, 21, 42]);
  assertEquals(await headers(false), [0]);
});

Deno.test("a narrow window: what does not fit goes to the next line, and less of the bar is shown", async () => {
  const kit = fakeRun(progress(), {
    interactive: true,
    columns: 40,
    params: { epochs: 9, steps: 4 },
  });
  await play(kit, [
    { loss: 0.5, accuracy: 0.75, val_loss: 0.25, val_accuracy: 0.5 },
  ]);
  assertEquals(kit.lines.join("\n").split("\n"), [
    "epoch    time       loss   accuracy",
    "                val_loss  val_accuracy",
    "  1/9      1s     0.5000     0.7500",
    "                  0.2500*       0.5000",
  ]);
  assertEquals(
    kit.statuses[1]!.split("\n")[1],
    "━━━━━━━━━────────  2/4  ETA 1s, run 17s",
  );
});

Deno.test("in a notebook, one picture that changes, at most four times a second, and no lines", async () => {
  const kit = fakeRun(progress(), {
    pictures: true,
    params: { epochs: 2, steps: 10 },
  });
  const { acts, clock, fire, lines } = kit;
  const pictures = () =>
    acts.flatMap(({ what }) => what.kind === "show" ? [what.picture] : []);
  await fire("onTrainBegin");
  for (let epoch = 0; epoch < 2; epoch++) {
    await fire("onEpochBegin", epoch);
    for (let batch = 0; batch < 10; batch++) {
      clock.now += 100;
      await fire("onTrainBatchEnd", batch, { loss: 3 - epoch });
    }
    await fire("onEpochEnd", epoch, { loss: 3 - epoch, val_loss: 5 + epoch });
  }
  await fire("onTrainEnd");
  assertEquals(lines, []);
  assertEquals(pictures().length, 8);
  const [, middle, ...others] = pictures();
  assert(middle!.html.includes('<progress max="10" value="4"'));
  const { html, text } = others.at(-1)!;
  assert(!html.includes("<progress"));
  assertMatch(
    html,
    /<b>5\.0000 ★<\/b>.*<td[^>]*>6\.0000<\/td>.*<svg role="img"/,
  );
  assertEquals(text.split("\n").length, 3);
});

Deno.test("a long run in a notebook shows its last epochs, and the best", async () => {
  const kit = fakeRun(progress(), {
    pictures: true,
    metrics: ["loss"],
    validation: false,
    params: { epochs: 200, steps: 1 },
  });
  const rows = Array.from({ length: 120 }, (_, i) => ({ loss: 1 + i }));
  await play(kit, rows, 1);
  await kit.fire("onTrainEnd");
  const last = kit.acts.findLast(({ what }) => what.kind === "show")!.what;
  const { html } = (last as { picture: { html: string } }).picture;
  assertEquals(html.match(/<tr>/g)!.length, 1 + 1 + 1 + 50);
  assertMatch(html, /<td[^>]*>1\/200<.*★.*70 earlier.*>71\/200</);
});

Deno.test("what a metric is called is no HTML", async () => {
  const kit = fakeRun(progress(), {
    pictures: true,
    metrics: ["<b>&", "loss"],
  });
  await play(kit, [{ loss: 1, "<b>&": 2 }]);
  await kit.fire("onTrainEnd");
  const last = kit.acts.findLast(({ what }) => what.kind === "show")!.what;
  const { html } = (last as { picture: { html: string } }).picture;
  assert(!html.includes("<b>&") && html.includes("&#60;b&#62;&#38;"));
});

Deno.test("batchLogs: false reads nothing at the end of a batch, and shows none", async () => {
  const plugin = progress({ batchLogs: false });
  assertEquals(plugin.needs?.onTrainBatchEnd, undefined);
  assertEquals(progress().needs?.onTrainBatchEnd, "all");
  const { fire, statuses } = fakeRun(plugin, {
    interactive: true,
    params: { epochs: 1, steps: 2 },
  });
  await fire("onEpochBegin", 0);
  await fire("onTrainBatchEnd", 1, { loss: 1 });
  assertEquals(statuses, [`  1/1      0s\n${"━".repeat(30)}  2/2`]);
});

Deno.test("interval must be a whole number", () => {
  assertThrows(
    () => progress({ interval: -1 }),
    OptionError,
    "Cannot create progress as 'interval' must be an integer >= 0: current value is -1",
  );
});

Deno.test("it runs after the others", () => {
  const { order, needs } = progress();
  assertEquals(order, "post");
  assertEquals(needs, {
    onTrainBatchEnd: "all",
    onTestBatchEnd: "all",
    onTestEnd: "all",
    onEpochEnd: "all",
  });
});
