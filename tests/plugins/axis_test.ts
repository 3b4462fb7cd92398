import { assert, assertEquals } from "@std/assert";
import { linearTicks } from "../../plugins/_axis.ts";

const valuesOf = (low: number, high: number) =>
  linearTicks(low, high).map(({ value }) => value);

Deno.test("linearTicks() are four to ten round numbers", () => {
  assertEquals(valuesOf(0, 1), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assertEquals(valuesOf(-3, 17), [0, 5, 10, 15]);
});

Deno.test("a range that is next to nothing, or nothing, ends too", () => {
  for (const low of [9.25, 1e20, -1e300, 5e-324]) {
    for (const high of [low, low + Math.abs(low) * 2 ** -52]) {
      assert(valuesOf(low, high).length <= 10, `${low} to ${high}`);
    }
  }
});
