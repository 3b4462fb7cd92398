import { assertEquals, assertNotEquals } from "@std/assert";
import { type Picture, plotHistory, plotRuns } from "../../../core/plot/mod.ts";
import { browserTest } from "../../_browser.ts";

/** A curve from one value to another. */
function curve(count: number, from: number, to: number): number[] {
  return Array.from(
    { length: count },
    (_, i) => to + (from - to) * Math.exp(-5 * i / count),
  );
}

/** Key, last value of the training, of the validation. */
const METRICS = ["loss", "accuracy", "mae", "mse", "auc", "f1", "r2", "recall"];

/** Drawings with little room for their texts. */
const CASES: Readonly<Record<string, Picture>> = {
  "eight metrics, from tiny to huge": plotHistory(
    Object.fromEntries(METRICS.flatMap((key, i) => [
      [key, curve(40, 10 ** (4 * i - 14), 0)],
      [`val_${key}`, curve(40, -(10 ** (4 * i - 14)), 0)],
    ])),
    { title: "Eight metrics under a title that is too long. ".repeat(4) },
  ),
  "everything at once, narrow": plotHistory({
    loss: [...curve(995, 1e-7, 3e-8), NaN, Infinity, -Infinity, 0, 1e-9],
    val_loss: curve(1000, 1e-7, 4e-8),
    learning_rate: curve(1000, 1, 1e-6),
    [METRICS.join("_and_")]: curve(1000, 1234567, 1234568),
  }, { width: 240, logScale: true }),
  "one epoch": plotHistory({ loss: [0.5], lr: [1e-3], accuracy: [0.75] }),
  "ten thousand epochs": plotHistory({ loss: curve(10_000, 3, 1) }),
  "many runs with long names": plotRuns(
    METRICS.map((key, i) => ({
      name: `${key.repeat(i + 1)}-2026-11-22T00-18-22`,
      history: { loss: curve(50, 2, i / 10), val_loss: curve(50, 2, i / 5) },
    })),
    { title: "Runs" },
  ),
  "a stop with a long reason": plotHistory({
    epoch: [0, 1],
    history: { loss: [2, 1] },
    outcome: { status: "stopped", by: "x", reason: "it went on ".repeat(60) },
  }),
};

browserTest(
  "texts lie within a drawing, and not over one another",
  async (open, t) => {
    for (const [name, { svg, width, height }] of Object.entries(CASES)) {
      await t.step(name, async () => {
        const { page, complaints } = await open(
          `<body style="margin:0">${svg}</body>`,
          { viewport: { width, height } },
        );
        assertEquals(await page.evaluate(problems(width, height)), []);
        assertEquals(complaints, []);
      });
    }
  },
);

browserTest(
  "a drawing follows the page into the dark, as a file too",
  async (open) => {
    const { svg } = plotHistory({ loss: [2, 1], val_loss: [2, 1.5] });
    const file = await Deno.makeTempFile({ suffix: ".svg" });
    await Deno.writeTextFile(file, svg);
    const colours = async (colorScheme: "light" | "dark") => {
      const { page } = await open(`file://${file}`, { colorScheme });
      return await page.evaluate<string[]>(COLOURS);
    };
    const [light, dark] = [await colours("light"), await colours("dark")];
    await Deno.remove(file);
    for (const [i, colour] of light.entries()) assertNotEquals(colour, dark[i]);
    assertEquals(light, [
      "rgb(0, 114, 178)",
      "rgb(213, 94, 0)",
      "rgb(255, 255, 255)",
    ]);
  },
);

/** Read in the page: the colours of training, validation and paper. */
const COLOURS = `["training", "validation", "paper"].map((look) =>
  getComputedStyle(document.querySelector(".hl-" + look)).color)`;

/** Read in the page: which texts are cut, and which lie over another. */
function problems(width: number, height: number): string {
  return `(() => {
  const boxes = [...document.querySelectorAll("text")]
    .map((it) => [it.textContent, it.getBoundingClientRect()]);
  const cut = boxes.filter(([, box]) => box.left < 0 || box.top < 0 ||
    box.right > ${width} || box.bottom > ${height});
  const over = boxes.flatMap(([text, a], i) => boxes.slice(i + 1)
    .filter(([, b]) => a.left < b.right && b.left < a.right &&
      a.top + 3 < b.bottom && b.top + 3 < a.bottom)
    .map(([other]) => text + " over " + other));
  return [...cut.map(([text]) => text + " is cut"), ...over];
})()`;
}
