import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { OptionError, type TestBatch, type Values } from "../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";
import confusionMatrix, {
  type ConfusionMatrixOptions,
} from "../../plugins/confusion_matrix.ts";
import { batch, values } from "./_values.ts";

/** One-hot outputs for these classes. */
const says = (count: number, ...classes: number[]) =>
  values(
    [classes.length, count],
    classes.flatMap((is) =>
      Array.from({ length: count }, (_, i) => i === is ? 0.9 : 0.1)
    ),
  );
const indices = (...labels: number[]) => values([labels.length], labels);

/** Lines after one epoch, and the file. */
async function counted(
  validation: readonly TestBatch[],
  options: ConfusionMatrixOptions = {},
  fake: FakeRunOptions = {},
) {
  const dir = await Deno.makeTempDir();
  const kit = fakeRun(confusionMatrix(options), { dir, validation, ...fake });
  await kit.fire("onEpochEnd", 0);
  const file = `${dir}/${options.filename ?? "confusion-matrix.csv"}`;
  return {
    ...kit,
    dir,
    csv: [...Deno.readDirSync(dir)].length
      ? await Deno.readTextFile(file)
      : undefined,
  };
}

Deno.test("rows are true classes, columns predicted ones, over all batches", async () => {
  const { lines, csv } = await counted([
    batch(says(3, 0, 0, 1), indices(0, 1, 1)),
    batch(says(3, 1, 0), indices(1, 2)),
  ], { labels: "cat, dog,bird" });
  assertEquals(lines, [
    "Confusion matrix after epoch 1: 5 samples, accuracy 0.6000",
    "  actual  cat  dog  bird  precision  recall",
    "  cat       1    ·     ·      0.333   1.000",
    "  dog       1    2     ·      1.000   0.667",
    "  bird      1    ·     0          –   0.000",
  ]);
  assertEquals(
    csv,
    "actual,cat,dog,bird\r\ncat,1,0,0\r\ndog,1,2,0\r\nbird,1,0,0\r\n",
  );
});

Deno.test("labels may be one-hot, or a column of indices", async () => {
  for (const labels of [values([2, 1], [0, 2]), says(3, 0, 2)]) {
    const { csv } = await counted([batch(says(3, 0, 1), labels)]);
    assertEquals(csv, "actual,0,1,2\r\n0,1,0,0\r\n1,0,0,0\r\n2,0,1,0\r\n");
  }
});

Deno.test("a single output is a sigmoid: 0.5 and above is class 1", async () => {
  for (const shape of [[4], [4, 1]]) {
    const outputs = values(shape, [0.2, 0.5, 0.9, 0.499]);
    const { csv } = await counted([
      batch(outputs, values(shape, [0, 0, 1, 1])),
    ]);
    assertEquals(csv, "actual,0,1\r\n0,1,1\r\n1,1,1\r\n");
  }
});

Deno.test("names that are too wide for the columns appear only in the rows", async () => {
  const { lines } = await counted([batch(says(2, 0), indices(0))], {
    labels: ["a rather long name", "another long name"],
  }, { columns: 60 });
  assertEquals(lines.slice(1), [
    "  actual                0  1  precision  recall",
    "  0 a rather long name  1  ·      1.000   1.000",
    "  1 another long name   ·  0          –       –",
  ]);
});

Deno.test("for many classes, the most confused pairs are printed", async () => {
  const { lines } = await counted([
    batch(says(30, 7, 7, 9, 3), indices(9, 9, 9, 4)),
  ]);
  assertEquals(lines, [
    "Confusion matrix after epoch 1: 4 samples, accuracy 0.2500",
    "  actual  predicted   count  precision  recall",
    "  9       7          2 of 3      1.000   0.333",
    "  4       3          1 of 1          –   0.000",
  ]);
  const right = await counted([batch(says(30, 7), indices(7))]);
  assertEquals(right.lines.at(-1), "  no class was mistaken for another");
});

Deno.test("every few epochs, after the last, and after a stop", async () => {
  const validation = [batch(says(2, 0), indices(0))];
  const { fire, lines } = fakeRun(confusionMatrix({ every: 2, filename: "" }), {
    validation,
    params: { epochs: 5 },
  });
  for (let epoch = 0; epoch < 5; epoch++) await fire("onEpochEnd", epoch);
  const titles = lines.filter((line) => line.startsWith("Confusion"));
  assertEquals(titles.map((title) => title.split(":")[0]), [
    "Confusion matrix after epoch 2",
    "Confusion matrix after epoch 4",
    "Confusion matrix after epoch 5",
  ]);
  const stopped = fakeRun(confusionMatrix({ every: 2, filename: "" }), {
    validation,
    outcome: { status: "stopped" },
  });
  await stopped.fire("onTrainBatchEnd", 0);
  await stopped.fire("onEpochEnd", 0);
  await stopped.fire("onTrainEnd");
  assertStringIncludes(stopped.lines[0]!, "matrix at the end of training: 1");
});

Deno.test("in evaluate it counts at the end; in fit's validation it does not", async () => {
  for (const mode of ["evaluate", "fit"] as const) {
    const { fire, lines } = fakeRun(confusionMatrix({ filename: "" }), {
      validation: [batch(says(2, 0), indices(0))],
      params: { mode },
    });
    await fire("onTestEnd");
    assertEquals(lines.length, mode === "evaluate" ? 4 : 0);
  }
});

Deno.test("print: false only writes; no filename only prints", async () => {
  const validation = [batch(says(2, 0), indices(0))];
  const silent = await counted(validation, { print: false });
  assertEquals([silent.lines.length, silent.csv !== undefined], [0, true]);
  const unwritten = await counted(validation, { filename: "" });
  assertEquals([unwritten.lines.length, unwritten.csv], [4, undefined]);
});

Deno.test("another output of the model can be chosen; a missing one is reported", async () => {
  const two = batch(says(2, 0), indices(0), [says(3, 2), indices(1)]);
  const { csv } = await counted([two], { output: 1 });
  assertEquals(csv, "actual,0,1,2\r\n0,0,0,0\r\n1,0,0,1\r\n2,0,0,0\r\n");
  const { lines } = await counted([two], { output: 2 });
  assertStringIncludes(
    lines[0]!,
    "there is no output 2: set 'output' to one of the model's, from 0 to 1",
  );
});

Deno.test("predictions are freed, even when something throws", async () => {
  for (const label of [0, 5]) {
    const alive = new Set<Values>();
    const { lines } = await counted(
      [batch(says(2, 0), indices(label))],
      {},
      { predict: () => [values([1, 2], [1, 0], alive)] },
    );
    assertEquals(lines[0]!.startsWith("Warning"), label === 5);
    assertEquals(alive.size, 0);
  }
});

Deno.test("NaN outputs are left out, and reported", async () => {
  const outputs = values([2, 2], [NaN, 0, 1, 0]);
  const { lines } = await counted([batch(outputs, indices(0, 0))]);
  assertStringIncludes(lines[0]!, ": 1 sample,");
  assertEquals(lines.at(-1), "  left out: 1 with NaN as output");
});

Deno.test("data without classes switch it off with one message, and nothing is written", async () => {
  const cases: [TestBatch, ConfusionMatrixOptions, string][] = [
    [
      batch(values([1, 2, 2], [1, 2, 3, 4]), indices(0)),
      {},
      "labels of shape [1] beside outputs of shape [1, 2, 2] are not classes: expected outputs [n, c] with labels [n] or [n, c], or outputs [n, 1] with labels [n]; choose another output with 'output', or leave this plugin out",
    ],
    [
      batch(says(3, 0), values([1, 2], [0, 1])),
      {},
      "labels of shape [1, 2] beside outputs of shape [1, 3] are not classes",
    ],
    [
      batch(says(2, 0), indices(0.5)),
      {},
      "the label 0.5 is not a class: expected an integer from 0 to 1; if",
    ],
    [
      batch(says(3, 0), indices(0)),
      { labels: ["a", "b"] },
      "'labels' has 2 names, but there are 3 classes: give one for each, or none",
    ],
  ];
  for (const [validation, options, message] of cases) {
    const { lines, csv } = await counted([validation], options);
    assertEquals([lines.length, csv], [1, undefined]);
    assertStringIncludes(lines[0]!, message);
    assertStringIncludes(lines[0]!, "it is switched off for the rest");
  }
});

Deno.test("a run without validation data is refused", () => {
  assertThrows(
    () => fakeRun(confusionMatrix(), { validation: false }),
    Error,
    "validation data, which this run does not have",
  );
});

Deno.test("an aborted run is not kept waiting, and nothing is printed", async () => {
  const { lines, csv } = await counted(
    [batch(says(2, 0), indices(0))],
    {},
    { signal: AbortSignal.abort() },
  );
  assertEquals([lines, csv], [[], undefined]);
});

Deno.test("options out of range are rejected with their value", () => {
  const cases: [ConfusionMatrixOptions, string][] = [
    [{ every: 0 }, "'every' must be an integer >= 1: current value is 0"],
    [{ output: -1 }, "'output' must be an integer >= 0: current value is -1"],
    [
      { labels: true as never },
      "'labels' must be a list of names, or comma-separated text: current value is true",
    ],
  ];
  for (const [options, message] of cases) {
    assertThrows(
      () => confusionMatrix(options),
      OptionError,
      `Cannot create confusion-matrix as ${message}`,
    );
  }
});

Deno.test("svg names a drawing: a cell for each pair, as dark as its share, names escaped and shortened", async () => {
  const { dir } = await counted(
    [batch(says(2, 0, 0, 1), indices(0, 1, 1))],
    { labels: ["<cat>", "a word of many letters"], svg: "matrix.svg" },
  );
  const svg = await Deno.readTextFile(`${dir}/matrix.svg`);
  assertEquals(
    [...svg.matchAll(/class="(right|wrong)" fill-opacity="([\d.]+)"/g)]
      .map(([, kind, share]) => [kind, Number(share)]),
    [["right", 1], ["wrong", 0], ["wrong", 0.5], ["right", 0.5]],
  );
  assertStringIncludes(svg, "&#60;cat&#62;");
  assertStringIncludes(svg, ">a word of many …</text>");
  assertEquals(svg.includes("<cat>"), false);
  assertStringIncludes(svg, "3 samples, accuracy 0.6667");
  // A letter of the title is about 9 pixels wide: all of it is in the drawing.
  const [, title] = /class="head"[^>]*>([^<]*)</.exec(svg)!;
  const [, width] = /viewBox="0 0 (\d+)/.exec(svg)!;
  assertEquals(Number(width) >= 12 + 9 * title!.length, true);
});
