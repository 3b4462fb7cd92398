import { assertEquals, assertThrows } from "@std/assert";
import type { Plugin } from "../../../core/plugin.ts";
import { snapshotStore } from "../../../core/run/snapshots.ts";
import { fakeRun } from "../../../core/testing.ts";

/** A plugin whose handle the tests use. */
const plugin = (): Plugin => ({
  name: "copier",
  requires: ["weights"],
  onTrainEnd() {},
});

Deno.test("a snapshot is put back by its name, and stays", () => {
  const { run, weights } = fakeRun(plugin(), { weights: [1, 2] });
  run.weights.snapshot("before");
  for (const value of [8, 9]) {
    weights[0] = value;
    run.weights.restore("before");
    assertEquals(weights, [1, 2]);
  }
  assertEquals([run.weights.has("before"), run.weights.has("x")], [
    true,
    false,
  ]);
});

Deno.test("a snapshot of the same name replaces the one before, which is freed", () => {
  const { run, weights, snapshots } = fakeRun(plugin(), { weights: [1] });
  run.weights.snapshot("best");
  weights[0] = 2;
  run.weights.snapshot("best");
  assertEquals(snapshots.size, 1);
  weights[0] = 3;
  run.weights.restore("best");
  assertEquals(weights, [2]);
});

Deno.test("release frees; a name that is not there is no error", () => {
  const { run, snapshots } = fakeRun(plugin());
  run.weights.snapshot("a");
  run.weights.snapshot("b");
  run.weights.release("a");
  run.weights.release("a");
  assertEquals([snapshots.size, run.weights.has("a")], [1, false]);
});

Deno.test("average moves the snapshot, not the weights", () => {
  const { run, weights } = fakeRun(plugin(), { weights: [0] });
  run.weights.snapshot("mean");
  weights[0] = 4;
  run.weights.average("mean", 0.75);
  assertEquals(weights, [4]);
  run.weights.restore("mean");
  assertEquals(weights, [1]);
});

Deno.test("an unknown name is told with what to do", () => {
  const { run } = fakeRun(plugin());
  const message =
    'there is no snapshot "bset": take one with run.weights.snapshot("bset") first';
  assertThrows(() => run.weights.restore("bset"), Error, message);
  assertThrows(() => run.weights.average("bset", 0.5), Error, message);
});

Deno.test("what is left over is freed when the run ends", async () => {
  for (const status of ["completed", "failed"] as const) {
    const { run, fire, snapshots } = fakeRun(plugin(), { outcome: { status } });
    run.weights.snapshot("left");
    await fire("onTrainEnd");
    assertEquals(snapshots.size, 0);
  }
});

Deno.test("what is kept is there in the plugin's next run, until it is released", async () => {
  const copier = plugin();
  const first = fakeRun(copier);
  first.run.weights.snapshot("kept", { keep: true });
  first.run.weights.snapshot("left");
  await first.fire("onTrainEnd");
  assertEquals(first.snapshots.size, 1);

  const second = fakeRun(copier);
  assertEquals(second.run.weights.has("kept"), true);
  assertEquals(second.run.weights.has("left"), false);
  assertEquals(fakeRun(plugin()).run.weights.has("kept"), false);
  second.run.weights.release("kept");
  await second.fire("onTrainEnd");
  assertEquals(first.snapshots.size, 0);
  assertEquals(fakeRun(copier).run.weights.has("kept"), false);
});

Deno.test("names are each plugin's own", () => {
  const freed: string[] = [];
  const snapshot = (name: string) => ({ dispose: () => void freed.push(name) });
  const owners = ["a", "b"].map((name) => ({ name, plugin: { name } }));
  const store = snapshotStore(() => owners);
  const [mine, yours] = [snapshot("mine"), snapshot("yours")];
  store.put("a", "best", mine, false);
  store.put("b", "best", yours, false);
  assertEquals([store.get("a", "best") === mine, freed], [true, []]);
  store.release("a", "best");
  assertEquals([store.get("b", "best") === yours, freed], [true, ["mine"]]);
  store.close();
  assertEquals(freed, ["mine", "yours"]);
});

Deno.test("what is kept stays over runs in which nobody asks for it", async () => {
  const keeper: Plugin = { name: "keeper", onTrainEnd() {} };
  const first = fakeRun(keeper, { weights: [1] });
  first.run.weights.snapshot("best", { keep: true });
  await first.fire("onTrainEnd");
  await fakeRun(keeper).fire("onTrainEnd");
  const third = fakeRun(keeper);
  assertEquals(third.run.weights.has("best"), true);
  await third.fire("onTrainEnd");
  assertEquals(fakeRun(keeper).run.weights.has("best"), true);
  assertEquals(first.snapshots.size, 1);
});
