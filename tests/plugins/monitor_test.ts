import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { type Direction, OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";
import {
  checkBest,
  checkMode,
  directionOf,
  improves,
  type Mode,
} from "../../plugins/_monitor.ts";

Deno.test("improves() in Keras' cases", () => {
  assertEquals(improves(0.75, 0, 0.5, "max"), true);
  assertEquals(improves(0.5, undefined, 0.5, "max"), true);
  assertEquals(improves(0.5, 0, 0.5, "max"), false);
  assertEquals(improves(0.2, 0.5, 0.5, "max"), false);
});

Deno.test("nothing improves on itself, NaN never does, and a direction mirrors the other", () => {
  const number = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(
      number,
      number,
      fc.float({ min: 0, max: 10, noNaN: true }),
      (a, b, delta) => {
        assertEquals(improves(a, a, delta, "min"), false);
        assertEquals(improves(NaN, b, delta, "min"), false);
        assertEquals(
          improves(a, b, delta, "min"),
          improves(-a, -b, delta, "max"),
        );
      },
    ),
  );
});

Deno.test("improves() is strict, and ignores the sign of minDelta", () => {
  assertEquals(improves(1, 1, 0, "min"), false);
  assertEquals(improves(1, 1, 0, "max"), false);
  assertEquals(improves(0.5, 1, -0.5, "min"), false);
  assertEquals(improves(0.49, 1, -0.5, "min"), true);
});

Deno.test("improves() compares as float32, as Keras does", () => {
  assertEquals(improves(0.29, 0.34, 0.05, "min"), false); // As float64 the sum is less than 0.34.
  assertEquals(improves(1 - 1e-9, 1, 0, "min"), false);
  assertEquals(improves(1 - 1e-6, 1, 0, "min"), true);
});

Deno.test("improves() accepts any first number, infinite ones too, but not NaN", () => {
  assertEquals(improves(Infinity, undefined, 0, "min"), true);
  assertEquals(improves(1, Infinity, 0, "min"), true);
  assertEquals(improves(NaN, undefined, 0, "min"), false);
});

Deno.test("directionOf() takes the mode, otherwise what is known about the key", () => {
  const { run } = fakeRun({ name: "one", onTrainEnd() {} }, {
    metrics: ["f1", "mse"],
    directions: { f1: "max", mse: "min" },
  });
  const cases: [Mode, string, Direction][] = [
    ["max", "val_mse", "max"],
    ["min", "f1", "min"],
    ["auto", "f1", "max"],
    ["auto", "val_mse", "min"],
  ];
  for (const [mode, key, direction] of cases) {
    assertEquals(directionOf(mode, key, run), direction);
  }
});

Deno.test("checkBest() accepts any number and undefined, and rejects the rest", () => {
  for (const value of [0, -1, Infinity, undefined]) {
    checkBest("p", "option", value);
  }
  for (const value of [NaN, null, "1"]) {
    assertThrows(
      () => checkBest("p", "option", value as never),
      OptionError,
      `Cannot create p as 'option' must be a number, or undefined for none: current value is ${value}`,
    );
  }
});

Deno.test("checkMode() rejects an unknown mode", () => {
  for (const mode of ["auto", "min", "max"]) checkMode("p", mode);
  for (const [mode, shown] of [["Min", '"Min"'], [undefined, "undefined"]]) {
    assertThrows(
      () => checkMode("p", mode),
      OptionError,
      `Cannot create p as 'mode' must be "auto", "min" or "max": current value is ${shown}`,
    );
  }
});
