import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { PluginError } from "../../../core/errors.ts";
import { callbackList } from "../../../core/loop/mod.ts";
import type { Plugin, Run } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** Saving that takes a while, and is told; `broken` fails. */
function slowly(told: string[]) {
  return async (path: string) => {
    told.push(`begin ${path}`);
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve));
    }
    if (path.endsWith("broken")) throw new Error("disk full");
    told.push(`end ${path}`);
  };
}

/** Three epochs with this in `onEpochEnd`; what was told. */
async function epochs(
  onEpochEnd: (epoch: number, run: Run) => void | Promise<void>,
  more: Partial<Plugin> = {},
) {
  const told: string[] = [];
  const printer = notebook();
  const saver = plugin("saver", {
    onEpochBegin: (epoch) => void told.push(`epoch ${epoch}`),
    onEpochEnd: (epoch, _logs, run) => onEpochEnd(epoch, run),
    ...more,
  });
  const other = plugin("other", {
    onEpochEnd: (epoch) => void told.push(`other ${epoch}`),
  });
  const ended = training(
    scripted({ save: slowly(told) }),
    batches(1),
    undefined,
    { epochs: 3, plugins: [saver, other], printer },
  ).then(({ epoch }) => ({ epoch }), (error) => ({ error }));
  return { told, lines: printer.lines, ...await ended as { error?: Error } };
}

Deno.test("what a hook begins without waiting for it is over before the next hook", async () => {
  const { told, error } = await epochs((epoch, run) => {
    run.save(`e${epoch}`);
  });
  assertEquals(error, undefined);
  assertEquals(told, [
    "epoch 0",
    "begin e0",
    "end e0",
    "other 0",
    "epoch 1",
    "begin e1",
    "end e1",
    "other 1",
    "epoch 2",
    "begin e2",
    "end e2",
    "other 2",
  ]);
});

Deno.test("two that save to the same path wait for each other, others do not", async () => {
  const { told } = await epochs((epoch, run) => {
    if (epoch > 0) return;
    for (const path of ["a", "b", "a"]) run.save(path);
  });
  const of = (path: string) => told.filter((line) => line.endsWith(path));
  assertEquals(of("a"), ["begin a", "end a", "begin a", "end a"]);
  assertEquals(told.slice(1, 3), ["begin a", "begin b"]);
});

Deno.test("a failure that nobody listens to is one of the hook, with its place", async () => {
  const ways: ((run: Run) => void)[] = [
    (run) => void run.save("broken"),
    (run) => void run.save("broken").then(() => {}),
    (run) => void run.save("broken").finally(() => {}),
    (run) => {
      run.save("fine").then(() => {});
      run.save("broken");
    },
  ];
  for (const way of ways) {
    const { error, told } = await epochs((epoch, run) => {
      if (epoch === 1) way(run);
    });
    assertEquals(
      error?.message,
      'Plugin "saver" failed in onEpochEnd at epoch 1: disk full',
    );
    assertEquals((error as PluginError).place.plugin, "saver");
    assertEquals(told.includes("epoch 2"), false);
  }
});

Deno.test("a failure that the plugin deals with is its own business", async () => {
  const ways: ((run: Run) => Promise<void>)[] = [
    (run) => run.save("broken").catch(() => {}),
    (run) => run.save("broken").then(() => {}, () => {}),
    (run) => run.save("broken").then(() => {}).catch(() => {}),
    async (run) => {
      try {
        await run.save("broken");
      } catch {
        // As told.
      }
    },
    async (run) => void await Promise.allSettled([run.save("broken")]),
  ];
  for (const way of ways) {
    for (const waited of [true, false]) {
      const { error } = await epochs((_epoch, run) => {
        const done = way(run);
        return waited ? done : undefined;
      });
      assertEquals(error, undefined);
    }
  }
});

Deno.test("what a plugin does when it is over may take longer than the hook", async () => {
  const done = Promise.withResolvers<void>();
  const ends: ((epoch: number, run: Run) => void)[] = [
    (epoch, run) => {
      if (epoch === 0) run.save("a").then(() => done.promise);
      if (epoch === 2) done.resolve();
    },
    (epoch, run) => {
      if (epoch === 0) run.save("a").then(() => new Promise(() => {}));
    },
  ];
  for (const end of ends) {
    const { told, error } = await epochs(end);
    assertEquals([error, told.at(-1)], [undefined, "other 2"]);
  }
});

Deno.test("a failure that the hook waits for is told once", async () => {
  const { error, lines } = await epochs((_epoch, run) => run.save("broken"));
  assertEquals(
    error?.message,
    'Plugin "saver" failed in onEpochEnd at epoch 0: disk full',
  );
  assertEquals(lines, []);
});

Deno.test('onError "disable" holds for it, too', async () => {
  const { error, lines } = await epochs(
    (_epoch, run) => void run.save("broken"),
    { onError: "disable" },
  );
  assertEquals(error, undefined);
  assertEquals(lines, [
    'Warning: Plugin "saver" failed in onEpochEnd at epoch 0: disk full; it is switched off for the rest of the run',
  ]);
});

Deno.test("what is begun in the last hook is waited for, too", async () => {
  const told: string[] = [];
  const steps = scripted({ save: slowly(told) });
  const saves = (path: string) =>
    plugin("saver", { onTrainEnd: (_logs, run) => void run.save(path) });
  await training(steps, batches(1), undefined, { plugins: [saves("last")] });
  assertEquals(told, ["begin last", "end last"]);
  const error = await assertRejects(
    () =>
      training(steps, batches(1), undefined, { plugins: [saves("broken")] }),
    PluginError,
  );
  assertStringIncludes(error.message, 'Plugin "saver" failed in onTrainEnd');
});

Deno.test("what is begun outside of hooks is over before the run is", async () => {
  const told: string[] = [];
  const late = (path: string) =>
    plugin("late", {
      onEpochBegin: (_epoch, _logs, run) =>
        new Promise((resolve) => {
          setTimeout(() => void run.save(path));
          setTimeout(resolve);
        }),
    });
  const steps = scripted({ save: slowly(told) });
  await training(steps, batches(1), undefined, { plugins: [late("late")] });
  assertEquals(told, ["begin late", "end late"]);
  await assertRejects(
    () => training(steps, batches(1), undefined, { plugins: [late("broken")] }),
    PluginError,
    'Plugin "late" failed in onEpochBegin at epoch 0: disk full',
  );
});

Deno.test("a run that fails waits for what it began", async () => {
  const told: string[] = [];
  const bad = plugin("bad", {
    onEpochEnd(_epoch, _logs, run) {
      run.save("first");
      throw new Error("bad luck");
    },
  });
  await assertRejects(
    () =>
      training(
        scripted({ save: slowly(told) }),
        batches(1),
        undefined,
        { plugins: [bad] },
      ),
    PluginError,
    "bad luck",
  );
  assertEquals(told, ["begin first", "end first"]);
});

Deno.test("a hand-written loop waits in its hooks; without saves they stay synchronous", async () => {
  const told: string[] = [];
  const saver = plugin("saver", {
    onEpochEnd: (epoch, _logs, run) => {
      if (epoch === 1) run.save("e1");
    },
  });
  const list = callbackList({
    save: slowly(told),
    plugins: [saver],
    printer: notebook(),
    epochs: 2,
  });
  list.onTrainBegin();
  list.onEpochBegin(0);
  assertEquals(list.onEpochEnd(0, { loss: 1 }), { loss: 1 });
  list.onEpochBegin(1);
  assertEquals(await list.onEpochEnd(1, { loss: 1 }), { loss: 1 });
  assertEquals(told, ["begin e1", "end e1"]);
  assertEquals(list.onTrainEnd({ loss: 1 }), { loss: 1 });
});

Deno.test("a prediction that fails without being waited for is a failure of its hook", async () => {
  const bad = plugin("bad", {
    onEpochEnd: (_epoch, _logs, run) => void run.predict([]),
  });
  await assertRejects(
    () =>
      training(
        scripted({ predict: () => Promise.reject(new Error("no device")) }),
        batches(1),
        undefined,
        { plugins: [bad] },
      ),
    PluginError,
    'Plugin "bad" failed in onEpochEnd at epoch 0: no device',
  );
});

Deno.test("predictions that are begun together run side by side", async () => {
  const told: string[] = [];
  const asks = plugin("asks", {
    onEpochEnd(_epoch, _logs, run) {
      run.predict([]);
      run.predict([]);
    },
  });
  const predict = async () => {
    told.push("begin");
    await new Promise((resolve) => setTimeout(resolve));
    told.push("end");
    return [];
  };
  const options = { plugins: [asks], now: () => 0 };
  await training(scripted({ predict }), batches(1), undefined, options);
  assertEquals(told, ["begin", "begin", "end", "end"]);
});

/** A run in which "late" begins a save outside of its hook, while "slow" waits in one of its own. */
async function late(
  waits: "onEpochBegin" | "onTrainBatchBegin",
  more: Partial<Plugin> = {},
) {
  const begun = Promise.withResolvers<void>();
  const printer = notebook();
  const late = plugin("late", {
    onEpochBegin(_epoch, _logs, run) {
      setTimeout(() => {
        run.save("broken");
        begun.resolve();
      });
    },
    ...more,
  });
  const slow = plugin("slow", { [waits]: () => begun.promise });
  const error: Error | undefined = await training(
    scripted({ save: slowly([]) }),
    batches(1),
    undefined,
    { plugins: [late, slow], printer },
  ).then(() => undefined, (error) => error);
  return { message: error?.message, lines: printer.lines };
}

Deno.test("a failure is told of the plugin that began it, whichever is waited for", async () => {
  const inEpoch = 'Plugin "late" failed in onEpochBegin at epoch 0: disk full';
  assertEquals((await late("onEpochBegin")).message, inEpoch);
  assertEquals(
    (await late("onTrainBatchBegin")).message,
    'Plugin "late" failed in onTrainBatchBegin at epoch 0, batch 0: disk full',
  );
  assertEquals(await late("onEpochBegin", { onError: "disable" }), {
    message: undefined,
    lines: [
      `Warning: ${inEpoch}; it is switched off for the rest of the run`,
    ],
  });
});

Deno.test("what follows at once when something is over belongs to the hook, too", async () => {
  const { error, told } = await epochs((epoch, run) => {
    if (epoch > 0) return;
    run.save("a");
    run.save("b").then(async () => {
      for (let i = 0; i < 9; i++) await undefined;
      throw new Error("odd");
    });
  });
  assertEquals(
    error?.message,
    'Plugin "saver" failed in onEpochEnd at epoch 0: odd',
  );
  assertEquals(told.includes("other 0"), false);
});

Deno.test("a failure of what takes longer than the hook is told when it comes, once", async () => {
  for (const comes of [1, 2]) {
    const later = Promise.withResolvers<void>();
    const { error, lines } = await epochs((epoch, run) => {
      if (epoch === 0) {
        const saved = run.save("a");
        saved.then(() => later.promise);
        saved.then(() => new Promise(() => {}));
      } else run.save("b");
      if (epoch === comes) later.reject(new Error("too late"));
    }, { onError: "disable" });
    assertEquals(error, undefined);
    assertEquals(lines, [
      'Warning: Plugin "saver" failed in onEpochEnd at epoch 0: too late; it is switched off for the rest of the run',
    ]);
  }
});

Deno.test("a failure that comes when all hooks are over fails the run", async () => {
  const later = Promise.withResolvers<void>();
  const { error } = await epochs((epoch, run) => {
    if (epoch === 0) run.save("a").then(() => later.promise);
    if (epoch === 2) later.reject(new Error("too late"));
  });
  assertEquals(
    error?.message,
    'Plugin "saver" failed in onEpochEnd at epoch 0: too late',
  );
});

Deno.test("what a plugin gets is a promise like any other", async () => {
  const seen: string[] = [];
  const { error } = await epochs(async (epoch, run) => {
    if (epoch > 0) return;
    const saved = run.save("a");
    seen.push(String(saved));
    await saved.then(() => void seen.push("then"));
    await saved.finally(() => void seen.push("finally"));
    await run.save("broken").catch(({ message }) => void seen.push(message));
  });
  assertEquals(error, undefined);
  assertEquals(seen, ["[object Promise]", "then", "finally", "disk full"]);
});
