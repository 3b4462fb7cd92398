import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { readPluginList } from "../../../core/contract/plugin_list.ts";
import { PluginError } from "../../../core/errors.ts";
import type { HookName, Plugin } from "../../../core/plugin.ts";
import { makeFire } from "../../../core/run/dispatch.ts";
import {
  batches,
  LOSS,
  notebook,
  plugin,
  scripted,
  training,
} from "../_scripted.ts";

/** The function of a hook, for some plugins that get all keys. */
function fireOf(hook: HookName, ...plugins: Plugin[]) {
  const position = {
    hook: "onTrainBegin" as HookName,
    index: 0,
    muting: false,
    awaited: undefined,
  };
  const calls = readPluginList(plugins).entries.map((entry) => ({
    listener: { entry, run: {} as never, muted: undefined },
    gets: "all" as const,
  }));
  const fire = makeFire(hook, calls, (_hook, calls, at, error) => {
    const { name } = calls[at]!.listener.entry;
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
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
    () => training(scripted(), batches(1), undefined, { plugins: [sneaky] }),
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

Deno.test("a key that was declared and is undefined is an error that names it so", () => {
  const odd = plugin("odd", {
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => ({ x: undefined }) as never,
  });
  assertThrows(
    () => fireOf("onEpochEnd", odd).fire!(0, LOSS),
    Error,
    'odd: it returned undefined as log key "x": expected a number',
  );
});

/** A plugin that notes the logs it gets, and what it needs. */
function noting(
  seen: Record<string, unknown>,
  name: string,
  needs?: Plugin["needs"],
): Plugin {
  return plugin(name, {
    ...needs && { needs },
    onTrainBatchEnd: (_b, logs) => void (seen[name] = { ...logs }),
    onEpochEnd: (_e, logs) => void (seen[`${name} epoch`] = { ...logs }),
  });
}

const two = {
  metrics: ["loss", "accuracy"],
  logs: () => ({ loss: 1, accuracy: 0.5 }),
};

Deno.test("a plugin gets the keys it needs in each hook, whoever stands beside it", async () => {
  const seen: Record<string, unknown> = {};
  await training(scripted(two), batches(1), undefined, {
    plugins: [
      noting(seen, "free"),
      noting(seen, "none", {}),
      noting(seen, "some", { onTrainBatchEnd: ["accuracy"] }),
      noting(seen, "twin", { onTrainBatchEnd: ["accuracy"] }),
      noting(seen, "all", { onEpochEnd: "all" }),
    ],
  });
  const both = { loss: 1, accuracy: 0.5 };
  assertEquals(seen, {
    "free": both,
    "free epoch": both,
    "none": {},
    "none epoch": {},
    "some": { accuracy: 0.5 },
    "some epoch": {},
    "twin": { accuracy: 0.5 },
    "twin epoch": {},
    "all": {},
    "all epoch": both,
  });
});

Deno.test("plugins alone get what they get beside others: nothing in a hook they do not list", async () => {
  const seen: Record<string, unknown> = {};
  await training(scripted(two), batches(1), undefined, {
    plugins: [noting(seen, "none", {})],
  });
  assertEquals(seen, { "none": {}, "none epoch": {} });
});

Deno.test("where the keys are the same the logs are handed on as they are", async () => {
  const seen = new Set<unknown>();
  const keep = (name: string, needs: Plugin["needs"]) =>
    plugin(name, {
      needs: needs!,
      onEpochEnd: (_e, logs) => void seen.add(logs),
    });
  await training(scripted(two), batches(1), undefined, {
    plugins: [
      keep("listed", { onEpochEnd: ["accuracy", "loss"] }),
      keep("all", { onEpochEnd: "all" }),
    ],
  });
  assertEquals(seen.size, 1);
  seen.clear();
  await training(scripted(two), batches(1), undefined, {
    plugins: [
      keep("one", { onEpochEnd: ["loss"] }),
      keep("other", { onEpochEnd: ["loss"] }),
    ],
  });
  assertEquals(seen.size, 1); // Picked once for both.
});

Deno.test("a key that a plugin adds is picked for those behind it", async () => {
  const seen: Record<string, unknown> = {};
  const giver = plugin("giver", {
    needs: {},
    provides: { onEpochEnd: ["x"] },
    onEpochEnd: () => ({ x: 7 }),
  });
  await training(scripted(two), batches(1), undefined, {
    plugins: [noting(seen, "reader", { onEpochEnd: ["x"] }), giver],
  });
  assertEquals(seen["reader epoch"], { x: 7 });
});

for (
  const [how, change] of [
    ["changed", (logs: Record<string, number>) => void (logs.loss = 3)],
    ["added to", (logs: Record<string, number>) => void (logs.extra = 3)],
  ] as const
) {
  Deno.test(`logs cannot be ${how} in place: the throw names the plugin`, async () => {
    for (const needs of [undefined, { onEpochEnd: ["loss"] }]) {
      const cheat = plugin("cheat", {
        ...needs && { needs },
        onEpochEnd: (_e, logs) => change(logs as Record<string, number>),
      });
      const error = await assertRejects(
        () =>
          training(scripted(two), batches(1), undefined, { plugins: [cheat] }),
        PluginError,
      );
      assertEquals(error.place.plugin, "cheat");
      assertStringIncludes(
        error.message,
        "; logs and run are frozen: return the keys you add, and declare them in provides",
      );
      assertEquals(error.cause instanceof TypeError, true);
    }
  });
}

Deno.test("the empty logs of begin hooks are frozen, for all runs share them", async () => {
  const cheat = plugin("cheat", {
    onTrainBegin: (logs) => void ((logs as Record<string, number>).x = 1),
  });
  await assertRejects(
    () => training(scripted(), batches(1), undefined, { plugins: [cheat] }),
    PluginError,
  );
});

Deno.test("a plugin that is switched off in the middle of a hook is not called again, the others are", async () => {
  const seen: string[] = [];
  const flaky = plugin("flaky", {
    onError: "disable",
    onTrainBatchBegin() {
      throw new Error("no");
    },
    onTrainBatchEnd: () => void seen.push("flaky"),
  });
  const steady = plugin("steady", {
    onTrainBatchBegin: () => void seen.push("begin"),
    onTrainBatchEnd: () => void seen.push("end"),
  });
  await training(scripted(), batches(1, 2), undefined, {
    plugins: [flaky, steady],
  });
  assertEquals(seen, ["begin", "end", "begin", "end"]);
});

Deno.test("a plugin that is switched off by a rejection is not called again either", async () => {
  const seen: string[] = [];
  const flaky = plugin("flaky", {
    onError: "disable",
    onTrainBatchEnd: () => Promise.reject(new Error("no")),
    onTrainEnd: () => void seen.push("flaky"),
  });
  const steady = plugin("steady", {
    onTrainBatchEnd: () => void seen.push("end"),
  });
  await training(scripted(), batches(1, 2), undefined, {
    plugins: [flaky, steady],
  });
  assertEquals(seen, ["end", "end"]);
});

Deno.test("a throw behind a plugin that was waited for is told by its own name", async () => {
  const slow = plugin("slow", { onEpochEnd: () => Promise.resolve() });
  const thrower = plugin("thrower", {
    onEpochEnd() {
      throw new Error("no");
    },
  });
  await assertRejects(
    async () => await fireOf("onEpochEnd", slow, thrower).fire!(0, LOSS),
    Error,
    "thrower: no",
  );
});

Deno.test("what is no logs adds nothing", () => {
  for (const value of [3, "text", true, null]) {
    const odd = plugin("odd", { onEpochEnd: () => value as never });
    const seen: unknown[] = [];
    const next = plugin("next", {
      onEpochEnd: (_e, logs) => void seen.push(logs),
    });
    assertEquals(fireOf("onEpochEnd", odd, next).fire!(0, LOSS), undefined);
    assertEquals(seen, [LOSS]);
  }
});

Deno.test("a list of keys is picked once for all that have it, in whatever order", async () => {
  const seen = new Set<unknown>();
  const keep = (name: string, ...keys: string[]) =>
    plugin(name, {
      needs: { onEpochEnd: keys },
      onEpochEnd: (_e, logs) => void seen.add(logs),
    });
  const three = {
    metrics: ["loss", "accuracy", "mae"],
    logs: () => ({ loss: 1, accuracy: 0.5, mae: 2 }),
  };
  await training(scripted(three), batches(1), undefined, {
    plugins: [
      keep("one", "loss", "mae"),
      keep("two", "mae", "loss"),
      keep("other", "accuracy"),
    ],
  });
  assertEquals([...seen], [{ loss: 1, mae: 2 }, { accuracy: 0.5 }]);
});

Deno.test("who needs nothing gets empty logs, not none", async () => {
  const seen: unknown[] = [];
  await training(scripted(), batches(1), undefined, {
    plugins: [
      plugin("none", { needs: {}, onEpochEnd: (_e, l) => void seen.push(l) }),
      plugin("all", { onEpochEnd: (_e, logs) => void seen.push(logs) }),
    ],
  });
  assertEquals(seen, [{}, { loss: 1 }]);
});

Deno.test("a result that throws when it is looked at is its plugin's failure", async () => {
  const broken = new Proxy({}, {
    get() {
      throw new Error("not to be looked at");
    },
  });
  const error = await assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        plugins: [{ name: "shy", onTrainBegin: () => broken as never }],
      }),
    PluginError,
  );
  assertEquals(
    error.message,
    'Plugin "shy" failed in onTrainBegin at epoch 0: not to be looked at',
  );
});

Deno.test("what a look at a result throws is told once", async () => {
  const printer = notebook();
  const shy = plugin("shy", {
    onError: "disable",
    onEpochEnd: () => ({
      get then(): never {
        throw new Error("not to be looked at");
      },
    }),
  });
  await training(scripted(), batches(1), undefined, {
    printer,
    plugins: [shy],
  });
  assertEquals(printer.lines, [
    'Warning: Plugin "shy" failed in onEpochEnd at epoch 0: not to be looked at; it is switched off for the rest of the run',
  ]);
});

Deno.test("a promise that nothing is left to settle is its plugin's failure", async () => {
  const ending = assertRejects(
    () =>
      training(scripted(), batches(1), undefined, {
        plugins: [plugin("never", { onEpochEnd: () => new Promise(() => {}) })],
      }),
    PluginError,
    'Plugin "never" failed in onEpochEnd at epoch 0: it returned a promise that nothing is left to settle: no timer, no request, no file',
  );
  await new Promise((resolve) => setTimeout(resolve));
  // As Deno does once it has nothing left to do.
  globalThis.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  await ending;
});
