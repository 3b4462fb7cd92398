import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { bar, duration, logsText } from "../../plugins/_progress_text.ts";

Deno.test("duration() takes the unit that suits the time", () => {
  const times: [ms: number, text: string][] = [
    [0, "0s"],
    [0.5, "500us"],
    [1.54, "1.5ms"],
    [9.96, "10ms"],
    [12, "12ms"],
    [3000, "3s"],
    [125_000, "2m05s"],
    [3_720_000, "1h02m"],
    [360_000_000, "100h00m"],
  ];
  for (const [ms, text] of times) assertEquals(duration(ms), text);
});

Deno.test("duration() goes to the next unit where rounding would fill one", () => {
  const times: [ms: number, text: string][] = [
    [0.9994, "999us"],
    [0.9996, "1ms"],
    [999.4, "999ms"],
    [999.7, "1s"],
    [59_499, "59s"],
    [59_500, "1m00s"],
    [3_599_499, "59m59s"],
    [3_599_500, "1h00m"],
  ];
  for (const [ms, text] of times) assertEquals(duration(ms), text);
});

Deno.test("duration() is short, whatever the time", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 3.6e8, noNaN: true }), (ms) => {
      assert(duration(ms).length <= 7, duration(ms));
    }),
  );
});

Deno.test("logsText() gives four decimals, or an exponent where those would show nothing", () => {
  assertEquals(
    logsText({ loss: 0.5, tiny: 0.0001, small: -0.00025, zero: 0 }),
    "loss: 0.5000 - tiny: 1.0000e-4 - small: -2.5000e-4 - zero: 0.0000",
  );
  // As in Keras, 0.001 itself has an exponent.
  assertEquals(logsText({ a: 0.001, b: 0.00101 }), "a: 1.0000e-3 - b: 0.0010");
  assertEquals(logsText({}), "");
});

Deno.test("logsText() writes non-finite numbers as Python does", () => {
  assertEquals(
    logsText({ a: NaN, b: Infinity, c: -Infinity }),
    "a: nan - b: inf - c: -inf",
  );
});

Deno.test("bar() fills with the batches done", () => {
  const at = (done: number) => bar("Epoch 1/1", done, 4, 1000 * done, "", 80);
  assertEquals(
    at(1),
    `Epoch 1/1  1/4 ${"━".repeat(6)}${"─".repeat(18)} ETA 3s`,
  );
  assertEquals(at(4), `Epoch 1/1  4/4 ${"━".repeat(24)} ETA 0s`);
});

Deno.test("bar() without a total counts, and shows the time so far and per step", () => {
  assertEquals(
    bar("Predict", 5, undefined, 1000, "loss: 1.0000", 80),
    "Predict  5 1s 200ms/step - loss: 1.0000",
  );
});

Deno.test("bar() cuts the logs first, then shrinks", () => {
  const logs = "loss: 0.5000 - accuracy: 0.7500";
  const at = (columns: number) => bar("Epoch 1/1", 2, 4, 2000, logs, columns);
  assertEquals(
    at(60),
    `Epoch 1/1  2/4 ${"━".repeat(12)}${"─".repeat(12)} ETA 2s - loss: 0.5…`,
  );
  assertEquals(at(40), "Epoch 1/1  2/4 ━━━━━───── ETA 2s - los…");
  assertEquals(at(20), "Epoch 1/1  2/4  ET…");
});

Deno.test("bar() is never as wide as its terminal", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: undefined }),
      fc.string({ maxLength: 100 }),
      (columns, done, more, logs) => {
        const total = more === undefined ? undefined : done + more;
        const line = bar("Epoch 10/100", done, total, 1e5, logs, columns);
        assert(line.length < columns, line);
      },
    ),
  );
});
