import { assertEquals } from "@std/assert";
import type { PluginList } from "../../../core/contract/plugin_list.ts";
import type { HostOptions, LoopOptions } from "../../../core/loop/mod.ts";
import { batches, scripted, training } from "../_scripted.ts";

/** Train on three batches of two samples each. */
function run(
  plugins: PluginList,
  options: LoopOptions & HostOptions = {},
  validation = false,
) {
  const data = { ...batches(1, 2, 3), samples: 6 };
  const steps = scripted({ lastSize: () => 2 });
  return training(steps, data, validation ? data : undefined, {
    ...options,
    plugins,
  });
}

Deno.test("onBatchEnd gets the logs of the batch, its index and its size", async () => {
  const seen: unknown[] = [];
  await run([{
    onBatchEnd: (batch: number, logs: unknown) => seen.push([batch, logs]),
  }]);
  assertEquals(seen, [
    [0, { loss: 1, batch: 0, size: 2 }],
    [1, { loss: 1.5, batch: 1, size: 2 }],
    [2, { loss: 2, batch: 2, size: 2 }],
  ]);
});

Deno.test("our name for a hook counts before that of tf.js", async () => {
  const seen: string[] = [];
  await run([{
    onTrainBatchEnd: () => void seen.push("ours"),
    onBatchEnd: () => seen.push("theirs"),
  }]);
  assertEquals(seen, ["ours", "ours", "ours"]);
});

Deno.test("onYield is called after a batch, 125 ms after the last time", async () => {
  const yieldsAt = async (pace: number) => {
    let clock = 0;
    const calls: unknown[] = [];
    await run([{
      onTrainBatchBegin: () => void (clock += pace),
      onYield(epoch: number, batch: number, logs: unknown) {
        calls.push([epoch, batch, logs]);
      },
    }], { now: () => clock, epochs: 2 });
    return calls;
  };
  // The time runs from the end of the first batch on.
  assertEquals(await yieldsAt(124), [
    [0, 2, { loss: 2 }],
    [1, 1, { loss: 1.5 }],
  ]);
  assertEquals(await yieldsAt(125), [
    [0, 1, { loss: 1.5 }],
    [0, 2, { loss: 2 }],
    [1, 0, { loss: 1 }],
    [1, 1, { loss: 1.5 }],
    [1, 2, { loss: 2 }],
  ]);
});

Deno.test("onYield waits for the hook before it, and the loop for both; their this is the object", async () => {
  const seen: string[] = [];
  let clock = 0;
  class Slow {
    name = "slow";
    async onBatchEnd(batch: number) {
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      seen.push(`${this.name} end ${batch}`);
    }
    async onYield(_epoch: number, batch: number) {
      await Promise.resolve();
      seen.push(`${this.name} yield ${batch}`);
    }
  }
  await run([new Slow(), {
    onTrainBatchEnd: (batch) => void seen.push(`next ${batch}`),
  }], { now: () => clock += 100 });
  assertEquals(seen, [
    "slow end 0",
    "next 0",
    "slow end 1",
    "slow yield 1",
    "next 1",
    "slow end 2",
    "slow yield 2",
    "next 2",
  ]);
});

Deno.test("setParams is told of the samples, and whether there is validation", async () => {
  const given: unknown[] = [];
  const callback = {
    setParams: ({ samples, doValidation }: Record<string, unknown>) =>
      given.push([samples, doValidation]),
  };
  await run([{ ...callback, onEpochEnd() {} } as object]);
  await run([{ ...callback, onEpochEnd() {} } as object], {}, true);
  assertEquals(given, [[6, false], [6, true]]);
});
