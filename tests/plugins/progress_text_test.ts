import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { duration, fitted, logsText } from "../../plugins/_progress_text.ts";

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

Deno.test("fitted() is what Keras prints, with fewer digits only where that is too wide", () => {
  const numbers: [value: number, text: string][] = [
    [0.5, "0.5000"],
    [0.0001, "1.0000e-4"],
    [-0.0001, "-1.000e-4"],
    [1.5e-12, "1.500e-12"],
    [1234.56789, "1234.5679"],
    [12345.6789, "12345.679"],
    [123456789.9, "123456790"],
    [-123456789.9, "-1.235e+8"],
    [1.5e30, "1.5e+30"],
    [NaN, "nan"],
    [-Infinity, "-inf"],
  ];
  for (const [value, text] of numbers) assertEquals(fitted(value, 9), text);
});

Deno.test("fitted() holds any number in nine characters, and means it", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e300, max: 1e300, noNaN: true }),
      (value) => {
        const text = fitted(value, 9);
        assert(text.length <= 9, text);
        const least = Math.abs(value) * 0.05 + 5e-4;
        assert(Math.abs(Number(text) - value) <= least, `${value}: ${text}`);
      },
    ),
    { numRuns: 1000 },
  );
});
