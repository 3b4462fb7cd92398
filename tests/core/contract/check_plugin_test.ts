import { assertEquals } from "@std/assert";
import { pluginProblem } from "../../../core/contract/check_plugin.ts";
import { discover } from "../../../core/contract/discover.ts";
import { PluginError } from "../../../core/errors.ts";
import { HOOK_NAMES, OptionError } from "../../../core/plugin.ts";

const hook = { onEpochEnd() {} };

/** Each wrong plugin, and the sentence that tells it. */
const WRONG: readonly [plugin: unknown, sentence: string][] = [
  [
    class Counter {
      onEpochEnd() {}
    },
    "is a class: list what it makes, new Counter()",
  ],
  [(() => class {})(), "is a class: list what it makes, new MyPlugin()"],
  [
    { default: class {} }.default,
    "is a class: list what it makes, new MyPlugin()",
  ],
  [
    class {
      static name = 3 as never;
    },
    "is a class: list what it makes, new MyPlugin()",
  ],
  [
    { default: () => hook }.default,
    "is a function: call it (plugin()) and list what it returns",
  ],
  [
    { name: "p", permissions: { ran: [] }, ...hook },
    'has permissions that are not lists of names by kind: expected such as { net: ["localhost:9000"] }; kinds are net, read, write, env',
  ],
  [
    { name: "p", needs: { onEpochEnd: "loss" }, ...hook },
    'declares needs for onEpochEnd that is "loss": expected a list of log keys such as ["loss"], or "all"',
  ],
  [
    { name: "p", provides: { onEpochEnd: "all" }, ...hook },
    'declares provides for onEpochEnd that is "all": expected a list of log keys such as ["loss"]',
  ],
  [
    { name: "p", needs: ["loss"], ...hook },
    'has needs that is ["loss"]: expected log keys by hook, such as { onEpochEnd: ["loss"] }',
  ],
  [
    { name: "p", needs: { onEpochEnded: ["loss"] }, ...hook },
    'declares needs for an unknown hook "onEpochEnded", did you mean "onEpochEnd"?',
  ],
  [
    { name: "p", needs: { onTrainEnd: ["loss", "acc"] }, ...hook },
    'declares needs "loss", "acc" for onTrainEnd, but has no such hook',
  ],
  [
    { name: "p", needs: { onEpochEnd: [3] }, ...hook },
    'declares needs for onEpochEnd: 3 is no log key: expected a name such as "loss"',
  ],
  [
    { name: "p", needs: { onEpochEnd: ["constructor"] }, ...hook },
    'declares needs for onEpochEnd: "constructor" cannot be a log key: every object has something of that name',
  ],
  [
    { name: "p", provides: { onEpochEnd: ["__proto__"] }, ...hook },
    'declares provides for onEpochEnd: "__proto__" cannot be a log key: every object has something of that name',
  ],
  [
    { name: "p", needs: { onEpochEnd: [{ key: "loss" }] }, ...hook },
    'declares needs for onEpochEnd: {"key":"loss"} is no need: expected a log key, or { key: "val_loss", direction: true }',
  ],
  [
    { name: "p", need: { onEpochEnd: ["loss"] }, ...hook },
    'has a field "need", did you mean "needs"?',
  ],
  [
    { name: "p", requires: "weights", ...hook },
    'has requires that is "weights": expected a list such as ["weights"]; known are learningRate, momentum, weights, optimizerState, save, model, predict, backup, validation, batchLogs, firstNonFinite',
  ],
  [
    { name: "p", requires: ["weight"], ...hook },
    'requires "weight", did you mean "weights"?',
  ],
  [
    { name: "p", order: "first", ...hook },
    'has order "first": expected "pre" or "post"',
  ],
  [
    { name: "p", onlooker: "yes", ...hook },
    'has onlooker "yes": expected true or false',
  ],
  [
    { name: "p", onError: "ignore", ...hook },
    'has onError "ignore": expected "fail" or "disable"',
  ],
  [
    { name: "p", state: 3, ...hook },
    "has a state that is 3: expected an object",
  ],
  [
    { name: "p", state: { open: () => {} }, ...hook },
    'has a state whose "state.open" is a function: expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these',
  ],
  [
    { name: "p", state: { list: [{ when: /a/ }] }, ...hook },
    'has a state whose "state.list.0.when" is a RegExp: expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these',
  ],
  [
    { name: "p", state: { of: new Map([["a", new WeakMap()]]) }, ...hook },
    'has a state whose "state.of.1" is a WeakMap: expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these',
  ],
  [
    { name: "", ...hook },
    'has a name that is "": expected a string such as "my-plugin"',
  ],
  [null, "is null: expected an object with hooks"],
  [
    { name: "p", needs: { onEpochEnd: [undefined] }, ...hook },
    'declares needs for onEpochEnd: undefined is no log key: expected a name such as "loss"',
  ],
  [7, "is a number: expected an object with hooks"],
  [() => {}, "is a function: call it (plugin()) and list what it returns"],
  [
    { name: "p", onFoo() {} },
    `has an unknown hook "onFoo": known are ${HOOK_NAMES.join(", ")}`,
  ],
  [
    { name: "p", onEpochEnd: null },
    'has a hook "onEpochEnd" that is null: expected a function',
  ],
  [
    { name: "p", onEpochEnd: [] },
    'has a hook "onEpochEnd" that is an object: expected a function',
  ],
  [
    { name: "p", require: ["weights"], ...hook },
    'has a field "require", did you mean "requires"?',
  ],
  [
    { name: "p", needs: null, ...hook },
    'has needs that is null: expected log keys by hook, such as { onEpochEnd: ["loss"] }',
  ],
  [
    {
      name: "p",
      needs: { onEpochBegin: [], onEpochEnd: ["loss", 3] },
      ...hook,
    },
    'declares needs for onEpochEnd: 3 is no log key: expected a name such as "loss"',
  ],
  [
    {
      name: "p",
      needs: { onEpochEnd: [{ key: 3, direction: true }] },
      ...hook,
    },
    'declares needs for onEpochEnd: {"key":3,"direction":true} is no log key: expected a name such as "loss"',
  ],
  [
    {
      name: "p",
      needs: { onEpochEnd: [{ key: "a", direction: true, x: 1 }] },
      ...hook,
    },
    'declares needs for onEpochEnd: {"key":"a","direction":true,"x":1} is no need: expected a log key, or { key: "val_loss", direction: true }',
  ],
  [
    {
      name: "p",
      needs: { onEpochEnd: [{ key: "a", direction: false }] },
      ...hook,
    },
    'declares needs for onEpochEnd: {"key":"a","direction":false} is no need: expected a log key, or { key: "val_loss", direction: true }',
  ],
  [
    {
      name: "p",
      provides: { onEpochEnd: [{ key: "a", direction: true }] },
      ...hook,
    },
    'declares provides for onEpochEnd: {"key":"a","direction":true} is no log key: expected a name such as "loss"',
  ],
  [
    { name: "p", requires: ["a gpu"], ...hook },
    'requires "a gpu": known are learningRate, momentum, weights, optimizerState, save, model, predict, backup, validation, batchLogs, firstNonFinite',
  ],
  [
    { name: "p", order: NaN, ...hook },
    'has order NaN: expected "pre" or "post"',
  ],
  [
    { name: "p", state: null, ...hook },
    "has a state that is null: expected an object",
  ],
  [
    { name: "p", state: { count: 0, open: () => {} }, ...hook },
    'has a state whose "state.open" is a function: expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these',
  ],
];

for (const [plugin, sentence] of WRONG) {
  Deno.test(`a plugin that ${sentence.slice(0, 60)} is refused`, () => {
    assertEquals(pluginProblem(plugin), sentence);
  });
}

Deno.test("a getter that throws is told by its name", () => {
  assertEquals(
    pluginProblem(
      Object.defineProperty({ name: "p", ...hook }, "needs", {
        get: () => {
          throw new Error("not yet");
        },
      }),
    ),
    'has a getter "needs" that throws: not yet',
  );
});

Deno.test("a getter may throw anything", () => {
  assertEquals(
    pluginProblem({
      get state() {
        throw "not yet";
      },
    }),
    'has a getter "state" that throws: not yet',
  );
});

Deno.test("what cannot be shown is told by its kind", () => {
  const name: { self?: unknown } = {};
  name.self = name;
  assertEquals(
    pluginProblem({ name, ...hook }),
    'has a name that is an object: expected a string such as "my-plugin"',
  );
});

Deno.test("fields that are undefined are as good as missing", () => {
  assertEquals(
    pluginProblem({
      name: undefined,
      needs: { onTrainEnd: undefined },
      provides: undefined,
      requires: undefined,
      order: undefined,
      onError: undefined,
      state: undefined,
      onEpochBegin: undefined,
      ...hook,
    }),
    undefined,
  );
});

Deno.test("fields of a plugin's own are its business", () => {
  assertEquals(
    pluginProblem({ name: "p", need: 3, best: {}, ...hook }),
    undefined,
  );
});

Deno.test("a monitor is a log key, with its direction where it has one", () => {
  for (
    const good of ["loss", { key: "loss" }, { key: "f1", direction: "max" }]
  ) {
    assertEquals(
      pluginProblem({ name: "p", monitor: good, ...hook }),
      undefined,
    );
  }
  const expected =
    'expected a log key such as "val_loss", or { key: "val_f1", direction: "max" }';
  const bad: [unknown, string][] = [
    [5, "5"],
    ["", '""'],
    ["constructor", '"constructor"'],
    [{ key: "loss", mode: "min" }, '{"key":"loss","mode":"min"}'],
    [{ key: "loss", direction: "up" }, '{"key":"loss","direction":"up"}'],
  ];
  for (const [monitor, shown] of bad) {
    assertEquals(
      pluginProblem({ name: "p", monitor, ...hook }),
      `has monitor ${shown}: ${expected}`,
    );
  }
  // A tf.js callback may have a field of this name.
  assertEquals(pluginProblem({ monitor: null, ...hook }), undefined);
});

Deno.test("hooks and tables of a class are read off its instances", () => {
  class Base {
    needs = { onEpochEnd: ["loss"] };
    onEpochEnd() {}
  }
  class Derived extends Base {
    name = "derived";
  }
  assertEquals(pluginProblem(new Derived()), undefined);
  assertEquals(pluginProblem({ __proto__: null, ...hook }), undefined);
});

Deno.test("a state that holds itself is refused", () => {
  const state: { self?: unknown } = {};
  state.self = state;
  assertEquals(
    pluginProblem({ name: "p", state, ...hook }),
    'has a state whose "state.self" holds itself: expected plain data: numbers, text, true or false, null, dates, typed arrays, and lists, objects, maps and sets of these',
  );
});

Deno.test("what is right passes: all tables, plain state, needs with a direction", () => {
  const shared = { a: 1 };
  assertEquals(
    pluginProblem({
      name: "p",
      needs: {
        onEpochEnd: ["loss", { key: "val_loss", direction: true }],
        onTrainBatchEnd: "all",
        onTrainEnd: [],
      },
      provides: { onEpochEnd: ["f1"] },
      requires: ["weights", "validation"],
      order: "pre",
      onError: "disable",
      state: {
        best: undefined,
        list: [1, "a", null, true, NaN],
        twice: [shared, shared],
        typed: new Float32Array(2),
        big: 1n,
        bare: Object.create(null),
      },
      onTrainBatchEnd() {},
      ...hook,
    }),
    undefined,
  );
  // A tf.js name for the hook that the table speaks of.
  assertEquals(
    pluginProblem({
      name: "p",
      needs: { onTrainBatchEnd: ["loss"] },
      onBatchEnd() {},
    }),
    undefined,
  );
  // The hooks of tf.js' callbacks.
  for (const name of ["onBatchBegin", "onBatchEnd", "onYield"]) {
    assertEquals(pluginProblem({ [name]() {} }), undefined);
  }
});

/** A plugins folder of one file, whose factory is `main`. */
async function factory(main: () => unknown) {
  const { found } = await discover("plugins", {
    list: () => Promise.resolve(["a.ts"]),
    load: () => Promise.resolve({ default: main }),
  });
  return found[0]!;
}

Deno.test("a factory refuses an option with OptionError: that is the user's mistake", async () => {
  const found = await factory(() => {
    throw new OptionError(
      "Cannot create a as 'n' must be >= 1: current value is 0",
    );
  });
  let message = "";
  try {
    found.create();
  } catch (error) {
    message = `${(error as Error).name}: ${(error as Error).message}`;
  }
  assertEquals(
    message,
    "InputError: Cannot create a as 'n' must be >= 1: current value is 0   (plugins/a.ts)",
  );
});

Deno.test("anything else a factory throws is its own bug, with its frames", async () => {
  const bug = new TypeError("x is not a function");
  const found = await factory(() => {
    throw bug;
  });
  let error: unknown;
  try {
    found.create();
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof PluginError, true);
  assertEquals(
    (error as Error).message,
    'Plugin "a" failed while it was being made (plugins/a.ts): x is not a function',
  );
  assertEquals((error as Error).cause, bug);
});

Deno.test("a plugin's own fields are its own, however near their names are", () => {
  assertEquals(
    pluginProblem({ name: "p", told: ["onEpochEnd", "weights"], ...hook }),
    undefined,
  );
  for (const own of ["seeds", "model", "params", "options", "provider"]) {
    assertEquals(
      pluginProblem({ name: "p", [own]: [1, 2], ...hook }),
      undefined,
      own,
    );
  }
});
