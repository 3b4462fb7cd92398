import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import type { Profile, Span } from "../../../core/plugin.ts";
import { profileTable, spentIn } from "../../../plugins/_profile/table.ts";

/** What was measured over some time. */
function measured(ended: number, spans: readonly Span[]): Profile {
  return {
    ...{ began: 0, ended, time: 0, spans, memory: [] },
    ...{ engine: "wasm", submitted: false, cut: false },
  };
}

const step = (at: number, took: number): Span => ({
  ...{ kind: "step", name: "train", at, took },
});
const kernel = (
  name: string,
  at: number,
  took: number,
  depth = 0,
  within: Span["within"] | "nothing" = "step",
): Span => ({
  ...{ kind: "kernel", name, at, took, depth },
  ...within !== "nothing" && { within: within! },
});
const hook = (by: string, name: string, at: number, took: number): Span => ({
  ...{ kind: "hook", name, by, at, took },
});

Deno.test("each millisecond counts once: kernels in kernels, kernels in steps, kernels in hooks", () => {
  const spans = [
    step(0, 50),
    kernel("MatMul", 1, 30),
    kernel("Cast", 2, 10, 1),
    kernel("Cast", 40, 5),
    hook("slow", "onTrainBatchEnd", 50, 20),
    kernel("MatMul", 51, 10, 0, "hook"),
    { ...hook("slow", "onTrainBatchEnd", 70, 10), begun: true as const },
    { ...step(80, 6), kind: "data" as const },
  ];
  assertEquals(spentIn(measured(100, spans)), {
    kernels: [
      { name: "MatMul", calls: 1, total: 20 },
      { name: "Cast", calls: 2, total: 15 },
    ],
    hooks: [{ name: "slow onTrainBatchEnd", calls: 1, total: 30 }],
    others: [
      { name: "steps, outside of kernels", calls: 1, total: 15 },
      { name: "data, outside of kernels", calls: 1, total: 6 },
      { name: "everything else", calls: 0, total: 14 },
    ],
  });
});

Deno.test("the longest come first, whenever they were met", () => {
  const spans = [
    ...[kernel("Add", 0, 1), kernel("MatMul", 1, 3), kernel("Cast", 4, 2)],
    ...[hook("one", "onEpochEnd", 6, 1), hook("two", "onEpochEnd", 7, 2)],
  ];
  const { kernels, hooks } = spentIn(measured(10, spans));
  assertEquals(kernels.map(({ name }) => name), ["MatMul", "Cast", "Add"]);
  assertEquals(hooks.map(({ name }) => name), [
    ...["two onEpochEnd", "one onEpochEnd"],
  ]);
});

Deno.test("of very many kernels eleven have a row, and the others share one", () => {
  const spans = Array.from({ length: 14 }, (_, i) => kernel(`K${i}`, i, 1));
  const rows = profileTable(measured(14, spans), 80)
    .filter((line) => /^ {2}(K|\d+ others)/.test(line));
  assertEquals(rows.length, 12);
  assertMatch(rows.at(-1)!, /^ {2}3 others +3 +3\.00 +1\.000 +21\.\d %$/);
});

Deno.test("the table is aligned, and what says nothing shares a row", () => {
  const spans = [
    step(0, 90),
    kernel("BatchMatMul", 0, 60),
    kernel("Add", 60, 20),
    kernel("Cast", 80, 0.01),
    kernel("Neg", 81, 0.02),
    hook("slow", "onTrainBatchEnd", 90, 6),
  ];
  assertEquals(profileTable(measured(100, spans), 80), [
    "                             calls      ms  ms/call    share",
    "kernels",
    "  BatchMatMul                    1   60.00   60.000   60.0 %",
    "  Add                            1   20.00   20.000   20.0 %",
    "  2 others                       2    0.03    0.015    0.0 %",
    "plugins",
    "  slow onTrainBatchEnd           1    6.00    6.000    6.0 %",
    "the rest",
    "  steps, outside of kernels      1    9.97    9.970   10.0 %",
    "  everything else                     4.00             4.0 %",
    "in all                              100.00           100.0 %",
  ]);
});

Deno.test("shares sum up to 100 %, and lines fit, whatever was measured", () => {
  const times = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(times, fc.integer({ min: 40, max: 120 }), (all, columns) => {
      let at = 0;
      const spans = all.map((took, i) => {
        at += took;
        return i % 2
          ? hook(
            `a-plugin-with-a-long-name-${i}`,
            "onTrainBatchBegin",
            at - took,
            took,
          )
          : kernel(`Kernel${i % 20}`, at - took, took, 0, "nothing");
      });
      const lines = profileTable(measured(at + 1, spans), columns);
      const shares = lines.slice(0, -1).flatMap((line) =>
        [.../([\d.]+) %$/.exec(line)?.slice(1) ?? []].map(Number)
      );
      const sum = shares.reduce((a, b) => a + b, 0);
      assertEquals(Math.round(sum * 10), 1000);
      for (const line of lines) {
        assertEquals(line.length < columns || columns < 60, true, line);
      }
    }),
  );
});

Deno.test("without a clock that moves there is a table all the same", () => {
  assertMatch(
    profileTable(measured(0, [step(0, 0)]), 80).at(-1)!,
    /^in all +0\.00/,
  );
});
