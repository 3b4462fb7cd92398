import { assert, assertEquals, assertMatch } from "@std/assert";
import { plotBars, plotHistory, plotRuns } from "../../../core/plot/mod.ts";
import { legendOf, panelsOf, rootOf } from "./_drawing.ts";

const HISTORY = { loss: [3, 2, 1], val_loss: [3, 2.5, 2.75] };

Deno.test("a picture shows itself in a Jupyter notebook, and in words elsewhere", () => {
  const picture = plotHistory(HISTORY);
  const display = (picture as unknown as Record<symbol, () => unknown>)[
    Symbol.for("Jupyter.display")
  ]!;
  assertEquals(display.call(picture), {
    "image/svg+xml": picture.svg,
    "text/plain":
      "loss: training 3 in epoch 1 to 1 in epoch 3, from 1 to 3; validation 3 in epoch 1 to 2.75 in epoch 3, from 2.5 to 3. Best epoch: 2, val_loss 2.5.",
  });
  assert(Object.isFrozen(picture));
  assertEquals(`${picture}`, picture.svg);
});

Deno.test("a picture is a whole document with a name and a description for who does not see it", () => {
  const picture = plotHistory(HISTORY, { title: "digits" });
  assertMatch(
    picture.svg,
    /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="hookloop-plot" width="640" height="\d+" viewBox="0 0 640 \d+" role="img"/,
  );
  const root = rootOf(picture);
  assertEquals(root.querySelector("title")!.textContent, "digits");
  assertEquals(root.querySelector("desc")!.textContent, picture.text);
  const unnamed = rootOf(plotHistory(HISTORY));
  assertEquals(unnamed.querySelector("title")!.textContent, "loss by epoch");
});

Deno.test("a picture draws the same each time, and holds no id that another could have", () => {
  const { svg } = plotHistory(HISTORY);
  assertEquals(plotHistory(HISTORY).svg, svg);
  assertEquals(/ id=| href=|url\(/.test(svg), false);
});

Deno.test("texts of users cannot break out of a picture", () => {
  const name = `</text><script>alert("1")</script> & 'x' \0 \ud800 ]]>`;
  const history = { [name]: [1, 2], [`val_${name}`]: [1, 2] };
  for (
    const { svg } of [
      plotHistory(history, { title: name }),
      plotRuns([{ name, history }], { title: name }),
      plotBars([{ name, value: 1 }], { title: name, unit: name }),
    ]
  ) {
    assertWellFormed(svg);
    assertEquals(svg.includes("<script"), false);
    assertEquals(svg.includes("\0"), false);
    assert(svg.isWellFormed());
  }
});

Deno.test("long names are cut, and whole in the description", () => {
  const name = "mean_absolute_percentage_error_of_the_output_".repeat(4);
  const history = { [name]: [1, 2], loss: [1, 2] };
  const picture = plotHistory(history);
  const { title } = panelsOf(picture)[0]!;
  assert(title.length < 60 && title.endsWith("…"), title);
  assert(picture.text.includes(name));
  const [run] = legendOf(plotRuns([{ name, history }]));
  assert(run!.endsWith("…") && name.startsWith(run!.slice(0, -1)), run);
});

Deno.test("a picture has its colours also for viewers without CSS", () => {
  const root = rootOf(plotHistory(HISTORY));
  const colours = (selector: string) =>
    [...root.querySelectorAll(selector)].map((it) => it.getAttribute("color"));
  assertEquals(new Set(colours(".hl-training")), new Set(["#0072b2"]));
  assertEquals(new Set(colours(".hl-validation")), new Set(["#d55e00"]));
});

Deno.test("every picture is well-formed XML", () => {
  assertWellFormed(plotHistory(HISTORY).svg);
  assertWellFormed(plotHistory({}).svg);
  assertWellFormed(plotRuns([{ name: "a & b", history: HISTORY }]).svg);
  assertWellFormed(plotBars([{ name: "<", value: 1 }]).svg);
});

/** Each element is closed in its place, each attribute quoted and given once, each `&` a reference. */
function assertWellFormed(svg: string) {
  const open: string[] = [];
  const rest = svg.replaceAll(
    /<(\/?)([a-z]\w*)((?: [\w:-]+="[^"<]*")*) ?(\/?)>/gi,
    (_, closing, name, attributes, closed) => {
      const names = attributes.match(/[\w:-]+(?==")/g) ?? [];
      assertEquals(new Set(names).size, names.length, attributes);
      if (closing) assertEquals(open.pop(), name);
      else if (!closed) open.push(name);
      return "";
    },
  );
  assertEquals(open, []);
  assertEquals(rest.match(/[<]|&(?!#\d+;|(?:amp|lt|gt|quot);)/g), null);
}

Deno.test("drawing needs no permission", async () => {
  const module = new URL("../../../core/plot/mod.ts", import.meta.url);
  const config = new URL("../../../deno.json", import.meta.url);
  const program = `
    const { plotHistory } = await import("${module}");
    console.log(plotHistory({ loss: [2, 1] }).text);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--cached-only", "--no-check"],
      ...[`--config=${config.pathname}`, "--allow-import"],
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
    stdin: "null",
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    "loss: training 2 in epoch 1 to 1 in epoch 2, from 1 to 2. Best epoch: 2, loss 1.\n",
    new TextDecoder().decode(stderr),
  );
});
