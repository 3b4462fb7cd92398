import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import { plotBars, plotHistory, plotRuns } from "../../../core/plot/mod.ts";
import { named, ODD_VALUES } from "../_odd_values.ts";

const HISTORY = {
  loss: [3, 2, 1],
  accuracy: [0, 0, 1],
  learning_rate: [1, 1, 1],
};

/** What is given -> what is said. Types would say so too, but not to JavaScript. */
const REFUSED: readonly (readonly [draw: () => unknown, message: string])[] = [
  [
    () => plotHistory(HISTORY, { keys: "acuracy" }),
    `Cannot draw "acuracy": there are "loss", "accuracy", "learning_rate", did you mean "accuracy"?`,
  ],
  [
    () => plotHistory(HISTORY, { keys: ["acc"] }),
    `Cannot draw "acc": there are "loss", "accuracy", "learning_rate", did you mean "accuracy"?`,
  ],
  [
    () => plotHistory({}, { keys: "loss" }),
    `Cannot draw "loss": the history has no values`,
  ],
  [
    () => plotHistory(HISTORY, { widht: 5 } as object),
    `Cannot draw as there is no option "widht": there are "keys", "title", "width", "height", "startEpoch", "logScale", "smoothing", "best", "learningRate", did you mean "width"?`,
  ],
  [
    () => plotHistory(HISTORY, { width: 10 }),
    "Cannot draw as 'width' must be a number from 240 to 4096: current value is 10",
  ],
  [
    () => plotHistory(HISTORY, { height: 300 }),
    "Cannot draw with 'height' 300: 3 panels need at least 313",
  ],
  [
    () => plotHistory(HISTORY, { smoothing: 1 }),
    "Cannot draw as 'smoothing' must be a number from 0 to below 1: current value is 1",
  ],
  [
    () => plotHistory(HISTORY, { startEpoch: 4 }),
    "Cannot draw from 'startEpoch' 4 on: the last epoch is 3",
  ],
  [
    () => plotHistory(HISTORY, { best: "learning_rate" }),
    `Cannot tell the best epoch by "learning_rate": whether lower or higher is better is not known, so give { key: "learning_rate", direction: "min" } or "max" as 'best'`,
  ],
  [
    () => plotHistory(HISTORY, { best: "val_loss" }),
    `Cannot draw "val_loss": there are "loss", "accuracy", "learning_rate"`,
  ],
  [
    () => plotHistory({ loss: ["0.5"] } as object as typeof HISTORY),
    `Cannot draw "loss": the value in place 0 of 1 value is "0.5", expected a number, or null where an epoch has none`,
  ],
  [
    () => plotHistory({ loss: 5 } as object as typeof HISTORY),
    `Cannot draw "loss": it is a number, expected a list of numbers, one per epoch`,
  ],
  [
    () => plotHistory({ loss: [1, 2, 3], val_loss: [1] }),
    `Cannot draw "val_loss": it has 1 value for 3 epochs, and which they belong to is not known: put null where an epoch has none`,
  ],
  [
    () => plotHistory({ epoch: [0, 0], history: { loss: [1, 2] } }),
    "Cannot draw the history: its epochs are 0 in place 1, expected rising whole numbers from 0",
  ],
  [
    () => plotRuns([{ name: 5, history: HISTORY }] as object[] as never),
    "Cannot draw run 1 of 1: its 'name' is 5, expected text",
  ],
  [
    () => plotRuns([], { best: "loss" } as object),
    `Cannot draw as 'best' must be true or false: current value is "loss"`,
  ],
  [
    () => plotBars([{ name: "x", value: -1 }]),
    `Cannot draw bar 1 of 1: it is {"name":"x","value":-1}, expected a 'name' and a finite 'value' of at least 0`,
  ],
];

Deno.test("what cannot be drawn is refused in a sentence", async (t) => {
  for (const [draw, message] of REFUSED) {
    await t.step(message, () => {
      assertEquals(assertThrows(draw, InputError).message, message);
    });
  }
});

Deno.test("the least height that is named will do", () => {
  const { message } = assertThrows(
    () => plotHistory(HISTORY, { height: 100 }),
    InputError,
  );
  const height = Number(message.match(/at least (\d+)/)![1]);
  assertEquals(plotHistory(HISTORY, { height }).height, height);
});

Deno.test("odd values for a history, runs, bars and each option are drawn or refused in words", async (t) => {
  const options = ["keys", "title", "width", "height", "startEpoch", "logScale"]
    .concat("smoothing", "best", "learningRate");
  for (const odd of ODD_VALUES) {
    await t.step(named(odd), () => {
      const value = odd as never;
      for (const draw of [plotHistory, plotRuns, plotBars]) {
        refusedOrDrawn(() => draw(value));
      }
      refusedOrDrawn(() => plotHistory({ loss: value }));
      refusedOrDrawn(() => plotRuns([value]));
      refusedOrDrawn(() => plotRuns([{ name: "x", history: value }]));
      refusedOrDrawn(() => plotBars([value]));
      for (const option of options) {
        refusedOrDrawn(() => plotHistory(HISTORY, { [option]: value }));
      }
    });
  }
});

function refusedOrDrawn(draw: () => unknown) {
  try {
    assertEquals(/NaN/.test(String(draw()).replace(/<desc>.*/, "")), false);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}
