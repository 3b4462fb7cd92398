import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { trainLoop } from "../../core/loop/mod.ts";
import { OptionError, type Plugin } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import lrFinder, { type LrFinderOptions } from "../../plugins/lr_finder.ts";
import { batches, notebook, scripted } from "../core/_scripted.ts";

const QUIET = { svg: "", csv: "" };

/** Train batch by batch with a loss that depends on the rate, until it stops; every batch changes the weight. */
async function sweep(
  options: LrFinderOptions,
  lossAt: (rate: number) => number,
  { batches = 1000, ...fake }: FakeRunOptions & { batches?: number } = {},
) {
  const kit = fakeRun(lrFinder({ ...QUIET, ...options }), fake);
  const rates: number[] = [];
  await kit.fire("onTrainBegin");
  for (let i = 0; i < batches && kit.stops.length === 0; i++) {
    await kit.fire("onTrainBatchBegin", i);
    rates.push(kit.run.optimizer.learningRate);
    kit.batchLogs.loss = lossAt(rates.at(-1)!);
    kit.weights[0]!++;
    await kit.fire("onTrainBatchEnd", i, { loss: 1e9 }); // The mean is not what counts.
  }
  await kit.fire("onTrainEnd");
  return { ...kit, rates };
}

/** Falls most steeply at a rate of 0.01, and diverges beyond 1. */
const bowl = (rate: number) =>
  2 - Math.tanh(2 * Math.log10(rate / 0.01)) + rate ** 2;

function suggested(lines: readonly string[]): number {
  return Number(lines.join().match(/finder: (\S+) is suggested/)?.[1]);
}

Deno.test("the rate rises by the same factor each batch, from startLr to endLr", async () => {
  const { rates } = await sweep(
    { startLr: 0.001, endLr: 10, steps: 5 },
    () => 1,
  );
  assertEquals(rates.map((rate) => Number(rate.toFixed(9))), [
    0.001,
    0.01,
    0.1,
    1,
    10,
  ]);
});

Deno.test("or by the same amount", async () => {
  const { rates } = await sweep(
    { startLr: 1, endLr: 3, steps: 5, schedule: "linear" },
    () => 1,
  );
  assertEquals(rates, [1, 1.5, 2, 2.5, 3]);
});

Deno.test("it stops when all rates were tried", async () => {
  const { stops } = await sweep({ steps: 7 }, () => 1);
  assertEquals(stops, ["all 7 learning rates were tried"]);
});

Deno.test("it stops when the loss is stopFactor times its best, below zero too", async () => {
  const options = { smoothing: 0, startLr: 1, endLr: 10, steps: 10 };
  const above = await sweep(
    { ...options, schedule: "linear", stopFactor: 2 },
    (rate) => rate < 4 ? 1 : 2.1,
  );
  assertEquals(above.stops, [
    "the loss is more than 2 times its best at a learning rate of 4",
  ]);
  const below = await sweep(
    { ...options, schedule: "linear" },
    (rate) => rate < 4 ? -1 : rate < 6 ? 1.9 : 2.1,
  );
  assertEquals(below.stops, [
    "the loss is more than 4 times its best at a learning rate of 6",
  ]);
});

Deno.test("it stops when the loss is not a finite number", async () => {
  const options = { startLr: 1, endLr: 10, steps: 10 } as const;
  for (const [loss, word] of [[NaN, "nan"], [Infinity, "inf"]] as const) {
    const { stops } = await sweep(
      { ...options, schedule: "linear" },
      (rate) => rate < 3 ? 1 : loss,
    );
    assertEquals(stops, [`the loss is ${word} at a learning rate of 3`]);
  }
});

Deno.test("or the steepest descent, before the point where the loss is lowest", async () => {
  const options = { smoothing: 0, suggestion: "steepest" } as const;
  const { lines } = await sweep(options, bowl);
  const rate = suggested(lines);
  assert(rate > 0.005 && rate < 0.02, `${rate}`);
  assertStringIncludes(lines[0]!, "where the loss falls most steeply (tried:");
});

Deno.test("the middle of the longest valley is suggested", async () => {
  const { lines } = await sweep({ smoothing: 0 }, bowl);
  const rate = suggested(lines);
  assert(rate > 1e-5 && rate < 1, `${rate}`);
  assertStringIncludes(lines[0]!, "the middle of the longest valley");
});

Deno.test("a drop beyond the lowest point is not taken, however steep", async () => {
  const cliff = (rate: number) =>
    rate < 0.1 ? 2 - rate * 10 : rate < 1 ? 3.5 : rate < 5 ? 3.9 : 1.5;
  for (const suggestion of ["valley", "steepest"] as const) {
    const { lines } = await sweep({ smoothing: 0, suggestion }, cliff);
    assert(suggested(lines) < 0.1, lines[0]);
  }
});

Deno.test("if the loss does not fall, no rate is suggested", async () => {
  for (const lossAt of [(rate: number) => 1 + rate, () => 1]) {
    for (const suggestion of ["steepest", "valley"] as const) {
      const { lines } = await sweep({ suggestion }, lossAt);
      assertStringIncludes(
        lines[0]!,
        "none is suggested, as the loss does not fall (tried: 1e-7 to",
      );
    }
  }
});

Deno.test("the loss is smoothed with bias correction at the start", async () => {
  const dir = await Deno.makeTempDir();
  let loss = 4;
  await sweep(
    { smoothing: 0.5, steps: 3, csv: "a/b.csv", startLr: 1, endLr: 4 },
    () => loss /= 2,
    { dir },
  );
  // 2, (0.5 * 1 + 0.25 * 2) / 0.75, (0.5 * 0.5 + 0.25 * 1 + 0.125 * 2) / 0.875
  const rows = (await Deno.readTextFile(`${dir}/a/b.csv`)).trim().split("\r\n")
    .map((row) => row.split(","));
  assertEquals(rows[0], ["learning_rate", "loss", "smoothed"]);
  const numbers = rows.slice(1).map((row) => row.map(Number));
  assertEquals(numbers.map(([rate, loss]) => [rate, loss]), [[1, 2], [2, 1], [
    4,
    0.5,
  ]]);
  for (const [i, smoothed] of [2, 1 / 0.75, 0.75 / 0.875].entries()) {
    assertAlmostEquals(numbers[i]![2]!, smoothed);
  }
});

Deno.test("weights, optimizer and learning rate are as before, whatever happened", async () => {
  for (const status of ["stopped", "failed", "aborted"] as const) {
    const { weights, snapshots, run, acts } = await sweep({ steps: 5 }, bowl, {
      weights: [7],
      learningRate: 0.25,
      outcome: { status },
    });
    assertEquals([weights, snapshots.size], [[7], 0]);
    assertEquals(run.optimizer.learningRate, 0.25);
    assertEquals(
      acts.map(({ what }) => what).find(({ kind }) => kind === "snapshot"),
      {
        kind: "snapshot",
        name: "before",
        optimizer: true,
        trainable: false,
        keep: false,
      },
    );
  }
});

Deno.test("after a failure it says nothing and writes nothing", async () => {
  const dir = await Deno.makeTempDir();
  const { lines } = await sweep(
    { svg: "x.svg", csv: "x.csv", steps: 5 },
    bowl,
    {
      dir,
      outcome: { status: "failed" },
    },
  );
  assertEquals([lines, [...Deno.readDirSync(dir)]], [[], []]);
});

Deno.test("a run that ends before the rates do is reported, and yields what there is", async () => {
  const { lines, weights } = await sweep({ smoothing: 0 }, bowl, {
    batches: 80,
  });
  assertEquals(
    lines[0],
    "Warning: the run ended after 80 of the 100 batches of the learning rate finder: give it more epochs, or reduce 'steps'",
  );
  assert(suggested(lines.slice(1)) > 0);
  assertEquals(weights, [0]);
  const none = await sweep({}, bowl, { batches: 0 });
  assertEquals(
    none.lines.at(-1),
    "Learning rate finder: no batch was trained, so none is suggested",
  );
});

Deno.test("batches after its stop, as in hand-written loops, change nothing", async () => {
  const plugin = lrFinder({ ...QUIET, steps: 2 });
  const { fire, batchLogs, stops } = fakeRun(plugin);
  batchLogs.loss = 1;
  await fire("onTrainBegin");
  for (let i = 0; i < 4; i++) {
    await fire("onTrainBatchBegin", i);
    await fire("onTrainBatchEnd", i);
  }
  assertEquals(stops.length, 1);
  assertEquals((plugin.state as { points: unknown[] }).points.length, 2);
});

Deno.test("its state is plain data", async () => {
  const plugin = lrFinder({ ...QUIET, steps: 3 });
  const { fire, batchLogs } = fakeRun(plugin);
  batchLogs.loss = 1;
  await fire("onTrainBegin");
  await fire("onTrainBatchBegin", 0);
  await fire("onTrainBatchEnd", 0);
  assertEquals(JSON.parse(JSON.stringify(plugin.state)), {
    before: 0.01,
    points: [{ learningRate: 1e-7, loss: 1, smoothed: 1 }],
    best: 1,
    over: false,
  });
});

Deno.test("the loss may come late, or at once; then nothing waits", async () => {
  for (const late of [false, true]) {
    const plugin = lrFinder({ ...QUIET, steps: 2 });
    const logs = { loss: 1 };
    const { run } = fakeRun(plugin);
    const other = {
      ...run,
      batchLogs: () => late ? Promise.resolve(logs) : logs,
    };
    const result = plugin.onTrainBatchEnd!(0, { loss: 1 }, other);
    assertEquals(result instanceof Promise, late);
    await result;
    assertEquals((plugin.state as { points: unknown[] }).points.length, 1);
  }
});

Deno.test("a loss that batches do not report is an error that lists those they do", async () => {
  const { fire, batchLogs } = fakeRun(lrFinder({ monitor: "accuracy" }));
  batchLogs.loss = 1;
  await assertRejects(
    () => fire("onTrainBatchEnd", 0, { accuracy: 1 }),
    Error,
    `a batch reports no "accuracy": set 'monitor' to what it reports ("loss")`,
  );
});

Deno.test("a loss that the run does not have is refused before the first step", () => {
  assertThrows(
    () => fakeRun(lrFinder({ monitor: "los" })),
    Error,
    `did you mean "loss"?`,
  );
});

Deno.test("in a real loop: the sweep spans epochs, and everything is restored", async () => {
  const dir = await Deno.makeTempDir();
  const printer = notebook();
  const optimizer = { learningRate: 0.5 };
  const weights = { value: 3 };
  const steps = scripted({
    optimizer,
    train: () => void weights.value++,
    batchLogs: () => ({ loss: bowl(optimizer.learningRate) }),
    logs: () => ({ loss: 1 }),
    weights: {
      optimizerState: true,
      snapshot: () => ({ ...weights, dispose() {} }),
      restore: (it) => void Object.assign(weights, it),
      average() {},
      entries: () => [],
    },
  });
  const { outcome, epoch } = await trainLoop(
    steps,
    batches(...Array(30).fill(0)),
    undefined,
    { epochs: 10, plugins: [lrFinder({ smoothing: 0.5 })], dir, printer },
  );
  assertEquals([outcome.status, outcome.by], ["stopped", "lr-finder"]);
  assert(epoch.length > 1 && epoch.length <= 4);
  assertEquals([optimizer.learningRate, weights.value], [0.5, 3]);
  assert(suggested(printer.lines) < 0.5);
  assertEquals(
    printer.lines.at(-1),
    `Learning rate finder: the curve is in ${dir}/lr-finder.svg`,
  );
});

async function drawn(
  options: LrFinderOptions,
  lossAt: (rate: number) => number,
): Promise<string> {
  const dir = await Deno.makeTempDir();
  const plugin: Plugin = lrFinder({ ...QUIET, svg: "x.svg", ...options });
  const { fire, batchLogs, run, stops } = fakeRun(plugin, {
    dir,
    metrics: ["loss", "a<b&c"],
  });
  await fire("onTrainBegin");
  while (stops.length === 0) {
    await fire("onTrainBatchBegin", 0);
    batchLogs.loss = batchLogs["a<b&c"] = lossAt(run.optimizer.learningRate);
    await fire("onTrainBatchEnd", 0);
  }
  await fire("onTrainEnd");
  return Deno.readTextFileSync(`${dir}/x.svg`);
}

Deno.test("the drawing has axes, a curve, the mark, and text for those who cannot see it", async () => {
  const svg = await drawn({}, bowl);
  assertStringIncludes(svg, `role="img"`);
  assertStringIncludes(svg, "<title");
  assert(/<desc[^>]*>\S+ is suggested, the middle of/.test(svg));
  for (const part of [">10⁻⁷<", ">0.1<", "learning rate", ">loss<"]) {
    assertStringIncludes(svg, part);
  }
  assertEquals(svg.match(/<polyline/g)?.length, 1);
  assert(/>suggested: [\d.e-]+</.test(svg));
  assertStringIncludes(svg, "prefers-color-scheme: dark");
});

Deno.test("the drawing contains no non-finite number, and no unescaped text", async () => {
  for (
    const lossAt of [
      () => NaN,
      () => 0,
      () => -1e300,
      (rate: number) => rate > 1 ? NaN : 1 / (1 + rate),
      (rate: number) => rate > 1 ? 1e200 : 1 / (1 + rate),
      (rate: number) => rate * 1e-300,
      // The first loss and its smoothed value differ by rounding alone.
      (rate: number) => rate < 1.1e-7 ? 1.84855055809021 : 16.6,
    ]
  ) {
    for (const [startLr, endLr] of [[1e-7, 10], [0.1, 0.11], [1e-40, 1e10]]) {
      const range = { startLr: startLr!, endLr: endLr! };
      const svg = await drawn({ ...range, monitor: "a<b&c" }, lossAt);
      assertEquals(/NaN|Infinity|undefined/.test(svg), false, svg);
      assertStringIncludes(svg, "a&#60;b&#38;c");
      assertEquals(svg.includes("a<b"), false);
    }
  }
});

Deno.test("options out of range are rejected with their value", () => {
  const cases: [LrFinderOptions, string][] = [
    [{ startLr: 0 }, "'startLr' must be > 0: current value is 0"],
    [
      { startLr: 1, endLr: 0.5 },
      "'endLr' must be > startLr (1): current value is 0.5",
    ],
    [{ endLr: NaN }, "'endLr' must be a finite number: current value is NaN"],
    [{ steps: 1 }, "'steps' must be an integer >= 2: current value is 1"],
    [{ smoothing: 1 }, "'smoothing' must be >= 0 and < 1: current value is 1"],
    [{ stopFactor: 1 }, "'stopFactor' must be > 1: current value is 1"],
    [
      { schedule: "log" as never },
      `'schedule' must be "exponential" or "linear": current value is "log"`,
    ],
    [
      { suggestion: "best" as never },
      `'suggestion' must be "valley" or "steepest": current value is "best"`,
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => lrFinder(options),
      OptionError,
      `Cannot create lr-finder as ${message}`,
    );
  }
});
