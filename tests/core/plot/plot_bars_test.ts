import { assertAlmostEquals, assertEquals } from "@std/assert";
import { plotBars } from "../../../core/plot/mod.ts";
import { rootOf } from "./_drawing.ts";

Deno.test("plotBars() draws bars as long as their values, with names and values beside them", () => {
  const picture = plotBars([
    { name: "steps", value: 800 },
    { name: "hooks", value: 200 },
    { name: "nothing", value: 0 },
  ], { unit: "ms", title: "Times" });
  const root = rootOf(picture);
  const widths = [...root.querySelectorAll(".hl-bar rect")]
    .map((bar) => Number(bar.getAttribute("width")));
  assertEquals(widths.length, 3);
  assertAlmostEquals(widths[1]! / widths[0]!, 0.25, 1e-3);
  assertEquals(widths[2], 0);
  const texts = [...root.querySelectorAll("text")].map((it) => it.textContent);
  assertEquals(texts, [
    ...["Times", "steps", "hooks", "nothing"],
    ...["800 ms", "200 ms", "0 ms"],
  ]);
  assertEquals(picture.text, "steps: 800 ms. hooks: 200 ms. nothing: 0 ms.");
});

Deno.test("plotBars() draws none, nothing but zeros, and the largest numbers there are", () => {
  for (const values of [[], [0, 0], [Number.MAX_VALUE, 1, 5e-324]]) {
    const bars = values.map((value) => ({ name: "x", value }));
    const { svg } = plotBars(bars);
    assertEquals(/NaN|Infinity|undefined/.test(svg), false);
  }
});
