import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { callbackList, train } from "../../../core/loop/mod.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** The tensors there are, and a run of some epochs of three batches that says what leaks. */
function engine() {
  const tensors = { live: 100, counted: 0 };
  return {
    tensors,
    async warnings(
      plugins: readonly Plugin[],
      { epochs = 6, step = () => {}, snapshot = () => {} } = {},
    ): Promise<string[]> {
      const printer = notebook();
      const steps = scripted({
        tensors() {
          tensors.counted++;
          return tensors.live;
        },
        train: step,
        weights: {
          snapshot() {
            snapshot();
            return { dispose() {} };
          },
          restore() {},
          average() {},
          entries: () => [],
        },
        logs: () => ({ loss: 1 }),
      });
      await training(steps, batches(1, 2, 3), batches(4), {
        ...{ epochs, plugins, printer },
      });
      return printer.lines;
    },
  };
}

const WAY = "free them, with tf.dispose or tf.tidy";

Deno.test("a plugin that leaves tensors behind in each epoch is named once, with the hook and how many", async () => {
  const { tensors, warnings } = engine();
  const leaks = plugin("leaks", {
    onEpochBegin: () => void (tensors.live += 1),
    onEpochEnd: () => void (tensors.live += 3),
  });
  assertEquals(await warnings([leaks], { epochs: 12 }), [
    `Warning: plugin "leaks" left 3 tensors behind in onEpochEnd during epoch 3, as in the epoch before; ${WAY}`,
  ]);
});

Deno.test("so is one that does it batch by batch, or while the run waits for it", async () => {
  const { tensors, warnings } = engine();
  const batchwise = plugin("batchwise", {
    onTrainBatchEnd: () => void tensors.live++,
  });
  const waits = plugin("waits", {
    async onTestEnd() {
      await Promise.resolve();
      tensors.live++;
    },
  });
  assertEquals(
    await warnings([batchwise, waits]),
    [
      `Warning: plugin "batchwise" left 3 tensors behind in onTrainBatchEnd during epoch 3, as in the epoch before; ${WAY}`,
      `Warning: plugin "waits" left 1 tensor behind in onTestEnd during epoch 3, as in the epoch before; ${WAY}`,
    ],
  );
});

Deno.test("the end of a run of four epochs is soon enough, and the file is named", async () => {
  const { tensors, warnings } = engine();
  const leaks = {
    plugin: plugin("leaks", { onEpochEnd: () => void tensors.live++ }),
    file: "plugins/leaks.ts",
  };
  const said = await warnings([leaks as unknown as Plugin], { epochs: 4 });
  assertEquals(said.length, 1);
  assertMatch(said[0]!, / {3}\(plugins\/leaks\.ts\)$/);
  assertEquals(await warnings([leaks as unknown as Plugin], { epochs: 3 }), []);
});

Deno.test("who frees what it takes is not named, in whatever hook it does so", async () => {
  const { tensors, warnings } = engine();
  const take = (count: number) => () => void (tensors.live += count);
  const inEpoch = plugin("in-epoch", {
    onEpochBegin: take(5),
    onEpochEnd: take(-5),
  });
  const inRun = plugin("in-run", {
    onTrainBegin: take(7),
    onTrainEnd: take(-7),
  });
  let held = 0;
  const last = plugin("last", {
    onTrainBatchEnd() {
      tensors.live += 2 - held;
      held = 2;
    },
  });
  const giver = plugin("giver", { onEpochBegin: take(2) });
  const taker = plugin("taker", { onEpochEnd: take(-2) });
  // Another leaks, so that all are counted.
  const leaks = plugin("leaks", { onEpochEnd: take(1) });
  const all = [inEpoch, inRun, last, giver, taker, leaks];
  const said = await warnings(all, { epochs: 9 });
  assertEquals(said.map((line) => line.split(" ")[2]), ['"leaks"']);
});

Deno.test("what grows for a while and then no more is no leak", async () => {
  const { tensors, warnings } = engine();
  for (const epochs of [1, 2, 3]) {
    const cache = plugin("cache", {
      onEpochEnd: (epoch) => void (tensors.live += epoch < epochs ? 4 : 0),
    });
    assertEquals(await warnings([cache], { epochs: 9 }), []);
  }
});

Deno.test("snapshots are the run's", async () => {
  const { tensors, warnings } = engine();
  const copies = plugin("copies", {
    onEpochEnd: (epoch, _logs, run) => run.weights.snapshot(`epoch ${epoch}`),
  });
  const snapshot = () => void (tensors.live += 8);
  assertEquals(await warnings([copies], { epochs: 9, snapshot }), []);
});

Deno.test("where the step leaks no plugin is blamed, and the hooks are not watched for ever", async () => {
  const { tensors, warnings } = engine();
  const calls: number[] = [];
  const looks = plugin("looks", {
    onEpochEnd: () => void calls.push(tensors.counted),
  });
  const step = () => void tensors.live++;
  assertEquals(await warnings([looks], { epochs: 20, step }), []);
  const perEpoch = calls.slice(1).map((count, i) => count - calls[i]!);
  assertEquals(perEpoch.slice(-5), [1, 1, 1, 1, 1]);
});

Deno.test("an epoch in which nothing grows costs one look", async () => {
  const { tensors, warnings } = engine();
  const idle = plugin("idle", { onTrainBatchEnd() {}, onEpochEnd() {} });
  assertEquals(await warnings([idle], { epochs: 7 }), []);
  assertEquals(tensors.counted, 8);
});

Deno.test("what is done beside the run, while it waits for a hook, is not the hook's", async () => {
  const { tensors, warnings } = engine();
  const waits = plugin("waits", {
    async onTrainBatchEnd() {
      await Promise.resolve();
      tensors.live += 2; // The next batch is prepared meanwhile,
    },
  });
  const step = () => void (tensors.live -= 2); // and freed with the step.
  assertEquals(await warnings([waits], { epochs: 9, step }), []);
});

Deno.test("hooks that are counted return what they return, and fail as they fail", async () => {
  const { tensors, warnings } = engine();
  const seen: unknown[] = [];
  const adds: Plugin = {
    name: "adds",
    provides: { onEpochEnd: ["mine"] },
    onEpochEnd(epoch) {
      tensors.live++;
      const added = { mine: epoch };
      return epoch % 2 ? added : Promise.resolve(added);
    },
  };
  const fails: Plugin = {
    name: "fails",
    onError: "disable",
    needs: { onEpochEnd: ["mine"] },
    onEpochEnd(epoch, { mine }) {
      seen.push(mine);
      if (epoch === 5) throw new Error("oops");
    },
  };
  const said = await warnings([adds, fails], { epochs: 8 });
  assertEquals(seen, [0, 1, 2, 3, 4, 5]);
  assertEquals(said.length, 2);
  assertMatch(
    said[1]!,
    /^Warning: Plugin "fails" failed in onEpochEnd at epoch 5: oops/,
  );
});

Deno.test("a plugin whose epochs come out even is never named, whatever others do", async () => {
  const change = fc.integer({ min: -4, max: 4 });
  const epoch = fc.tuple(change, change, change);
  await fc.assert(
    fc.asyncProperty(
      fc.array(epoch, { minLength: 1, maxLength: 10 }),
      fc.array(change, { minLength: 10, maxLength: 10 }),
      async (even, other) => {
        const { tensors, warnings } = engine();
        const of = (epoch: number) => even[epoch % even.length]!;
        const fair = plugin("fair", {
          onEpochBegin: (epoch) => void (tensors.live += of(epoch)[0]),
          onTestEnd: (_logs, run) => void (tensors.live += of(run.epoch)[1]),
          onEpochEnd: (epoch) =>
            void (tensors.live -= of(epoch)[0] + of(epoch)[1]),
        });
        const unfair = plugin("unfair", {
          onEpochEnd: (epoch) => void (tensors.live += other[epoch]!),
        });
        const said = await warnings([fair, unfair], { epochs: 10 });
        assertEquals(said.filter((line) => line.includes('"fair"')), []);
      },
    ),
    { numRuns: 100 },
  );
});

Deno.test("loops of one's own are watched too", async () => {
  let live = 0;
  const leaks = plugin("leaks", { onEpochEnd: () => void live++ });
  const tensors = () => live;
  const [own, list] = [notebook(), notebook()];
  await train(
    { trainStep: () => ({ loss: 1 }), tensors, metrics: ["loss"] },
    [1],
    { epochs: 5, plugins: [leaks], printer: own },
  );
  await using hooks = callbackList({
    plugins: [leaks],
    tensors,
    printer: list,
  });
  for await (const epoch of hooks.epochs(5)) {
    for await (const batch of epoch.batches([1])) await batch.end({ loss: 1 });
  }
  for (const { lines } of [own, list]) {
    assertEquals(lines.length, 1);
    assertMatch(
      lines[0]!,
      /left 1 tensor behind in onEpochEnd during epoch 3,/,
    );
  }
});
