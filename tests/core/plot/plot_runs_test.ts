import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plotRuns } from "../../../core/plot/mod.ts";
import { legendOf, panelOf, panelsOf, rootOf } from "./_drawing.ts";

const SGD = { loss: [4, 3, 2], val_loss: [4, 2.5, 3], lr: [0.1, 0.1, 0.1] };
const ADAM = { loss: [3, 1], val_loss: [3.5, 2], accuracy: [0.5, 0.75] };

Deno.test("plotRuns() draws each key of all runs in one panel, one colour a run", () => {
  const picture = plotRuns([
    { name: "sgd", history: SGD },
    { name: "adam", history: ADAM },
  ]);
  const panels = panelsOf(picture);
  assertEquals(
    panels.map(({ title, points }) => [title, Object.keys(points)]),
    [
      ["loss", ["run0", "run1"]],
      ["val_loss", ["run0", "run1"]],
      ["accuracy", ["run1"]],
      ["lr", ["run0"]],
    ],
  );
  assertEquals(legendOf(picture), ["sgd", "adam", "best epoch"]);
  const [loss, valLoss] = panels;
  assertEquals(loss!.epochs, ["1", "2", "3"]);
  for (const [i, value] of SGD.loss.entries()) {
    assertAlmostEquals(loss!.points.run0![i]![0], i + 1, 0.01);
    assertAlmostEquals(loss!.points.run0![i]![1], value, 0.01);
  }
  assertEquals(
    valLoss!.best.map((at) => at.map((it) => Number(it.toFixed(2)))),
    [[2, 2.5], [2, 2]],
  );
});

Deno.test("plotRuns() draws runs of different epochs over one another", () => {
  const picture = plotRuns([
    { name: "first", history: { epoch: [0, 1], history: { loss: [4, 3] } } },
    { name: "went on", history: { epoch: [2, 3], history: { loss: [2, 1] } } },
  ], { best: false });
  const { epochs, points } = panelOf(picture);
  assertEquals(epochs, ["1", "2", "3", "4"]);
  assertEquals(points.run1!.map(([epoch]) => Math.round(epoch)), [3, 4]);
  assertEquals(legendOf(picture), ["first", "went on"]);
});

Deno.test("plotRuns() tells any number of runs apart, by colour and then by dashes", () => {
  const runs = Array.from({ length: 20 }, (_, i) => ({
    name: `run ${i}`,
    history: { loss: [i, i + 1] },
  }));
  const root = rootOf(plotRuns(runs));
  const looks = [
    ...root.querySelectorAll(".hl-legend > .hl-run0, .hl-legend > g"),
  ]
    .filter((it) => it.getAttribute("class")!.startsWith("hl-run"))
    .map((it) =>
      `${it.getAttribute("class")} ${
        it.querySelector("path")!.getAttribute("stroke-dasharray")
      }`
    );
  assertEquals(looks.length, 20);
  assertEquals(new Set(looks).size, 20);
});

Deno.test("plotRuns() of no run, and of runs without a value, says that there is nothing", () => {
  for (const runs of [[], [{ name: "empty", history: {} }]]) {
    const { text, svg } = plotRuns(runs);
    assertEquals(text, "There are no values.");
    assertEquals(panelsOf({ svg }), []);
  }
});

Deno.test("plotRuns() leaves a run out where it ended before the first epoch drawn", () => {
  const runs = [
    { name: "short", history: { loss: [2, 1] } },
    { name: "long", history: { loss: [4, 3, 2, 1] } },
  ];
  const [panel] = panelsOf(plotRuns(runs, { startEpoch: 3 }));
  assertEquals(panel!.epochs, ["3", "4"]);
  assertEquals(Object.keys(panel!.points), ["run1"]);
});
