import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { callbackList, train } from "../../../core/loop/mod.ts";
import {
  type HistoryPlotOptions,
  plotHistory,
} from "../../../core/plot/mod.ts";
import { silent } from "../../../core/terminal.ts";
import earlyStopping from "../../../plugins/early_stopping.ts";
import {
  type At,
  legendOf,
  noteOf,
  panelOf,
  panelsOf,
  rootOf,
} from "./_drawing.ts";

/** The places mean these values, to the hundredth of a pixel that drawings are exact to. */
function assertPlaces(
  found: readonly At[] | undefined,
  expected: readonly At[],
) {
  assertEquals(found?.length, expected.length);
  const all = expected.flat();
  const off = 2e-4 * Math.max(...all.map(Math.abs));
  for (const [i, [epoch, value]] of expected.entries()) {
    assertAlmostEquals(found![i]![0], epoch, off, `epoch ${epoch}`);
    assertAlmostEquals(found![i]![1], value, off, `value of epoch ${epoch}`);
  }
}

/** Values as places: the epoch counts from `first`. */
function places(values: readonly number[], first = 1): At[] {
  return values.map((value, i) => [first + i, value]);
}

Deno.test("plotHistory() draws training against validation: points and lines stand where the axes say", () => {
  const history = { loss: [3, 2.5, 1, 0.75], val_loss: [3.5, 2, 2.25, 2.5] };
  const picture = plotHistory(history);
  const { title, epochs, lines, points } = panelOf(picture);
  assertEquals(title, "loss");
  assertEquals(epochs, ["1", "2", "3", "4"]);
  for (
    const [look, key] of [["training", "loss"], ["validation", "val_loss"]]
  ) {
    const expected = places(history[key as keyof typeof history]);
    assertEquals(lines[look!]!.length, 1);
    assertPlaces(lines[look!]![0], expected);
    assertPlaces(points[look!], expected);
  }
  assertEquals(legendOf(picture), [
    "training",
    "validation",
    "best: epoch 2, val_loss 2",
  ]);
});

Deno.test("plotHistory() draws a panel for each metric, and the learning rate last", () => {
  const picture = plotHistory({
    learning_rate: [0.1, 0.1, 0.01],
    loss: [3, 2, 1],
    accuracy: [0.1, 0.2, 0.3],
    gap: [-1, 0, 1],
    val_loss: [3, 2, 1],
    val_accuracy: [0.1, 0.3, 0.2],
  });
  const panels = panelsOf(picture);
  assertEquals(panels.map(({ title }) => title), [
    "loss",
    "accuracy",
    "gap",
    "learning_rate (log scale)",
  ]);
  assertEquals(panels.map(({ lines }) => Object.keys(lines)), [
    ["training", "validation"],
    ["training", "validation"],
    ["training"],
    ["rate"],
  ]);
  assertPlaces(panels[3]!.points.rate, places([0.1, 0.1, 0.01]));
  assertPlaces(panels[2]!.points.training, places([-1, 0, 1]));
});

Deno.test("plotHistory() has a logarithmic learning rate only where it spans ten times or more", () => {
  const titles = (rates: number[]) =>
    panelsOf(plotHistory({ loss: rates, lr: rates }))[1]!.title;
  assertEquals(titles([0.1, 0.05]), "lr");
  assertEquals(titles([0.1, 0.01]), "lr (log scale)");
  assertEquals(titles([0.1, 0]), "lr");
});

Deno.test("plotHistory() marks the best epoch of the history, by what its plugin goes by", async () => {
  const scores = [1, 3, 5, 4, 4.5];
  let epoch = 0;
  const history = await train(
    {
      metrics: ["loss", "score"],
      trainStep: () => ({ loss: 1, score: scores[epoch++]! }),
    },
    [0],
    {
      epochs: 10,
      printer: silent(),
      plugins: [earlyStopping({ monitor: "score", mode: "max", patience: 2 })],
    },
  );
  const picture = plotHistory(history);
  const [loss, score] = panelsOf(picture);
  assertEquals([loss!.best, loss!.rule], [[], 3]);
  assertPlaces(score!.best, [[3, 5]]);
  assertPlaces(score!.points.training, places(scores));
  assertEquals(legendOf(picture), ["best: epoch 3, score 5"]);
  assertEquals(noteOf(picture), [
    "Stopped by early-stopping in epoch 5: score has not improved on 5 (epoch 3) for 2 epochs",
  ]);
});

Deno.test("plotHistory() marks the lowest val_loss where the history does not say, else the lowest loss; never NaN", () => {
  const best = (history: Record<string, number[]>, options = {}) =>
    panelsOf(plotHistory(history, options)).flatMap(({ title, best }) =>
      best.map((
        [epoch, value],
      ) => [title, Math.round(epoch), +value.toFixed(2)])
    );
  const both = { loss: [3, 2, 1], val_loss: [3, 1.5, 2], acc: [0, 0.9, 0.5] };
  assertEquals(best(both), [["loss", 2, 1.5]]);
  assertEquals(best({ loss: [NaN, 2, 1, 1] }), [["loss", 3, 1]]);
  assertEquals(best({ loss: [NaN, NaN] }), []);
  assertEquals(
    plotHistory({ loss: [NaN, NaN] }).text,
    "loss: training NaN in epoch 1 to NaN in epoch 2.",
  );
  assertEquals(best({ mae: [2, 1] }), []);
  assertEquals(best(both, { best: false }), []);
  assertEquals(best(both, { best: "loss" }), [["loss", 3, 1]]);
  assertEquals(best(both, { best: "acc" }), [["acc", 2, 0.9]]);
  const option = { key: "acc", direction: "min" };
  assertEquals(best(both, { best: option }), [["acc", 1, 0]]);
});

Deno.test("plotHistory() does as document 003: one metric, from an epoch on, with a dot at the lowest validation", () => {
  const loss = Array.from({ length: 20 }, (_, i) => 10 / (i + 1));
  const val_loss = Array.from({ length: 20 }, (_, i) => 1 + (14 - i) ** 2);
  const picture = plotHistory({ loss, accuracy: loss, val_loss }, {
    keys: "loss",
    startEpoch: 5,
  });
  const { title, epochs, points, best } = panelOf(picture);
  assertEquals(title, "loss");
  assertEquals(epochs, Array.from({ length: 16 }, (_, i) => `${i + 5}`));
  assertPlaces(points.training, places(loss.slice(4), 5));
  assertPlaces(points.validation, places(val_loss.slice(4), 5));
  assertPlaces(best, [[15, 1]]);
});

Deno.test("plotHistory() says where a best epoch that is not drawn was", () => {
  const picture = plotHistory({ loss: [1, 2, 3] }, { startEpoch: 2 });
  assertEquals(legendOf(picture), ["best: epoch 1, loss 1 (not drawn)"]);
  const { best, rule } = panelOf(picture);
  assertEquals([best, rule], [[], undefined]);
});

Deno.test("plotHistory() leaves gaps in epochs without validation, and bridges them", async () => {
  const list = callbackList({ epochs: 6, printer: silent() });
  await list.onTrainBegin();
  for (let epoch = 0; epoch < 6; epoch++) {
    await list.onEpochBegin(epoch);
    const validated = epoch === 1 || epoch === 2 || epoch === 5;
    await list.onEpochEnd(epoch, {
      loss: 6 - epoch,
      ...validated && { val_loss: 7 - epoch },
    });
  }
  await list.onTrainEnd();
  const { lines, points, bridges } = panelOf(plotHistory(list.history));
  assertPlaces(lines.training![0], places([6, 5, 4, 3, 2, 1]));
  assertPlaces(points.validation, [[2, 6], [3, 5], [6, 2]]);
  assertEquals(lines.validation!.length, 2);
  assertPlaces(lines.validation![0], [[2, 6], [3, 5]]);
  assertEquals(bridges.validation!.length, 1);
  assertPlaces(bridges.validation![0], [[3, 5], [6, 2]]);
});

Deno.test("plotHistory() marks NaN and infinite values at their epochs, and draws no line across", () => {
  const picture = plotHistory({
    loss: [3, Infinity, NaN, 1, 2],
    val_loss: [-Infinity, 4, 3, NaN, 3],
  });
  const { lines, odd, points } = panelOf(picture);
  assertEquals(lines.training!.map(({ length }) => length), [1, 2]);
  assertPlaces(points.training, [[1, 3], [4, 1], [5, 2]]);
  assertPlaces(points.validation, [[2, 4], [3, 3], [5, 3]]);
  assertEquals(odd.training!.map(Math.round).sort(), [2, 3]);
  assertEquals(odd.validation!.map(Math.round).sort(), [1, 4]);
  assertEquals(legendOf(picture).slice(3), [
    "infinite",
    "NaN",
    "minus infinite",
  ]);
});

Deno.test("plotHistory() marks what has no place on a logarithmic scale, and draws the rest", () => {
  const history = { loss: [100, 1, 0, 0.01], mae: [-1, -2, -3, -4] };
  const picture = plotHistory(history, { logScale: true });
  const [loss, mae] = panelsOf(picture);
  assertEquals(loss!.title, "loss (log scale)");
  assertPlaces(loss!.points.training, [[1, 100], [2, 1], [4, 0.01]]);
  assertEquals(loss!.odd.training!.map(Math.round), [3]);
  assertEquals(mae!.title, "mae");
  assertPlaces(mae!.points.training, places(history.mae));
  assert(legendOf(picture).includes("0 or less: not on a log scale"));
  const [linear] = panelsOf(plotHistory(history, { logScale: ["mae"] }));
  assertEquals(linear!.title, "loss");
});

Deno.test("plotHistory() tells the ticks of a logarithmic scale apart, however narrow it is", () => {
  const [loss, mae] = panelsOf(
    plotHistory({ loss: [1234567, 1234568], mae: [1e-7, 1] }, {
      logScale: true,
    }),
  );
  assert(loss!.values.length > 2);
  assertEquals(new Set(loss!.values).size, loss!.values.length);
  assertEquals([mae!.values[0], mae!.values.at(-1)], ["1e-7", "1"]);
});

Deno.test("plotHistory() shows a run of one epoch as points", () => {
  const picture = plotHistory({ loss: [0.5], val_loss: [0.75] });
  const { points, epochs, values } = panelOf(picture);
  assertEquals([points.training!.length, points.validation!.length], [1, 1]);
  assertEquals(epochs, ["1"]);
  assert(values.length > 1);
  assertAlmostEquals(points.training![0]![1], 0.5, 1e-3);
});

Deno.test("plotHistory() gives a constant one tick, at its value", () => {
  const { values, points } = panelOf(plotHistory({ loss: [0.25, 0.25, 0.25] }));
  assertEquals(values, ["0.25"]);
  assertEquals(points.training!.length, 3);
});

Deno.test("plotHistory() thins 10,000 epochs to what can be seen, and keeps each spike", () => {
  const loss = Array.from({ length: 10_000 }, (_, i) => 1 + Math.sin(i / 900));
  loss[1234] = 50;
  loss[8765] = -50;
  const picture = plotHistory({ loss });
  const [line] = panelOf(picture).lines.training!;
  assert(line!.length < 4 * picture.width, `${line!.length} points`);
  const at = (value: number) =>
    line!.find(([, it]) => Math.abs(it - value) < 0.1)?.[0] ?? NaN;
  assertAlmostEquals(at(50), 1235, 1);
  assertAlmostEquals(at(-50), 8766, 1);
  assertAlmostEquals(line![0]![0], 1, 1);
  assertAlmostEquals(line!.at(-1)![0], 10_000, 1);
  assert(picture.svg.length < 50_000, `${picture.svg.length} characters`);
});

Deno.test("plotHistory() draws 10,000 epochs of nothing but gaps in as little", () => {
  const odd = Array.from({ length: 10_000 }, (_, i) => i % 2 ? NaN : i);
  const missing = odd.map((it) => Number.isNaN(it) ? null : it);
  const picture = plotHistory({ odd, missing, nothing: odd.map(() => NaN) });
  assert(picture.svg.length < 150_000, `${picture.svg.length} characters`);
});

Deno.test("plotHistory() smooths on request, with the values behind it", () => {
  const options: HistoryPlotOptions = { smoothing: 0.5 };
  const picture = plotHistory({ loss: [4, 0, 4, NaN, 0] }, options);
  const { lines } = panelOf(picture);
  const [raw, rawEnd, smooth, smoothEnd] = lines.training!;
  assertPlaces(raw, [[1, 4], [2, 0], [3, 4]]);
  assertPlaces(rawEnd, [[5, 0]]);
  // Each half of the last, divided by what the weights sum up to.
  assertPlaces(smooth, [[1, 4], [2, 1 / 0.75], [3, 2.5 / 0.875]]);
  assertPlaces(smoothEnd, [[5, 1.25 / 0.9375]]);
  assertEquals(noteOf(picture), [
    "Strong lines: moving averages of weight 0.5",
  ]);
});

Deno.test("plotHistory() counts the epochs of a run that began later as they are printed", () => {
  const { epochs, points } = panelOf(
    plotHistory({ epoch: [7, 8, 9], history: { loss: [3, 2, 1] } }),
  );
  assertEquals(epochs, ["8", "9", "10"]);
  assertPlaces(points.training, places([3, 2, 1], 8));
});

Deno.test("plotHistory() draws a run without an epoch, and says so", () => {
  const outcome = { status: "aborted", reason: "interrupted" } as const;
  const picture = plotHistory({ epoch: [], history: {}, outcome });
  assertEquals(panelsOf(picture), []);
  assertEquals(noteOf(picture), [
    "There are no values to draw. Aborted: interrupted",
  ]);
  assertEquals(noteOf(plotHistory({})), ["There are no values to draw"]);
});

Deno.test("plotHistory() takes keys by their own name, by the metric's, and leaves the rest out", () => {
  const one = [1];
  const history = { loss: one, val_loss: one, mae: one, val_f1: one, lr: one };
  const drawn = (options: HistoryPlotOptions) =>
    panelsOf(plotHistory(history, options))
      .map(({ title, points }) => `${title}: ${Object.keys(points)}`);
  assertEquals(drawn({}), [
    "loss: training,validation",
    "mae: training",
    "val_f1: validation",
    "lr: rate",
  ]);
  const without = { learningRate: false };
  assertEquals(drawn({ keys: "mae" }), ["mae: training", "lr: rate"]);
  assertEquals(drawn({ keys: ["mae", "loss"], ...without }), [
    "mae: training",
    "loss: training,validation",
  ]);
  assertEquals(drawn({ keys: "val_loss", ...without }), [
    "val_loss: validation",
  ]);
  assertEquals(drawn({ keys: ["loss", "val_loss"], ...without }), [
    "loss: training,validation",
  ]);
  assertEquals(drawn({ keys: "f1", ...without }), ["f1: validation"]);
  assertEquals(drawn({ keys: "lr", ...without }), ["lr: rate"]);
});

Deno.test("plotHistory() has the size that was asked for", () => {
  const history = { loss: [2, 1], mae: [2, 1], lr: [0.1, 0.1] };
  const size = (options: HistoryPlotOptions) => {
    const { width, height, svg } = plotHistory(history, options);
    const root = rootOf({ svg });
    assertEquals(root.getAttribute("viewBox"), `0 0 ${width} ${height}`);
    assertEquals(root.getAttribute("width"), `${width}`);
    return [width, height];
  };
  assertEquals(size({ width: 1000, height: 700 }), [1000, 700]);
  assertEquals(size({ width: 240, height: 517 }), [240, 517]);
  assertEquals(size({})[0], 880);
  assertEquals(size({ keys: "loss" })[0], 640);
});
