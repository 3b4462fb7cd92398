import { assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { fit } from "../../../core/tf/fit.ts";
import { plotHistory } from "../../../core/plot/mod.ts";
import { silent } from "../../../core/terminal.ts";
import { panelOf, panelsOf } from "./_drawing.ts";

/** The epochs and values of the validation's points, to two digits. */
function validation(history: Parameters<typeof plotHistory>[0]) {
  return panelOf(plotHistory(history)).points.validation!
    .map(([epoch, value]) => [Math.round(epoch), Number(value.toFixed(2))]);
}

Deno.test("plotHistory() takes what fit returned, and what tf.js' model.fit returned", async () => {
  await tf.setBackend("cpu");
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({
    optimizer: "sgd",
    loss: "meanSquaredError",
    metrics: ["mae"],
  });
  const data = { x: [[0], [1]], y: [[1], [2]] };
  const ours = await fit(model, data, {
    epochs: 4,
    validationData: data,
    validationFreq: 2,
    printer: silent(),
  });
  const [loss, mae] = panelsOf(plotHistory(ours));
  assertEquals([loss!.title, mae!.title], ["loss", "mae"]);
  const epochs = loss!.points.validation!.map(([epoch]) => Math.round(epoch));
  assertEquals(epochs, [2, 4]);

  const [x, y] = [tf.tensor(data.x), tf.tensor(data.y)];
  const theirs = await model.fit(x, y, {
    epochs: 3,
    validationData: [x, y],
    verbose: 0,
  });
  tf.dispose([x, y]);
  const panels = panelsOf(plotHistory(theirs));
  assertEquals(panels.map(({ title }) => title), ["loss", "mae"]);
  assertEquals(panels.map(({ points }) => points.validation!.length), [3, 3]);
  const [drawn] = panels[0]!.points.training!;
  const first = theirs.history.loss![0] as number;
  assertEquals(Math.abs(drawn![1] - first) < 1e-3 * Math.abs(first), true);
  model.dispose();
});

Deno.test("plotHistory() puts fewer values into every second or third epoch, if only one number fits", () => {
  const loss = [6, 5, 4, 3, 2, 1, 0];
  assertEquals(validation({ loss, val_loss: [5, 3, 1] }), [
    [2, 5],
    [4, 3],
    [6, 1],
  ]);
  assertEquals(validation({ loss, val_loss: [4, 1] }), [[3, 4], [6, 1]]);
  // Every fifth epoch of those that ran, from the ninth on.
  assertEquals(
    validation({
      epoch: [8, 9, 10, 11, 12, 13, 14],
      history: { loss, val_loss: [5, 1] },
    }),
    [[10, 5], [15, 1]],
  );
});

Deno.test("plotHistory() takes null where an epoch has no value, typed arrays, and a column of epochs", () => {
  const loss = new Float32Array([3, 2, 1]) as unknown as number[];
  assertEquals(
    validation({ epoch: [1, 3, 5], loss, val_loss: [null, 2, undefined] }),
    [[4, 2]],
  );
  const { epochs, points } = panelOf(
    plotHistory({ epoch: [1, 3, 5], loss }, { best: false }),
  );
  assertEquals(epochs[0], "2");
  assertEquals(points.training!.length, 3);
});

Deno.test("plotHistory() takes an object with a history, as Keras' History is", () => {
  const history = { loss: [3, 2], val_loss: [4, 2.5] };
  assertEquals(validation({ history }), [[1, 4], [2, 2.5]]);
});

Deno.test("plotHistory() takes the record of a run, where NaN is a text", () => {
  const { points, odd } = panelOf(plotHistory({
    epoch: [0, 1, 2],
    history: { loss: [2, "NaN", 1] },
  }));
  assertEquals(points.training!.length, 2);
  assertEquals(odd.training!.map(Math.round), [2]);
});

Deno.test("plotHistory() leaves a column without a value empty", () => {
  const [loss, empty] = panelsOf(plotHistory({ loss: [2, 1], mae: [] }));
  assertEquals(loss!.points.training!.length, 2);
  assertEquals([empty!.title, empty!.points], ["mae", {}]);
});
