import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import {
  headerOf,
  layoutOf,
  rowOf,
} from "../../../plugins/_progress/epoch_table.ts";
import { PLAIN } from "../../../plugins/_progress/style.ts";

const KERAS = ["loss", "accuracy", "val_loss", "val_accuracy"];
const logs = { loss: 0.5, accuracy: 0.75, val_loss: 0.25, val_accuracy: 1 };

/** A table of one row, the header first. */
function table(
  keys: readonly string[],
  columns: number,
  { epochs = 10, took = 1000 } = {},
): string[] {
  const layout = layoutOf(keys, epochs, columns);
  const row = { epoch: 0, took, logs, best: "val_loss" };
  return [...headerOf(layout), ...rowOf(layout, row, PLAIN)];
}

Deno.test("a table of Keras' keys and the learning rate fits 80 columns", () => {
  assertEquals(table([...KERAS, "learning_rate"], 80, { epochs: 100 }), [
    "  epoch    time       loss   accuracy   val_loss  val_accuracy  learning_rate",
    "  1/100      1s     0.5000     0.7500     0.2500*       1.0000              -",
  ]);
});

Deno.test("of a thousand epochs and more, how many there are is left out", () => {
  assertEquals(
    table(["loss"], 80, { epochs: 1000 })[1],
    "    1      1s     0.5000",
  );
});

Deno.test("without a window each row says that it is an epoch, and of how many", () => {
  assertEquals(table(["loss"], Infinity, { epochs: 1000 }), [
    "epoch              time       loss",
    "Epoch 1/1000         1s     0.5000",
  ]);
});

Deno.test("what does not fit goes to the next line; without a window nothing does", () => {
  assertEquals(table(KERAS, 40), [
    "epoch    time       loss   accuracy",
    "                val_loss  val_accuracy",
    " 1/10      1s     0.5000     0.7500",
    "                  0.2500*       1.0000",
  ]);
  assertEquals(
    table(KERAS.map((key) => `${key}_of_the_output`), Infinity).length,
    2,
  );
});

Deno.test("a key wider than the window is cut", () => {
  assertEquals(
    table(["mean_absolute_percentage_error"], 40)[0],
    "epoch    time  mean_absolute_percenta…",
  );
});

Deno.test("a key of wide characters stands right above its numbers", () => {
  const [header, row] = table(["損失", "loss"], 40);
  assertEquals(header, "epoch    time       損失       loss");
  assertEquals(row, " 1/10      1s          -     0.5000");
});

Deno.test("the best value is set in bold where that is shown, its mark included", () => {
  const style = { bold: (text: string) => `<${text}>`, dim: String };
  const row = { epoch: 0, took: 0, logs, best: "loss" };
  assertEquals(
    rowOf(layoutOf(["loss", "accuracy"], 1, 80), row, style),
    ["  1/1      0s <    0.5000*>    0.7500"],
  );
});

const keys = fc.uniqueArray(fc.stringMatching(/^[a-z_]{1,40}$/), {
  minLength: 1,
  maxLength: 30,
});

Deno.test("whatever the keys, the numbers and the window: no line is as wide as the window, and numbers end where their titles do (property)", () => {
  fc.assert(
    fc.property(
      keys,
      fc.infiniteStream(fc.double()),
      fc.integer({ min: 30, max: 200 }),
      fc.integer({ min: 1, max: 99_999 }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      (keys, numbers, columns, epochs, took) => {
        const layout = layoutOf(keys, epochs, columns);
        const logs = Object.fromEntries(
          keys.map((key) => [key, numbers.next().value!]),
        );
        const row = { epoch: epochs - 1, took, logs, best: keys[0] };
        const [header, lines] = [headerOf(layout), rowOf(layout, row, PLAIN)];
        for (const line of [...header, ...lines]) {
          assert(line.length < columns, `${columns}: ${line}`);
        }
        assertEquals(lines.map(ends), header.map(ends));
      },
    ),
    { numRuns: 500 },
  );
});

/** Where the words of a line end; a mark is no part of one. */
function ends(line: string): number[] {
  return [...line.replaceAll("*", " ").matchAll(/\S+/g)]
    .map(({ index, 0: word }) => index + word.length);
}
