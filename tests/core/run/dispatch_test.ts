import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { makeFire } from "../../../core/run/dispatch.ts";
import {
  type HookName,
  type Plugin,
  PluginError,
  trainLoop,
} from "../../../mod.ts";
import { batches, LOSS, notebook, plugin, scripted } from "../_scripted.ts";

/** The function of a hook, for some plugins. */
function fireOf(hook: HookName, ...plugins: Plugin[]) {
  const position = { hook: "onTrainBegin" as HookName, muting: false };
  const listeners = plugins.map((plugin) => ({
    plugin,
    run: {} as never,
    bare: false,
    muted: undefined,
  }));
  const fire = makeFire(hook, listeners, (_hook, list, i, error) => {
    throw new Error(`${list[i]!.plugin.name}: ${(error as Error).message}`, {
      cause: error,
    });
  }, position);
  return { fire, position };
}

Deno.test("a hook that nobody has is no function at all", () => {
  assertEquals(fireOf("onEpochEnd").fire, undefined);
});

Deno.test("dispatch stays synchronous while hooks do, and makes nothing", () => {
  const seen: string[] = [];
  const note = (name: string) =>
    plugin(name, { onEpochEnd: () => void seen.push(name) });
  const { fire, position } = fireOf("onEpochEnd", note("a"), note("b"));
  assertEquals(fire!(0, LOSS), undefined);
  assertEquals(seen, ["a", "b"]);
  assertEquals(position.hook, "onEpochEnd");
});

Deno.test("a promise is waited for before the next plugin is called", async () => {
  const seen: string[] = [];
  const { fire } = fireOf(
    "onEpochEnd",
    plugin("slow", {
      async onEpochEnd() {
        await Promise.resolve();
        seen.push("slow");
      },
    }),
    plugin("quick", { onEpochEnd: () => void seen.push("quick") }),
  );
  const pending = fire!(0, LOSS);
  assertEquals(seen, []);
  assertEquals(await pending, undefined);
  assertEquals(seen, ["slow", "quick"]);
});

Deno.test("keys that a hook returns are seen by the next; the logs themselves stay", () => {
  const logs = { loss: 1 };
  const { fire } = fireOf(
    "onEpochEnd",
    plugin("giver", {
      provides: { onEpochEnd: ["x"] },
      onEpochEnd: () => ({ x: 2 }),
    }),
    plugin("doubler", {
      provides: { onEpochEnd: ["y"] },
      onEpochEnd: (_e, logs) => ({ y: logs.x! * 2 }),
    }),
  );
  assertEquals(fire!(0, logs), { loss: 1, x: 2, y: 4 });
  assertEquals(logs, { loss: 1 });
});

Deno.test("keys from a promise are added too", async () => {
  const { fire } = fireOf(
    "onEpochEnd",
    plugin("giver", {
      provides: { onEpochEnd: ["x"] },
      onEpochEnd: () => Promise.resolve({ x: 2 }),
    }),
  );
  assertEquals(await fire!(0, LOSS), { loss: 1, x: 2 });
});

Deno.test("a throw and a rejection name the plugin", async () => {
  const thrower = plugin("thrower", {
    onEpochEnd() {
      throw new Error("no");
    },
  });
  assertThrows(
    () => fireOf("onEpochEnd", thrower).fire!(0, LOSS),
    Error,
    "thrower: no",
  );
  const rejecter = plugin("rejecter", {
    onEpochEnd: () => Promise.reject(new Error("later")),
  });
  await assertRejects(
    async () => await fireOf("onEpochEnd", rejecter).fire!(0, LOSS),
    Error,
    "rejecter: later",
  );
});

Deno.test("an undeclared key is an error that says how to declare it", async () => {
  const sneaky = plugin("sneaky", { onEpochEnd: () => ({ f1: 1 }) });
  const error = await assertRejects(
    () =>
      trainLoop(scripted(), batches(1), undefined, {
        printer: notebook(),
        plugins: [sneaky],
      }),
    PluginError,
  );
  assertEquals(
    error.message,
    'Plugin "sneaky" failed in onEpochEnd at epoch 0: it returned the log key "f1", which it does not declare: add provides: { onEpochEnd: ["f1"] }',
  );
});

Deno.test("a key that is no number is an error", () => {
  const odd = plugin("odd", {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => ({ x: "1" }) as never,
  });
  assertThrows(
    () => fireOf("onEpochEnd", odd).fire!(0, LOSS),
    Error,
    'odd: it returned a string as log key "x": expected a number',
  );
});
