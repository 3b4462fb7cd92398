import { assert, assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { bar } from "../../../plugins/_progress/bar.ts";
import { PLAIN } from "../../../plugins/_progress/style.ts";

const half = { done: 2, total: 4, elapsed: 2000 };

Deno.test("bar() fills with the batches done, and says how fast and how long", () => {
  const at = (done: number, elapsed: number) =>
    bar({ done, total: 4, elapsed }, 80, PLAIN);
  const drawn = (full: number) => "━".repeat(full) + "─".repeat(30 - full);
  assertEquals(at(1, 10), `${drawn(8)}  1/4  100 batches/s  ETA 30ms`);
  assertEquals(at(4, 40_000), `${drawn(30)}  4/4  10s/batch  ETA 0s`);
  assertEquals(at(0, 0), `${drawn(0)}  0/4`);
});

Deno.test("bar() says how long the run will take, where that is longer", () => {
  assertEquals(
    bar({ ...half, run: 62_000 }, 80, PLAIN).split("  ").at(-1),
    "ETA 2s, run 1m02s",
  );
});

Deno.test("bar() without a total counts, and shows the time so far", () => {
  const at = (done: number) =>
    bar({ done, total: undefined, elapsed: 1000 }, 80, PLAIN);
  assertEquals(at(5), "5 batches  5.0 batches/s  1s");
  assertEquals(at(1), "1 batch  1.0 batches/s  1s");
});

Deno.test("bar() leaves out the rate first, then shrinks, then leaves out the time", () => {
  const at = (columns: number) => bar(half, columns, PLAIN);
  assertEquals(
    at(60),
    `${"━".repeat(15)}${"─".repeat(15)}  2/4  1.0 batches/s  ETA 2s`,
  );
  assertEquals(at(30), `${"━".repeat(8)}${"─".repeat(8)}  2/4  ETA 2s`);
  assertEquals(at(19), "━━━──  2/4  ETA 2s");
  assertEquals(at(15), "━━━━━────  2/4");
  assertEquals(at(8), "2/4");
});

Deno.test("bar() dims what is not done yet", () => {
  const style = { bold: String, dim: (text: string) => `(${text})` };
  assertEquals(bar(half, 15, style), "━━━━━(────)  2/4");
});

Deno.test("bar() is never as wide as its terminal", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 0, max: 1e6 }),
      fc.option(fc.integer({ min: 1, max: 1e6 }), { nil: undefined }),
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 1e9, noNaN: true }), {
        nil: undefined,
      }),
      (columns, done, more, elapsed, run) => {
        const total = more === undefined ? undefined : done + more;
        const line = bar({ done, total, elapsed, run }, columns, PLAIN);
        assert(line.length < columns, line);
      },
    ),
  );
});
