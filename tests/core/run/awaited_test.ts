import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { startPosition } from "../../../core/run/state.ts";
import type { LoopOptions, Source } from "../../../core/loop/mod.ts";
import {
  batches,
  notebook,
  plugin,
  type Scripted,
  scripted,
  training,
} from "../_scripted.ts";

/** A clock that stands still but for `tick`, which lets three seconds go by. */
function stoppedClock() {
  const { setInterval, clearInterval } = globalThis;
  const timers = new Map<unknown, { call(): void; ms: number; gone: number }>();
  globalThis.setInterval = ((call: () => void, ms: number) => {
    const timer = setInterval(() => {}, 1e9);
    timers.set(timer, { call, ms, gone: 0 });
    return timer;
  }) as typeof setInterval;
  globalThis.clearInterval = (timer) => {
    clearInterval(timer);
    timers.delete(timer);
  };
  return {
    /** Those that run. */
    timers,
    tick() {
      for (const timer of timers.values()) {
        timer.gone += 3000;
        if (timer.gone < timer.ms) continue;
        timer.gone -= timer.ms;
        timer.call();
      }
    },
    [Symbol.dispose]: () =>
      void Object.assign(globalThis, { setInterval, clearInterval }),
  };
}

/** Whatever follows without a timer has happened. */
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A run of two batches that is aborted while something does not come; what it says at each tick. */
async function held(
  make: (wait: () => Promise<void>) => {
    steps?: Partial<Scripted>;
    data?: Source<number>;
    options?: LoopOptions;
  },
) {
  using clock = stoppedClock();
  const controller = new AbortController();
  const comes = Promise.withResolvers<void>();
  const printer = notebook();
  const { steps, data, options } = make(() => comes.promise);
  const ending = training(
    scripted(steps),
    data ?? batches(1, 2),
    undefined,
    { printer, signal: controller.signal, ...options },
  );
  await settled();
  clock.tick();
  assertEquals(printer.lines, [], "nobody gave up yet");
  controller.abort(new Error("enough"));
  for (const timer of clock.timers.keys()) {
    const { hasRef } = timer as { hasRef(): boolean };
    assertEquals(hasRef.call(timer), false, "it keeps no process alive");
  }
  const said = [];
  for (let i = 0; i < 5; i++) {
    clock.tick();
    said.push(...printer.lines.splice(0).map((line) => `${i}: ${line}`));
  }
  comes.resolve();
  const { outcome } = await ending;
  return { said, outcome, timers: clock.timers.size };
}

Deno.test("once the caller gives up, what holds the run up is named, once", async () => {
  assertEquals(
    await held((wait) => ({ steps: { train: wait } })),
    {
      said: ["0: Still waiting for the step"],
      outcome: { status: "aborted", epoch: 0, reason: "enough" },
      timers: 0,
    },
  );
  const data = {
    async *batches() {
      yield 1;
      await comes();
      yield 2;
    },
  };
  let comes = () => Promise.resolve();
  const { said } = await held((wait) => {
    comes = wait;
    return { data };
  });
  assertEquals(said, ["0: Still waiting for the next batch of the data"]);
});

Deno.test("a plugin is named with its hook", async () => {
  const { said } = await held((wait) => ({
    options: { plugins: [plugin("slow", { onTrainBatchEnd: wait })] },
  }));
  assertEquals(said, ['0: Still waiting for plugin "slow" in onTrainBatchEnd']);
  const saver = plugin("saver", {
    onEpochEnd: (_epoch, _logs, run) => void run.save("a"),
  });
  const saves = await held((wait) => ({
    steps: { save: wait },
    options: { plugins: [saver] },
  }));
  assertEquals(saves.said, [
    '0: Still waiting for plugin "saver" in onEpochEnd',
  ]);
});

Deno.test("what comes in time is not named; what holds the run up then is", async () => {
  using clock = stoppedClock();
  const controller = new AbortController();
  const { signal } = controller;
  const printer = notebook();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const ending = training(scripted(), batches(1, 2), undefined, {
    ...{ signal, printer },
    plugins: [
      plugin("a", { onTrainBatchEnd: () => first.promise }),
      plugin("b", { onTrainBatchEnd: () => second.promise }),
      plugin("c", {
        onTrainBatchEnd() {
          for (let i = 0; i < 3; i++) clock.tick();
        },
      }),
    ],
  });
  await settled();
  controller.abort();
  first.resolve();
  await settled();
  clock.tick();
  assertEquals(printer.lines, []);
  clock.tick();
  clock.tick();
  second.resolve();
  await ending;
  assertEquals(printer.lines, [
    'Still waiting for plugin "b" in onTrainBatchEnd',
  ]);
});

Deno.test("what has come is not named any more", async () => {
  using clock = stoppedClock();
  const later = () => Promise.resolve();
  const data = {
    batches: async function* () {
      yield 1;
    },
  };
  const cases: [Partial<Scripted>, Source<number>, Omit<Plugin, "name">][] = [
    [{ train: later }, batches(1), {}],
    [{}, data, {}],
    [{}, batches(1), { onTrainBegin: later }],
    [{}, batches(1), {
      onError: "disable",
      onTrainBegin: () => Promise.reject(new Error("no")),
    }],
    [{ save: later }, batches(1), {
      onTrainBegin: (_logs, run) => void run.save("a"),
    }],
  ];
  for (const [steps, source, hooks] of cases) {
    const controller = new AbortController();
    const printer = notebook();
    const looker = plugin("looker", {
      onTrainBatchEnd() {
        printer.lines.length = 0;
        controller.abort();
        for (let i = 0; i < 3; i++) clock.tick();
        assertEquals(printer.lines, []);
      },
    });
    const { outcome } = await training(scripted(steps), source, undefined, {
      ...{ printer, signal: controller.signal },
      plugins: [plugin("first", { onTrainBegin() {}, ...hooks }), looker],
    });
    assertEquals(outcome.status, "aborted");
  }
});

Deno.test("once a run is over nothing is watched", async () => {
  using clock = stoppedClock();
  const controller = new AbortController();
  await training(scripted(), batches(1), undefined, {
    signal: controller.signal,
  });
  controller.abort();
  assertEquals(clock.timers.size, 0);
});

Deno.test("data or a step that nothing is left to settle end the run", async () => {
  const never = () => new Promise<never>(() => {});
  const silent = {
    batches: () => ({ [Symbol.asyncIterator]: () => ({ next: never }) }),
  };
  const step = Promise.withResolvers<never>();
  const begun = startPosition(0);
  begun.training.taken = 1;
  const cases = [
    [
      scripted({ train: () => step.promise }),
      batches(1),
      startPosition(0),
      "the step",
    ],
    [scripted(), silent, startPosition(0), "the next batch of the data"],
    // Read on to where the run goes on.
    [scripted(), silent, begun, "the next batch of the data"],
  ] as const;
  for (const [steps, data, position, what] of cases) {
    const ending = assertRejects(
      () => training(steps, data, undefined, { position }),
      InputError,
      `Cannot go on: ${what} is a promise that nothing is left to settle: no timer, no request, no file`,
    );
    await settled();
    // As Deno does once it has nothing left to do.
    globalThis.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    await ending;
  }
  // It ends after all: as long as it is under way, Math.random is not its own.
  step.reject(new Error("too late"));
  await settled();
});

/** Timers of a second and more run only when `pass` is called. */
function heldTimers() {
  const { setTimeout, clearTimeout } = globalThis;
  const held = new Map<unknown, { call(): void; at: number }>();
  let now = 0;
  globalThis.setTimeout = ((call: () => void, ms = 0) => {
    if (ms < 1000) return setTimeout(call, ms);
    const timer = setTimeout(() => {}, 1e9);
    held.set(timer, { call, at: now + ms });
    return timer;
  }) as typeof globalThis.setTimeout;
  globalThis.clearTimeout = (timer) => {
    clearTimeout(timer);
    held.delete(timer);
  };
  return {
    held,
    pass(ms: number) {
      now += ms;
      for (const [timer, { call, at }] of held) {
        if (at > now) continue;
        globalThis.clearTimeout(timer as number);
        call();
      }
    },
    [Symbol.dispose]: () =>
      void Object.assign(globalThis, { setTimeout, clearTimeout }),
  };
}

/** What a run says while something takes a minute, by the second at which it says it. */
async function slow(
  make: (wait: () => Promise<void>) => {
    steps?: Partial<Scripted>;
    data?: Source<number>;
    options?: LoopOptions;
  },
): Promise<string[]> {
  using time = heldTimers();
  const printer = notebook();
  const comes = Promise.withResolvers<void>();
  const { steps, data = batches(1, 2), options } = make(() => comes.promise);
  const ending = training(
    scripted(steps),
    data,
    undefined,
    { printer, ...options },
  );
  const said: string[] = [];
  await settled();
  for (const timer of time.held.keys()) {
    const { hasRef } = timer as { hasRef(): boolean };
    assertEquals(hasRef.call(timer), false, "it keeps no process alive");
  }
  for (let second = 1; second <= 60; second++) {
    time.pass(1000);
    said.push(...printer.lines.splice(0).map((line) => `${second}: ${line}`));
  }
  comes.resolve();
  const { outcome } = await ending;
  assertEquals(outcome.status, "completed", "nothing is ended by it");
  assertEquals(time.held.size, 0);
  return said;
}

Deno.test("a hook that has not settled after hookTimeout is named, once: where, and in which file", async () => {
  const says = (hookTimeout?: number) =>
    slow((wait) => ({
      options: {
        epochs: 2,
        hookTimeout,
        plugins: [{
          plugin: plugin("slow", {
            onEpochEnd: (epoch) => epoch === 1 ? wait() : undefined,
          }),
          file: "plugins/slow.ts",
        }],
      },
    }));
  const place = 'plugin "slow" in onEpochEnd at epoch 1   (plugins/slow.ts)';
  assertEquals(await says(), [
    `30: Warning: the run has been waiting for 30 s for ${place}`,
  ]);
  assertEquals(await says(1500), [
    `2: Warning: the run has been waiting for 1.5 s for ${place}`,
  ]);
  for (const never of [0, Infinity, 2 ** 31]) {
    assertEquals(await says(never), []);
  }
});

Deno.test("so are the data, a step, and what a plugin began without waiting for it", async () => {
  const said = "30: Warning: the run has been waiting for 30 s for";
  assertEquals(
    await slow((wait) => ({
      data: {
        async *batches() {
          yield 1;
          await wait();
          yield 2;
        },
      },
    })),
    [`${said} the next batch of the data at epoch 0, batch 1`],
  );
  assertEquals(await slow((wait) => ({ steps: { train: wait } })), [
    `${said} the step at epoch 0, batch 0`,
  ]);
  const last = plugin("last", {
    onTrainEnd: (_logs, run) => void run.save("a"),
  });
  assertEquals(
    await slow((wait) => ({
      steps: { save: wait },
      options: { plugins: [last] },
    })),
    [`${said} plugin "last" in onTrainEnd at epoch 0`],
  );
  const outside = plugin("outside", {
    onTrainEnd: (_logs, run) => queueMicrotask(() => void run.save("a")),
  });
  assertEquals(
    await slow((wait) => ({
      steps: { save: wait },
      options: { plugins: [outside] },
    })),
    [`${said} what plugins began`],
  );
});

Deno.test("many short waits are not one long one, and who was named is not named again", async () => {
  using time = heldTimers();
  const printer = notebook();
  const patient = plugin("patient", {
    async onTrainBatchEnd(batch) {
      await Promise.resolve();
      time.pass(batch < 5 ? 20_000 : 40_000);
    },
  });
  await training(scripted(), batches(...Array(10).fill(1)), undefined, {
    printer,
    plugins: [patient],
  });
  assertEquals(printer.lines, [
    'Warning: the run has been waiting for 30 s for plugin "patient" in onTrainBatchEnd at epoch 0, batch 5',
  ]);
});

Deno.test("where nothing is awaited there is no timer", async () => {
  using time = heldTimers();
  let timers = 0;
  const sync = plugin("sync", {
    onTrainBatchEnd: () => void (timers += time.held.size),
  });
  await training(scripted(), batches(1, 2), batches(3), { plugins: [sync] });
  assertEquals(timers, 0);
});
