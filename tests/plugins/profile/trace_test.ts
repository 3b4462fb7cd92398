import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Profile, Span } from "../../../core/plugin.ts";
import { type TraceEvent, traceOf } from "../../../plugins/_profile/trace.ts";

const PROFILE: Profile = {
  began: 1000,
  ended: 1100,
  time: Date.UTC(2026, 10, 22),
  engine: "wasm",
  submitted: false,
  cut: false,
  memory: [{ at: 1001, bytes: 4096, tensors: 12 }],
  spans: [
    {
      ...{ kind: "step", name: "train", at: 1001, took: 50 },
      ...{ epoch: 2, batch: 7 },
    },
    {
      ...{ kind: "kernel", name: "Cast", at: 1001.5, took: 0.25 },
      ...{ epoch: 2, batch: 7, depth: 0, within: "step" },
      ...{ inputs: { x: [2, 3], y: [] }, outputs: [[2, 3]], bytes: 24 },
    },
    {
      ...{ kind: "hook", name: "onTrainBatchEnd", by: "slow", at: 1051 },
      ...{ took: 9, epoch: 2, batch: 7, file: "plugins/slow.ts" },
    },
  ],
};

const of = (ph: TraceEvent["ph"], events: readonly TraceEvent[]) =>
  events.filter((event) => event.ph === ph);

Deno.test("a trace has a track for steps, one for kernels and one for each plugin", () => {
  const { traceEvents } = traceOf(PROFILE, "runs/digits");
  const names = of("M", traceEvents)
    .filter(({ name }) => name !== "thread_sort_index")
    .map(({ name, tid, args }) => [name, tid, args.name]);
  assertEquals(names, [
    ["process_name", 0, "runs/digits"],
    ["thread_name", 1, "steps"],
    ["thread_name", 2, "kernels"],
    ["thread_name", 3, "plugin slow"],
  ]);
});

Deno.test("spans are complete events in microseconds from 0, with shapes, plugin and file", () => {
  const { traceEvents } = traceOf(PROFILE, "runs/digits");
  const place = { epoch: 2, batch: 7 };
  assertEquals(of("X", traceEvents), [
    {
      ...{ ph: "X", name: "train step", cat: "step", pid: 1, tid: 1 },
      ...{ ts: 1000, dur: 50_000, args: place },
    },
    {
      ...{ ph: "X", name: "Cast", cat: "kernel", pid: 1, tid: 2 },
      ...{ ts: 1500, dur: 250 },
      args: {
        ...place,
        inputs: { x: "[2, 3]", y: "[]" },
        outputs: "[2, 3]",
        bytes: 24,
      },
    },
    {
      ...{ ph: "X", name: "onTrainBatchEnd", cat: "hook", pid: 1, tid: 3 },
      ...{ ts: 51_000, dur: 9000 },
      args: { ...place, plugin: "slow", file: "plugins/slow.ts" },
    },
  ]);
  assertEquals(of("C", traceEvents).map(({ name, args }) => [name, args]), [
    ["memory", { bytes: 4096 }],
    ["tensors", { tensors: 12 }],
  ]);
});

Deno.test("a trace says when it began and of which engine, and is shown in milliseconds", () => {
  const { otherData, displayTimeUnit } = traceOf(PROFILE, "it");
  assertEquals(otherData, {
    began: "2026-11-22T00:00:00.000Z",
    engine: "wasm",
  });
  assertEquals(displayTimeUnit, "ms");
  const without = traceOf({ ...PROFILE, engine: undefined, spans: [] }, "it");
  assertEquals("engine" in without.otherData, false);
});

Deno.test("each plugin has a track of its own, in the order they came, under the steps and kernels", () => {
  const hook = (by: string, begun?: true): Span => ({
    ...{ kind: "hook", name: "onEpochEnd", by, at: 1000, took: 1 },
    ...begun && { begun },
  });
  const spans = [hook("one"), hook("two"), hook("one", true), {
    ...{ kind: "data", name: "train", at: 1000, took: 1 } as const,
  }];
  const { traceEvents } = traceOf({ ...PROFILE, spans }, "it");
  assertEquals(of("X", traceEvents).map(({ name, tid }) => [name, tid]), [
    ["onEpochEnd", 3],
    ["onEpochEnd", 4],
    ["what onEpochEnd began", 3],
    ["data", 1],
  ]);
  assertEquals(
    traceEvents.filter(({ name }) => name === "thread_sort_index")
      .every(({ tid, args }) => args.sort_index === tid),
    true,
  );
  assertEquals(of("C", traceEvents).map(({ ts, tid, pid }) => [ts, tid, pid]), [
    ...[[1000, 0, 1], [1000, 0, 1]],
  ]);
  assertEquals(new Set(traceEvents.map(({ pid }) => pid)), new Set([1]));
});

Deno.test("kernels on a device say that their times are not its own; without an engine there is no track", () => {
  const tracks = (profile: Profile) =>
    traceOf(profile, "it").traceEvents.map(({ args }) => args.name)
      .filter((name) => String(name).includes("kernels"));
  assertEquals(
    tracks({ ...PROFILE, engine: "webgpu", submitted: true }),
    ["kernels, handed to webgpu"],
  );
  assertEquals(tracks({ ...PROFILE, engine: undefined, spans: [] }), []);
});

Deno.test("what lies within lies within after rounding too, at any time of a clock", () => {
  const ms = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e9, noNaN: true }),
      fc.array(fc.tuple(ms, ms), { maxLength: 20 }),
      (began, parts) => {
        let at = began;
        const inner: Span[] = parts.map(([gap, took]) => {
          const span: Span = {
            ...{ kind: "kernel", name: "Add", depth: 1, at: at + gap, took },
          };
          at = span.at + took;
          return span;
        });
        const outer: Span = {
          ...{ kind: "kernel", name: "Sum", depth: 0, at: began },
          took: at - began,
        };
        const spans = [outer, ...inner];
        const { traceEvents } = traceOf({ ...PROFILE, began, spans }, "it");
        const [first, ...rest] = of("X", traceEvents);
        let from = first!.ts!;
        const end = from + first!.dur!;
        for (const { ts, dur } of rest) {
          assertEquals(ts! >= from - 1e-6, true);
          from = ts! + dur!;
        }
        assertEquals(from <= end + 1e-6, true);
      },
    ),
  );
});
