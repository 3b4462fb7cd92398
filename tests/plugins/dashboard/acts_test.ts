import { assertEquals } from "@std/assert";
import type { ActEvent } from "../../../core/plugin.ts";
import { fakeRun } from "../../../core/testing.ts";
import { actTeller } from "../../../plugins/_dashboard/acts.ts";
import { journal } from "../../../plugins/_dashboard/journal.ts";
import { wishes } from "../../../plugins/_dashboard/wishes.ts";
import { runMessage, statusMessage } from "./_messages.ts";

/** What a page lists, and how it is told. */
function listed() {
  const shown = journal(runMessage(), statusMessage(0));
  const { run } = fakeRun({ name: "looks-on", onTrainBegin() {} });
  const at = { step: 0, carriesOut: false };
  const can = { stop: true, learningRate: true, save: true } as const;
  const tell = actTeller(
    shown,
    Object.create(run, { step: { get: () => at.step } }),
    Object.create(wishes(can), { carriesOut: { get: () => at.carriesOut } }),
    () => 12,
  );
  return { acts: shown.acts, tell, at };
}

/** Somebody sets the learning rate. */
function sets(
  by: string,
  value: number,
  place: { epoch?: number; batch?: number },
): ActEvent {
  const what = { kind: "set", setting: "learningRate", value } as const;
  return { kind: "act", by, hook: "onEpochEnd", ...place, what, was: 1 };
}

Deno.test("what happened is told with who, where and when, and null where there is none", () => {
  const { acts, tell } = listed();
  tell(sets("one", 0.5, { epoch: 1, batch: 2 }));
  tell({ kind: "warning", text: "look out" });
  tell({ kind: "off", by: "one", hook: "onTrainEnd", reason: "it threw" });
  assertEquals(acts.slice(0, 2), [
    {
      ...{ at: 12, epoch: 1, batch: 2, by: "one", hook: "onEpochEnd" },
      ...{ text: "set the learning rate to 0.5 (it was 1)", kind: "set" },
    },
    {
      ...{ at: 12, epoch: null, batch: null, by: null, hook: null },
      ...{ text: "look out", kind: "warning" },
    },
  ]);
  assertEquals([acts[2]!.kind, acts[2]!.by], ["off", "one"]);
});

Deno.test("who sets something batch after batch is told once an epoch", () => {
  const { acts, tell } = listed();
  for (const epoch of [0, 1]) {
    for (const batch of [0, 1, 2]) {
      for (const by of ["one", "two"]) tell(sets(by, batch, { epoch, batch }));
    }
    // Not in a batch: each time.
    for (const value of [7, 8]) tell(sets("one", value, { epoch }));
  }
  assertEquals(
    acts.map(({ by, epoch, batch }) => [by, epoch, batch].join(" ")),
    [0, 1].flatMap((epoch) => [
      ...[`one ${epoch} 0`, `two ${epoch} 0`, `one ${epoch} `, `one ${epoch} `],
    ]),
  );
});

Deno.test("other acts in batches are all told", () => {
  const { acts, tell } = listed();
  for (const batch of [0, 1]) {
    tell({
      ...{ kind: "act", by: "one", hook: "onTrainBatchEnd", epoch: 0, batch },
      what: { kind: "stop", reason: "enough" } as const,
    });
  }
  assertEquals(acts.length, 2);
});

Deno.test("what a page asked for is told each time, and how long it held", () => {
  const { acts, tell, at } = listed();
  const asks = (value: number, step: number) => {
    Object.assign(at, { step, carriesOut: true });
    tell(sets("dashboard", value, { epoch: 0, batch: step }));
    at.carriesOut = false;
  };
  asks(0.5, 3);
  asks(0.25, 4);
  at.step = 5;
  tell(sets("one", 2, { epoch: 0 }));
  tell(sets("one", 3, { epoch: 0 }));
  asks(0.125, 6);
  at.step = 9;
  tell(sets("one", 4, { epoch: 0 }));
  assertEquals(acts.map(({ text }) => text.replace(/ \(.*/, "")), [
    "set the learning rate to 0.5",
    "set the learning rate to 0.25",
    "set the learning rate to 2",
    "the learning rate 0.25 that was set here held for 1 batch: one sets it too",
    "set the learning rate to 3",
    "set the learning rate to 0.125",
    "set the learning rate to 4",
    "the learning rate 0.125 that was set here held for 3 batches: one sets it too",
  ]);
  const [warning] = acts.filter(({ kind }) => kind === "warning");
  assertEquals([warning!.by, warning!.hook], [null, "onEpochEnd"]);
});

Deno.test("another setting than the learning rate undoes nothing", () => {
  const { acts, tell, at } = listed();
  at.carriesOut = true;
  tell(sets("dashboard", 0.5, {}));
  at.carriesOut = false;
  tell({
    ...sets("one", 0.9, { epoch: 0 }),
    what: { kind: "set", setting: "momentum", value: 0.9 } as const,
  });
  assertEquals(acts.map(({ kind }) => kind), ["set", "set"]);
});
