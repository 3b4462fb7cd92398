import { assertEquals, assertStrictEquals } from "@std/assert";
import { resetState } from "../../../core/run/plugin_state.ts";
import { plugin } from "../_scripted.ts";

Deno.test("a state is set back in place: what was changed, removed and added", () => {
  const state: Record<string, unknown> = { count: 0, seen: ["a"], best: 1 };
  const counter = plugin("counter", { state, onEpochEnd() {} });
  resetState(counter);
  assertEquals(state, { count: 0, seen: ["a"], best: 1 });
  state.count = 7;
  (state.seen as string[]).push("b");
  delete state.best;
  state.extra = true;
  resetState(counter);
  assertStrictEquals(counter.state, state);
  assertEquals(state, { count: 0, seen: ["a"], best: 1 });
});

Deno.test("a state is as it first was, run after run", () => {
  const state = { list: [] as number[] };
  const lister = plugin("lister", { state, onEpochEnd() {} });
  for (let run = 0; run < 3; run++) {
    resetState(lister);
    assertEquals(state.list, []);
    state.list.push(run);
  }
});

Deno.test("a plugin without a state has none to set back", () => {
  const plain = plugin("plain", { onEpochEnd() {} });
  resetState(plain);
  assertEquals("state" in plain, false);
});
