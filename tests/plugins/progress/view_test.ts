import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { train, type TrainOptions } from "@hookloop/hookloop";
import { type Printer, printerTo } from "../../../core/terminal.ts";
import progress from "../../../plugins/progress.ts";
import { type Screen, screen } from "../../_screen.ts";

/** A printer to a window, and what happens behind each thing that is written. */
function printerOn(window: Screen, then: () => void, colors = false): Printer {
  return printerTo((text) => {
    window.write(text);
    then();
  }, { colors, size: window.size });
}

/** Train with these losses, an epoch each, of three batches. */
async function run(
  losses: readonly number[],
  printer: Printer,
  beforeStep: () => void = () => {},
): Promise<void> {
  let [step, now] = [0, 0];
  await train(
    {
      metrics: ["loss", "mae"],
      trainStep() {
        beforeStep();
        const loss = losses[Math.floor(step++ / 3)]!;
        return { loss, mae: loss };
      },
    },
    [0, 1, 2],
    {
      epochs: losses.length,
      plugins: [progress({ interval: 50 })],
      printer,
      now: () => (now += 20),
    } as TrainOptions<number>,
  );
}

const sizes = fc.record({
  columns: fc.integer({ min: 30, max: 120 }),
  rows: fc.integer({ min: 5, max: 40 }),
});
const losses = fc.array(fc.double(), { minLength: 1, maxLength: 30 });

Deno.test("in a window of any size, a run leaves its rows, no line ever wraps, and the status is gone at the end", async () => {
  await fc.assert(
    fc.asyncProperty(
      losses,
      sizes,
      fc.boolean(),
      async (losses, size, colors) => {
        const window = screen(size.columns, size.rows);
        const check = () => assertEquals(window.wraps(), 0);
        await run(losses, printerOn(window, check, colors));
        const rows = window.lines().filter((line) => /^ *\d+\/\d+ /.test(line));
        assertEquals(
          rows.map((line) => parseInt(line)),
          losses.map((_, i) => i + 1),
        );
        assertEquals(window.lines().length, window.cursorLine());
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("a window may be resized in mid-run: all rows are there, in order, and nothing of the status is left", async () => {
  await fc.assert(
    fc.asyncProperty(
      losses,
      fc.array(
        fc.record({
          columns: fc.integer({ min: 60, max: 120 }),
          rows: fc.integer({ min: 14, max: 40 }),
        }),
        { minLength: 1, maxLength: 20 },
      ),
      async (losses, sizes) => {
        const window = screen();
        let steps = 0;
        await run(losses, printerOn(window, () => {}), () => {
          const next = sizes[steps++];
          if (next) window.resize(next.columns, next.rows);
        });
        const rows = window.lines().filter((line) => !line.includes("epoch"));
        assertEquals(
          rows.map((line) => parseInt(line)),
          losses.map((_, i) => i + 1),
        );
        assert(!window.lines().join().includes("━"));
      },
    ),
    { numRuns: 50 },
  );
});

Deno.test("where colours are wanted, the best is bold, the header dim, and no more", async () => {
  let text = "";
  const window = { colors: true, size: () => ({ columns: 80, rows: 24 }) };
  await run([2, 1, 3], printerTo((more) => void (text += more), window));
  const set = (code: number) =>
    text.split(`\x1b[${code}m`).slice(1).map((rest) => rest.split("\x1b")[0]);
  assertEquals(set(1), ["    2.0000*", "    1.0000*"]);
  const dimmed = set(2).filter((it) => !it!.startsWith("─"));
  assertEquals(dimmed, ["epoch    time       loss        mae"]);
});
