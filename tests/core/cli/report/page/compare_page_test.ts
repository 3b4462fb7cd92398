import { assertEquals, assertStringIncludes } from "@std/assert";
import { drawer } from "../../../../../core/cli/report/draw_curves.ts";
import { comparisonOf, FACTS, reportOf, wordsOf } from "./_report.ts";

const OTHER = {
  ...FACTS,
  seed: 7,
  flags: { from: "runs/x/best", quiet: true },
  plugins: [
    { name: "model-checkpoint", file: "built in", options: {} },
    { name: "early-stopping", file: "built in", options: { patience: 9 } },
    { name: "progress", file: "built in", options: { interval: 100 } },
  ],
  history: { loss: [3, 2, 0.5], val_loss: [null, 1.6, 2], extra: [1, 2, 3] },
};

Deno.test("a comparison lists what differs, folds what does not, and marks the best values", async () => {
  const page = comparisonOf(await reportOf(), await reportOf(OTHER));
  const [open = "", folded = ""] = page.split("<details>").map(wordsOf);
  for (
    const words of [
      "run ended epochs took loss lowest val_loss lowest run 1 stopped 3/5 4 s 1 epoch 3 ★ 1.5 epoch 2 run 2 stopped 3/5 4 s ★ 0.5 epoch 3 1.6 epoch 2",
      "seed Options 42 7",
      "from Options – runs/x/best",
      "early-stopping: patience Plugins 1 9",
      "progress Plugins – built in",
    ]
  ) assertStringIncludes(open, words);
  // Of a plugin that one run does not have, its options are no differences of their own.
  for (
    const words of [
      "epochs 5 Options",
      "progress: interval 100 Plugins",
      "samples 6000 Data",
    ]
  ) {
    assertStringIncludes(folded, words);
    assertEquals(open.includes(words), false, words);
  }
});

Deno.test("a best value that several have is marked in each; NaN never is", async () => {
  const history = { loss: ["NaN", 2, 1], val_loss: ["NaN", "NaN", "NaN"] };
  const page = comparisonOf(
    await reportOf(),
    await reportOf({ ...FACTS, history }),
  );
  assertStringIncludes(
    wordsOf(page),
    "run 1 stopped 3/5 4 s ★ 1 epoch 3 ★ 1.5 epoch 2 run 2 stopped 3/5 4 s ★ 1 epoch 3 –",
  );
});

Deno.test("runs that say nothing can be compared", async () => {
  const nothing = await reportOf({ began: "" }, "");
  const said = wordsOf(comparisonOf(nothing, nothing));
  assertStringIncludes(said, "No setting differs between them.");
  assertStringIncludes(said, "There are no curves");
});

Deno.test("drawings stand beside each other: a metric with its validation, the learning rate, each key of several runs", async () => {
  const history = {
    loss: [3, 2, null],
    learning_rate: [1, 0.5, 0.5],
    val_loss: [2, "NaN", "Infinity"],
    none: [null, null, null],
    "<evil>": [1, 2, 3],
  };
  const [one, two] = [
    await reportOf({ ...FACTS, history }),
    await reportOf(),
  ];
  const draw = await drawer();
  const titles = (figures: readonly { svg: string }[]) =>
    figures.map(({ svg }) =>
      /<title>(.*)<\/title>/.exec(svg)?.[1]
        ?.replace("&#60;", "&lt;").replace("&#62;", "&gt;")
    );
  assertEquals(titles(draw.one(one)), [
    "loss by epoch",
    "learning_rate by epoch",
    "&lt;evil&gt; by epoch",
  ]);
  const both = [{ name: "a", report: one }, { name: "b", report: two }];
  assertEquals(titles(draw.several(both)), [
    "loss by epoch, of a, b",
    "learning_rate by epoch, of a, b",
    "val_loss by epoch, of a, b",
    "&lt;evil&gt; by epoch, of a, b",
  ]);
});

Deno.test("a record whose epochs are damaged is told to be where the drawing would be", async () => {
  const report = await reportOf({ ...FACTS, epoch: [2, 1, "x"] });
  const [figure] = (await drawer()).one(report);
  assertEquals(figure?.svg, "");
  assertStringIncludes(figure!.text, "Cannot draw the history: its epochs are");
});
