import { assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { readTemplate } from "../../plugins/_template.ts";

const render = (text: string, values: Record<string, number> = {}) =>
  readTemplate(text).render(values);

Deno.test("fields are formatted as Python formats them", () => {
  const cases: [string, number, string][] = [
    ["{x}", 3, "3"],
    ["{x:02d}", 3, "03"],
    ["{x:d}", 3, "3"],
    ["{x:3d}", 7, "  7"],
    ["{x:.2f}", 0.567, "0.57"],
    ["{x:08.3f}", -1.5, "-001.500"],
    ["{x:f}", 0.5, "0.500000"],
    ["{x:.1e}", 12345, "1.2e+04"],
    ["{x:g}", 0.00001, "1e-05"],
    ["{x:g}", 1234567, "1.23457e+06"],
    ["{x:.3g}", 0.5, "0.5"],
    ["{x:.2f}", NaN, "nan"],
    ["{x}", -Infinity, "-inf"],
    ["{x}", 1e-7, "1e-07"],
    // Halfway between two: to the even digit, as Python rounds.
    ["{x:.2f}", 0.125, "0.12"],
    ["{x:.2f}", 0.375, "0.38"],
    ["{x:.1f}", -0.25, "-0.2"],
    ["{x:.0f}", 0.5, "0"],
    ["{x:.0f}", 2.5, "2"],
    ["{x:.0f}", 3.5, "4"],
    ["{x:.1e}", 1.25, "1.2e+00"],
    ["{x:.2g}", 0.125, "0.12"],
    // Not halfway, though it is written so.
    ["{x:.2f}", 0.135, "0.14"],
    ["{x:.2f}", 2.675, "2.67"],
  ];
  for (const [text, x, expected] of cases) {
    assertEquals(render(text, { x }), expected, text);
  }
});

Deno.test("text, several fields and doubled braces", () => {
  const template = readTemplate("w.{epoch:02d}-{val_loss:.2f}-{{x}}-{epoch}");
  assertEquals(template.keys, ["epoch", "val_loss"]);
  assertEquals(template.render({ epoch: 4, val_loss: 0.5 }), "w.04-0.50-{x}-4");
});

Deno.test("what can not be read is refused", () => {
  const fields = ["{x:Q}", "{}", "{x:.}", "{x:.2d}", "{x:.21f}", "{x:+d}"];
  for (const text of ["{", "}", "{x", ...fields]) {
    assertThrows(
      () => readTemplate(text),
      RangeError,
      `Cannot read the file-name template "${text}"`,
    );
  }
});

Deno.test("text without braces stands for itself", () => {
  fc.assert(
    fc.property(fc.string().filter((text) => !/[{}]/.test(text)), (text) => {
      assertEquals(render(text), text);
    }),
  );
});

Deno.test("0Nd pads to N digits and reads back", () => {
  fc.assert(
    fc.property(
      fc.nat(99_999),
      fc.integer({ min: 1, max: 8 }),
      (value, width) => {
        const text = render(`{x:0${width}d}`, { x: value });
        assertEquals(Number(text), value);
        assertEquals(text.length, Math.max(width, String(value).length));
      },
    ),
  );
});
