import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { HOOK_NAMES, type HookName } from "../../core/plugin.ts";
import {
  backupAndRestore,
  csvLogger,
  fit,
  modelCheckpoint,
  type Plugin,
  PluginError,
  predict,
  reduceLrOnPlateau,
  silent,
} from "../../mod.ts";
import { differenceOf, filesOf } from "./compare.ts";
import { inFolder } from "./_whole.ts";

await tf.setBackend("cpu");

const IN_FIT = HOOK_NAMES.filter((hook) => !hook.includes("Predict"));
const IN_PREDICT = HOOK_NAMES.filter((hook) => hook.includes("Predict"));

/** Called once in a run. */
const ONCE: readonly HookName[] = ["onTrainBegin", "onTrainEnd"];

/** When a plugin throws. */
interface Throw {
  readonly hook: HookName;
  /** In which call of it, from 1. */
  readonly call: number;
  readonly onError: "fail" | "disable";
}

/** Counts its calls in its state, and writes them down; throws, now or later, where it is told to. */
function thrower(at: Throw | undefined, onError: Throw["onError"]): Plugin {
  const state = { calls: {} as Record<string, number> };
  const hooks = HOOK_NAMES.map((
    hook,
    i,
  ) => [hook, (...args: unknown[]): unknown => {
    const run = args.at(-1) as { files: { write(p: string, t: string): void } };
    state.calls[hook] = (state.calls[hook] ?? 0) + 1;
    if (at?.hook === hook && at.call === state.calls[hook]) {
      // What a step that is done again does a second time is not counted twice.
      state.calls[hook]--;
      const error = new Error("it throws");
      if (i % 2) return Promise.reject(error);
      throw error;
    }
    if (hook !== "onTrainBegin") {
      run.files.write("calls.json", JSON.stringify(state.calls));
    }
    return undefined;
  }]);
  return { name: "thrower", onError, state, ...Object.fromEntries(hooks) };
}

const x = Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
const y = x.map(([a, b]) => [a! * b!]);

/** Two epochs of three batches, with validation in two. */
async function train(dir: string, plugin: Plugin, abortAt = Infinity) {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  // Names, as tf.js counts its own through the process.
  const model = tf.sequential({
    name: "small",
    layers: [
      tf.layers.dense({
        ...{ name: "a", units: 3, inputShape: [2], kernelInitializer },
      }),
      tf.layers.dropout({ name: "b", rate: 0.3 }),
      tf.layers.dense({ name: "c", units: 1, kernelInitializer }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.05), loss: "meanSquaredError" });
  const controller = new AbortController();
  const aborter: Plugin = {
    name: "aborter",
    needs: {},
    onTrainBatchEnd(_batch, _logs, run) {
      if (run.step === abortAt) controller.abort();
    },
  };
  try {
    await fit(model, { x, y }, {
      ...{ epochs: 3, batchSize: 4, seed: 3, resume: dir, printer: silent() },
      validationData: { x: x.slice(0, 4), y: y.slice(0, 4) },
      validationBatchSize: 2,
      signal: controller.signal,
      plugins: [
        csvLogger(),
        reduceLrOnPlateau({ patience: 0 }),
        modelCheckpoint({ maxToKeep: 2 }),
        plugin,
        aborter,
        backupAndRestore({ saveFreq: 2 }),
      ],
    });
  } finally {
    model.optimizer.dispose();
    model.dispose();
  }
}

/** What a run leaves. */
async function left(act: (dir: string) => Promise<void>) {
  let files = new Map<string, string>();
  await inFolder(async (dir) => {
    await act(dir);
    files = filesOf(dir);
  });
  // tf.js counts names of variables through the process.
  for (const path of files.keys()) {
    if (path.endsWith("model.json")) files.delete(path);
  }
  return files;
}

/** In its first call, or in a later one. */
function cases(onError: Throw["onError"]): Throw[] {
  return IN_FIT.map((hook, i) => {
    const late = (i % 2 === 0) === (onError === "fail");
    return { hook, call: late && !ONCE.includes(hook) ? 3 : 1, onError };
  });
}

Deno.test("a run that a plugin failed in any hook goes on once it does not throw any more, and ends as one in which it never did", async (t) => {
  const whole = await left((dir) => train(dir, thrower(undefined, "fail")));
  for (const at of cases("fail")) {
    await t.step(`${at.hook}, call ${at.call}`, async () => {
      const files = await left(async (dir) => {
        const { place } = await assertRejects(
          () => train(dir, thrower(at, "fail")),
          PluginError,
          "it throws",
        );
        assertEquals([place.plugin, place.hook], ["thrower", at.hook]);
        await train(dir, thrower(undefined, "fail"));
      });
      assertEquals(differenceOf(whole, files), undefined);
    });
  }
});

Deno.test('a plugin that was switched off by an error in any hook, as onError: "disable" says, stays off in a run that goes on', async (t) => {
  for (const at of cases("disable")) {
    await t.step(`${at.hook}, call ${at.call}`, async () => {
      const whole = await left((dir) => train(dir, thrower(at, "disable")));
      const files = await left(async (dir) => {
        await train(dir, thrower(at, "disable"), at.call === 1 ? 5 : 8);
        // Were it not off by then, it would throw now.
        await train(dir, thrower(at, "disable"));
      });
      assertEquals(differenceOf(whole, files), undefined);
    });
  }
});

Deno.test("in each hook of a prediction it fails the prediction, or is switched off", async (t) => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [2] })],
  });
  for (const hook of IN_PREDICT) {
    await t.step(hook, async () => {
      await inFolder(async (dir) => {
        const at = { hook, call: 1, onError: "fail" } as const;
        const run = (plugin: Plugin) =>
          predict(model, x, {
            ...{ dir, batchSize: 4, printer: silent() },
            plugins: [plugin],
          });
        const { place } = await assertRejects(
          () => run(thrower(at, "fail")),
          PluginError,
          "it throws",
        );
        assertEquals(place.hook, hook);
        const outputs = await run(thrower(at, "disable"));
        assertEquals((outputs as tf.Tensor).shape, [12, 1]);
        tf.dispose(outputs as tf.Tensor);
      });
    });
  }
});
