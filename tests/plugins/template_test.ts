import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { OptionError } from "../../core/plugin.ts";
import { readTemplate } from "../../plugins/_template.ts";

const render = (text: string, values: Record<string, number> = {}) =>
  readTemplate(text).render(values);

Deno.test("fields are formatted as Python formats them", () => {
  const cases: [string, number, string][] = [
    ["{x}", 3, "3.0"],
    ["{x:6}", 3, "   3.0"],
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
    ["{x}", 0.0001, "0.0001"],
    ["{x}", 0.00001, "1e-05"],
    ["{x}", -0.000025, "-2.5e-05"],
    ["{x}", 1.5e16, "1.5e+16"],
    ["{x}", 1234567.25, "1234567.25"],
    ["{x:10}", 0.25, "      0.25"],
    ["{x:010}", 0.25, "0000000.25"],
    ["{x:05.1f}", NaN, "00nan"],
    ["{x:6.1f}", Infinity, "   inf"],
    ["{x:06.1f}", -Infinity, "-00inf"],
    ["{x:04d}", -7, "-007"],
    ["{x:e}", 0, "0.000000e+00"],
    ["{x:.0e}", 15000, "2e+04"],
    ["{x:.3e}", 1.2345e-120, "1.235e-120"],
    ["{x:g}", 100000, "100000"],
    ["{x:g}", 1000000, "1e+06"],
    ["{x:g}", 999999.5, "1e+06"],
    ["{x:g}", 0.0001, "0.0001"],
    ["{x:.0g}", 0.26, "0.3"],
    ["{x:08.2g}", -0.00001234, "-1.2e-05"],
    // Halfway between two: to the even digit, as Python rounds.
    ["{x:.2f}", 0.125, "0.12"],
    ["{x:.2f}", 0.375, "0.38"],
    ["{x:.1f}", -0.25, "-0.2"],
    ["{x:.0f}", 0.5, "0"],
    ["{x:.0f}", 2.5, "2"],
    ["{x:.0f}", 3.5, "4"],
    ["{x:.1e}", 1.25, "1.2e+00"],
    ["{x:.2g}", 0.125, "0.12"],
    // Not halfway, although it is written that way.
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

Deno.test("what cannot be parsed is rejected", () => {
  const fields = ["{x:Q}", "{}", "{x:.}", "{x:.2d}", "{x:.21f}", "{x:+d}"];
  for (const text of ["{", "}", "{x", ...fields]) {
    assertThrows(
      () => readTemplate(text),
      OptionError,
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

const number = fc.double({ noNaN: true, noDefaultInfinity: true });

Deno.test("a field without a spec reads back as the same number", () => {
  fc.assert(fc.property(number, (x) => {
    const text = render("{x}", { x });
    assert(Number(text) === x, text);
  }));
});

Deno.test(".Nf has N digits after the point and is within half of the last one", () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.integer({ min: 1, max: 9 }),
      (x, digits) => {
        const text = render(`{x:.${digits}f}`, { x });
        assertEquals(text.split(".")[1]!.length, digits);
        const error = Math.abs(Number(text) - x);
        assert(error <= 0.5 * 10 ** -digits + 1e-9, text);
      },
    ),
  );
});

Deno.test(".Ne and .Ng are within half a unit of the last significant digit", () => {
  fc.assert(
    fc.property(
      number.filter((x) => Math.abs(x) > 1e-300 && Math.abs(x) < 1e300),
      fc.integer({ min: 1, max: 12 }),
      (x, digits) => {
        for (const spec of [`.${digits - 1}e`, `.${digits}g`]) {
          const text = render(`{x:${spec}}`, { x });
          const error = Math.abs(Number(text) - x);
          assert(error <= 5.001 * 10 ** -digits * Math.abs(x), text);
        }
      },
    ),
  );
});

Deno.test("text is padded to the width, never cut to it, and zeros follow the sign", () => {
  fc.assert(
    fc.property(
      number,
      fc.integer({ min: 1, max: 30 }),
      fc.constantFrom(".2f", ".3e", "g", "d", ""),
      (x, width, type) => {
        const bare = render(`{x:${type}}`, { x });
        const spaces = render(`{x:${width}${type}}`, { x });
        const zeros = render(`{x:0${width}${type}}`, { x });
        assertEquals(spaces, bare.padStart(width));
        assertEquals(zeros.length, Math.max(width, bare.length));
        assert(Number(zeros) === Number(bare), zeros);
      },
    ),
  );
});

Deno.test("no width is longer than a name may be", () => {
  assertEquals(render("{x:100d}", { x: 1 }).length, 100);
  for (const width of ["101", "0101", "99999999999"]) {
    assertThrows(
      () => readTemplate(`{x:${width}d}`),
      OptionError,
      `Cannot read the file-name template "{x:${width}d}": "{x:${width}d}" asks for more than 100 characters`,
    );
  }
});
