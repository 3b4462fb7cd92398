import { assert, assertEquals } from "@std/assert";
import { drawer } from "../../../../../core/cli/report/draw_curves.ts";
import { comparePage } from "../../../../../core/cli/report/page/compare_page.ts";
import { reportPage } from "../../../../../core/cli/report/page/run_page.ts";
import { browserTest } from "../../../../_browser.ts";
import { AT, EVENTS, FACTS, logOf, reportOf } from "./_report.ts";

/** Names and values that are long, and epochs without values. */
const WIDE = {
  ...FACTS,
  epoch: Array.from({ length: 300 }, (_, i) => i),
  history: {
    loss: Array.from({ length: 300 }, (_, i) => 1 / (i + 1)),
    val_loss: Array.from({ length: 300 }, (_, i) => i % 7 ? 1 / (i + 1) : null),
    a_metric_with_a_name_that_is_as_long_as_a_sentence: [1, "NaN", "Infinity"],
  },
  plugins: [{
    name: "a-plugin-with-a-name-that-is-as-long-as-a-sentence",
    file: `plugins/${"deep/".repeat(20)}x.ts`,
    options: { path: "x".repeat(200) },
  }],
  outcome: { status: "failed", by: "x", reason: "y".repeat(300) },
};

/** The pages by what they show. */
async function pages(): Promise<Record<string, string>> {
  const draw = await drawer();
  const saved = {
    ...{ at: 1, kind: "act", by: "x".repeat(60), hook: "onEpochEnd", epoch: 1 },
    what: { kind: "save", path: "z".repeat(90), weightsOnly: false },
  };
  const short = await reportOf();
  const wide = await reportOf(WIDE, logOf([...EVENTS, saved]));
  const runs = [short, wide, short, wide, short, wide].map((report, i) => ({
    name: `digits-2026-11-22T09-00-0${i}`,
    report,
    page: `./${i}/report.html`,
  }));
  return {
    "a short run": reportPage(short, draw.one(short), AT),
    "long names": reportPage(wide, draw.one(wide), AT),
    "six runs": comparePage(runs, draw.several(runs), AT),
  };
}

/** What is seen of a page. */
interface Seen {
  readonly scrolls: boolean;
  readonly dark: boolean;
  readonly drawings: number;
  readonly curves: number;
}

/** Opens what is folded away, and looks: runs in the browser. */
const LOOK = `(() => {
  for (const it of document.querySelectorAll("details")) it.open = true;
  const { scrollWidth, clientWidth } = document.documentElement;
  const paper = getComputedStyle(document.body).backgroundColor;
  const isCurve = (path) => {
    const { width, height } = path.getBoundingClientRect();
    const { stroke } = getComputedStyle(path);
    return width > 50 && height > 5 && stroke !== "none" && stroke !== paper;
  };
  return {
    scrolls: scrollWidth > clientWidth,
    dark: paper.match(/\\d+/g).slice(0, 3).every((it) => +it < 60),
    drawings: document.querySelectorAll("figure svg").length,
    curves: [...document.querySelectorAll("svg path")].filter(isCurve).length,
  };
})()`;

const PHONE = { width: 360, height: 740 };
const SCREEN = { width: 1280, height: 900 };

browserTest(
  "a report stands on a phone and on a screen, in light and dark, without a request or a complaint",
  async (open, t) => {
    for (const [name, html] of Object.entries(await pages())) {
      for (const viewport of [PHONE, SCREEN]) {
        for (const colorScheme of ["light", "dark"] as const) {
          await t.step(
            `${name}, ${viewport.width} px, ${colorScheme}`,
            async () => {
              const path = await Deno.makeTempFile({ suffix: ".html" });
              await Deno.writeTextFile(path, html);
              const { page, complaints, requests } = await open(
                `file://${path}`,
                {
                  viewport,
                  colorScheme,
                },
              );
              const seen = await page.evaluate(LOOK) as Seen;
              assertEquals(seen.scrolls, false, "the page scrolls sideways");
              assert(seen.drawings >= 1);
              assert(seen.curves >= 2, `${seen.curves} curves`);
              assertEquals(seen.dark, colorScheme === "dark");
              assertEquals(complaints, []);
              assertEquals(requests, [`file://${path}`]);
              await Deno.remove(path);
            },
          );
        }
      }
    }
  },
);

browserTest(
  "a report is read by its landmarks, headings and tables, and without a mouse",
  async (open) => {
    const report = await reportOf();
    const draw = await drawer();
    const { page } = await open(reportPage(report, draw.one(report), AT));
    for (
      const role of ["banner", "navigation", "main", "contentinfo"] as const
    ) {
      assertEquals(await page.getByRole(role).count(), 1, role);
    }
    assertEquals(
      await page.getByRole("heading", { level: 2 }).allTextContents(),
      [
        "Curves",
        "What happened",
        "Checkpoints",
        "To repeat it",
        "Plan",
        "Model",
        "Time",
        "Settings",
      ],
    );
    assertEquals(
      await page.getByRole("img", { name: "loss by epoch" }).count(),
      1,
    );
    const layers = page.getByRole("table", { name: /^Layers of the model/ });
    assertEquals(
      await layers.getByRole("columnheader").allTextContents(),
      ["layer", "type", "output", "parameters"],
    );
    assertEquals(
      await layers.getByRole("rowheader").allTextContents(),
      ["flat", "out"],
    );
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const reached = await page.evaluate("location.hash");
    assertEquals(reached, "#curves");
  },
);
