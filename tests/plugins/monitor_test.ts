import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { improves } from "../../plugins/_monitor.ts";

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
