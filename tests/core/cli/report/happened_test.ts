import { assertEquals } from "@std/assert";
import { gather } from "../../../../core/cli/report/happened.ts";
import type { PastEvent } from "../../../../core/cli/report/past_events.ts";

const EPOCH_END = { hook: "onEpochEnd", kind: "act" } as const;

function gathered(...events: readonly unknown[]) {
  const all = gather();
  for (const event of events) all.take(event as PastEvent);
  return all.result();
}

function saved(path: string, epoch: number, by = "saver"): unknown {
  const what = { kind: "save", path, weightsOnly: false };
  return { ...EPOCH_END, at: epoch * 10, by, epoch, what };
}

Deno.test("checkpoints by path: what each holds is what was saved there last", () => {
  const { saved: checkpoints, happened } = gathered(
    saved("best", 0),
    saved("best", 1),
    saved("last", 2),
  );
  assertEquals(checkpoints, [
    {
      ...{ path: "best", by: "saver", times: 2, epoch: 1, batch: undefined },
      weightsOnly: false,
    },
    {
      ...{ path: "last", by: "saver", times: 1, epoch: 2, batch: undefined },
      weightsOnly: false,
    },
  ]);
  assertEquals(happened.map(({ text }) => text), [
    "saved best",
    "saved best",
    "saved last",
  ]);
});

Deno.test("what happened often is told once, from the first time to the last; what differs is told apart", () => {
  const many = Array.from({ length: 9 }, (_, i) => saved(`e/${i}`, i));
  const { happened } = gathered(
    ...many,
    saved("best", 4, "other"),
    { ...EPOCH_END, at: 1, epoch: 4, by: "x", what: { kind: "snapshot" } },
  );
  assertEquals(
    happened.map(({ by, text, times, epochs }) => [by, text, times, epochs]),
    [["saver", "saved e/0 to e/8", 9, [0, 8]], ["other", "saved best", 1, [
      4,
      4,
    ]]],
  );
});

Deno.test("shadows, warnings, plugins that were switched off and lost events are told in the order of time", () => {
  const stop = { kind: "stop", reason: "enough" };
  const { happened, saved: checkpoints } = gathered(
    { kind: "lost", at: 40, lost: 3 },
    {
      ...EPOCH_END,
      at: 30,
      epoch: 1,
      by: "b",
      kind: "off",
      reason: "it broke",
    },
    { kind: "warning", at: 20, text: "mind the gap" },
    { ...EPOCH_END, at: 10, epoch: 1, by: "a", what: stop, shadow: true },
    { ...(saved("trial", 0) as object), shadow: true },
  );
  assertEquals(checkpoints, []);
  assertEquals(happened.map(({ by, text }) => [by, text]), [
    ["saver", "would have saved trial"],
    ["a", "would have stopped the run: enough"],
    ["the run", "mind the gap"],
    ["b", "was switched off: it broke"],
    ["the run", "3 events are lost: there was no room for them"],
  ]);
});

Deno.test("what is no event of a run is left out", () => {
  const { happened } = gathered(
    { kind: "act", at: 1, by: "x" },
    { kind: "act", at: 1, by: "x", what: { kind: "set", value: "much" } },
    { kind: "warning", at: "now", text: 5 },
    { kind: "something", at: 1 },
  );
  assertEquals(happened, []);
});
