import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Columns,
  type CurveOptions,
  plotHistory,
  plotRuns,
} from "../../../core/plot/mod.ts";
import { textWidth } from "../../../core/plot/text.ts";
import { rootOf } from "./_drawing.ts";

/** Any value that an epoch may have, and none. */
const value = fc.oneof(
  { weight: 4, arbitrary: fc.double() },
  { weight: 4, arbitrary: fc.float({ min: -10, max: 10 }) },
  fc.constantFrom(
    ...[NaN, Infinity, -Infinity, 0, -0, null],
    ...[5e-324, 1e-45, Number.MAX_VALUE, -Number.MAX_VALUE, 1e300],
  ),
);

const key = fc.oneof(
  fc.constantFrom("loss", "val_loss", "accuracy", "val_accuracy"),
  fc.constantFrom("learning_rate", "lr", "val_"),
  fc.string({ unit: "binary", maxLength: 40 }),
).filter((it) => it !== "epoch" && it !== "history");

/** A history of up to 60 epochs, with up to 6 keys. */
const history: fc.Arbitrary<Columns> = fc.integer({ min: 0, max: 60 }).chain(
  (epochs) =>
    fc.dictionary(
      key,
      fc.oneof(
        fc.array(value, { minLength: epochs, maxLength: epochs }),
        value.map((it) => Array(epochs).fill(it)),
      ),
      { maxKeys: 6, noNullPrototype: true },
    ),
);

const options: fc.Arbitrary<CurveOptions> = fc.record({
  title: fc.string({ unit: "grapheme" }),
  width: fc.integer({ min: 240, max: 1200 }),
  logScale: fc.boolean(),
  smoothing: fc.constantFrom(0, 0.9),
}, { requiredKeys: [] });

Deno.test("any history is drawn, with numbers in every attribute and every text within", () => {
  fc.assert(
    fc.property(history, options, (history, options) => {
      assertDrawn(plotHistory(history, options));
    }),
    { numRuns: 100 },
  );
});

Deno.test("any runs are drawn over one another", () => {
  fc.assert(
    fc.property(
      fc.array(history, { maxLength: 10 }),
      options,
      (all, options) => {
        const runs = all.map((history, i) => ({ name: `run ${i}`, history }));
        assertDrawn(plotRuns(runs, options));
      },
    ),
    { numRuns: 20 },
  );
});

function assertDrawn(picture: ReturnType<typeof plotHistory>) {
  const { svg, width, height } = picture;
  for (const [tag] of svg.matchAll(/<[^>]*>/g)) {
    assertEquals(/NaN|Infinity|undefined|null/.test(tag), false, tag);
  }
  for (const text of rootOf(picture).querySelectorAll("text")) {
    const [left, right, y] = boxOf(text);
    assert(
      left >= 0 && right <= width,
      `${text.textContent}: ${left} ${right}`,
    );
    assert(y >= 8 && y <= height, `${text.textContent}: ${y} of ${height}`);
  }
}

type Element = ReturnType<typeof rootOf>;

/** Where a text lies in the drawing, as wide as it is at most. */
function boxOf(text: Element): [left: number, right: number, y: number] {
  const note = text.querySelector("tspan")?.textContent ?? "";
  const own = text.textContent.slice(0, text.textContent.length - note.length);
  const width = textWidth(own, Number(inherited(text, "font-size"))) *
      (inherited(text, "font-weight") === "600" ? 1.12 : 1) +
    textWidth(note, 11);
  const anchor = inherited(text, "text-anchor");
  let [x, y] = [attribute(text, "x"), attribute(text, "y")];
  for (let it: Element | null = text; it; it = it.parentNode) {
    const moved = it.getAttribute?.("transform")?.match(
      /^translate\((-?[\d.]+),(-?[\d.]+)\)/,
    );
    if (moved) [x, y] = [x + Number(moved[1]), y + Number(moved[2])];
  }
  const part = anchor === "end" ? 1 : anchor === "middle" ? 0.5 : 0;
  return [x - part * width, x + (1 - part) * width, y];
}

function attribute(element: Element, name: string): number {
  const text = element.getAttribute(name) ?? "0";
  return parseFloat(text) * (text.endsWith("em") ? 11 : 1);
}

function inherited(element: Element, name: string): string | null {
  for (let it: Element | null = element; it; it = it.parentNode) {
    const found = it.getAttribute?.(name);
    if (found) return found;
  }
  return null;
}
