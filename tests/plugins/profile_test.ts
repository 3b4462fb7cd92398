import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { fit, useBackend } from "../../mod.ts";
import { callbackList, testLoop } from "../../core/loop/mod.ts";
import { OptionError, type Plugin } from "../../core/plugin.ts";
import type { Trace } from "../../plugins/_profile/trace.ts";
import profile, { type ProfileOptions } from "../../plugins/profile.ts";
import {
  batches,
  notebook,
  plugin,
  scripted,
  training,
} from "../core/_scripted.ts";

/** A run whose steps take 10 ms and whose one plugin takes 2 ms a batch. */
async function run(
  options: ProfileOptions,
  { epochs = 2, steps = 3, validation = false, plugins = [] as Plugin[] } = {},
) {
  let at = 0;
  const printer = notebook();
  const dir = await Deno.makeTempDir();
  const slow = plugin("slow", { onTrainBatchEnd: () => void (at += 2) });
  const data = batches(...Array.from({ length: steps }, (_, i) => i + 1));
  await training(
    scripted({
      train: () => void (at += 10),
      test: () => void (at += 4),
      logs: () => ({ loss: 1 }),
    }),
    data,
    validation ? batches(1) : undefined,
    {
      ...{ epochs, printer, dir, now: () => at },
      plugins: [slow, profile(options), ...plugins],
    },
  );
  const { lines } = printer;
  const trace = (): Trace =>
    JSON.parse(Deno.readTextFileSync(`${dir}/profile.json`));
  return { dir, lines, trace };
}

/** The steps of a trace, as epoch and batch. */
function stepsOf({ traceEvents }: Trace): unknown[] {
  return traceEvents.filter(({ cat }) => cat === "step")
    .map(({ name, args }) => [name, args.epoch, args.batch]);
}

Deno.test("it measures whole rounds, prints where the time went, and writes a trace", async () => {
  const { lines, trace, dir } = await run({ batches: "2..3" }, {
    epochs: 1,
    steps: 4,
  });
  assertEquals(lines, [
    "Profile of batches 2 to 3: 24ms, 12ms each",
    "                             calls     ms  ms/call    share",
    "plugins",
    "  slow onTrainBatchEnd           2   4.00    2.000   16.7 %",
    "  profile onTrainBatchBegin      2   0.00    0.000    0.0 %",
    "the rest",
    "  steps, outside of kernels      2  20.00   10.000   83.3 %",
    "  logs, outside of kernels       2   0.00    0.000    0.0 %",
    "  data, outside of kernels       2   0.00    0.000    0.0 %",
    "  everything else                    0.00             0.0 %",
    "in all                              24.00           100.0 %",
    `Profile: the trace is in ${dir}/profile.json; open it at https://ui.perfetto.dev`,
  ]);
  assertEquals(stepsOf(trace()), [["train step", 0, 1], ["train step", 0, 2]]);
});

Deno.test("the range may cross epochs, and ends before the validation that follows its last batch", async () => {
  const { trace } = await run({ batches: [3, 6] }, { validation: true });
  assertEquals(stepsOf(trace()), [
    ["train step", 0, 2],
    ["test step", 0, 0],
    ["train step", 1, 0],
    ["train step", 1, 1],
    ["train step", 1, 2],
  ]);
});

Deno.test("what is not asked for is left out", async () => {
  const { lines, dir } = await run({ batches: 2, print: false, filename: "" });
  assertEquals(lines, []);
  assertEquals([...Deno.readDirSync(dir)], []);
  assertEquals((await run({ batches: 0 })).lines, []);
});

Deno.test("by default it measures when all is warm, in a shorter run the last batches", async () => {
  const heading = async (epochs: number, steps: number) => {
    const { lines } = await run({ filename: "" }, { epochs, steps });
    return lines.find((line) => line.startsWith("Profile"));
  };
  assertEquals(
    await heading(2, 60),
    "Profile of batches 100 to 110: 132ms, 12ms each",
  );
  assertEquals(
    await heading(2, 8),
    "Profile of batches 6 to 16: 132ms, 12ms each",
  );
  assertEquals(
    await heading(1, 2),
    "Profile of batches 1 to 2: 24ms, 12ms each",
  );
});

Deno.test("a range that never comes is said, and one that is cut short is shown", async () => {
  assertEquals((await run({ batches: "7..9" })).lines, [
    "Profile: batches 7 to 9 never came: the run ended after 6 batches",
  ]);
  assertEquals(
    (await run({ batches: "5..9", filename: "" })).lines[0],
    "Profile of batches 5 to 6: 24ms, 12ms each",
  );
});

Deno.test("a run that fails in the range has its profile", async () => {
  const fails = plugin("fails", {
    onTrainBatchEnd(batch) {
      if (batch === 2) throw new Error("no");
    },
  });
  const printer = notebook();
  const failed = training(scripted(), batches(1, 2, 3, 4), undefined, {
    ...{ printer, dir: await Deno.makeTempDir(), now: () => 0 },
    plugins: [fails, profile({ batches: "2..9" })],
  });
  await failed.catch(() => {});
  assertEquals(printer.lines[0], "Profile of batches 2 to 3: 0s, 0s each");
});

Deno.test("evaluations are measured too, and loops of one's own", async () => {
  const printer = notebook();
  const options = {
    printer,
    now: () => 0,
    plugins: [profile({ batches: "1..2", filename: "" })],
  };
  await testLoop(scripted(), batches(1, 2, 3), options);
  assertEquals(printer.lines[0], "Profile of batches 1 to 2: 0s, 0s each");
  printer.lines.length = 0;
  await using list = callbackList({ ...options, metrics: ["loss"] });
  for await (const epoch of list.epochs(1)) {
    for await (const batch of epoch.batches([1, 2, 3])) {
      await batch.end({ loss: 1 });
    }
  }
  assertEquals(printer.lines[0], "Profile of batches 1 to 2: 0s, 0s each");
});

Deno.test("a run that is taken up again measures what is left, or says that it is too late", async () => {
  const options = { batches: "2..4", filename: "" };
  assertEquals(
    await takenUp(2, 6, options),
    "Profile of batches 3 to 4: 0s, 0s each",
  );
  assertEquals(
    await takenUp(5, 6, options),
    "Profile: batches 2 to 4 had passed when the run was taken up again",
  );
});

Deno.test("by default it begins to count where the process takes the run up, which is cold", async () => {
  const options = { filename: "" };
  assertEquals(
    await takenUp(500, 1000, options),
    "Profile of batches 600 to 610: 0s, 0s each",
  );
  assertEquals(
    await takenUp(500, 505, options),
    "Profile of batches 501 to 505: 0s, 0s each",
  );
});

/** What is said of a run of one epoch that goes on behind a step. */
async function takenUp(
  step: number,
  steps: number,
  options: ProfileOptions,
): Promise<string | undefined> {
  const printer = notebook();
  const pass = () => ({
    ...{ begun: false, ranOut: false, taken: 0, epoch: 0, passes: 0 },
    ...{ batch: 0, sums: { values: {}, weights: {} } },
  });
  const data = batches(...Array.from({ length: steps }, () => 1));
  await training(scripted({ logs: () => ({ loss: 1 }) }), data, undefined, {
    ...{ printer, now: () => 0, dir: await Deno.makeTempDir() },
    plugins: [profile(options)],
    position: {
      ...{ epoch: 0, step, epochs: [], last: {} },
      training: { ...pass(), begun: true, batch: step, taken: step },
      testing: pass(),
    },
  });
  return printer.lines[0];
}

Deno.test("the trace of a real run: tracks that are named, times within the range, nothing that overlaps", async () => {
  await useBackend("wasm");
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        ...{ filters: 2, kernelSize: 3, inputShape: [8, 8, 1] },
        activation: "relu",
      }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
  model.compile({
    optimizer: "adam",
    loss: "sparseCategoricalCrossentropy",
    metrics: ["accuracy"],
  });
  const dir = await Deno.makeTempDir();
  const printer = notebook();
  const plugins = [profile({ batches: "3..6" })];
  const x = tf.ones([32, 8, 8, 1]);
  const y = tf.zeros([32]);
  await fit(model, { x, y }, {
    ...{ epochs: 2, batchSize: 8, printer, dir, plugins },
    validationData: { x, y },
  });
  model.dispose();
  tf.dispose([x, y]);
  const { traceEvents }: Trace = JSON.parse(
    Deno.readTextFileSync(`${dir}/profile.json`),
  );
  const named = traceEvents.filter(({ name }) => name === "thread_name");
  const complete = traceEvents.filter(({ ph }) => ph === "X");
  for (const track of new Set(complete.map(({ tid }) => tid))) {
    assertEquals(named.filter(({ tid }) => tid === track).length, 1);
    const open: number[] = [];
    for (
      const { ts, dur, pid } of complete.filter(({ tid }) => tid === track)
    ) {
      assertEquals([pid, ts! >= 0, dur! >= 0], [1, true, true]);
      // Times are rounded to the nanosecond.
      while (open.length && open.at(-1)! <= ts! + 0.002) open.pop();
      if (open.length) assertEquals(ts! + dur! <= open.at(-1)! + 0.002, true);
      open.push(ts! + dur!);
    }
  }
  const names = new Set(complete.map(({ name }) => name));
  for (const name of ["Conv2D", "ApplyAdam", "train step", "test step"]) {
    assertEquals(names.has(name), true, name);
  }
  const shares = printer.lines.slice(0, -2).flatMap((line) =>
    [.../([\d.]+) %$/.exec(line)?.slice(1) ?? []].map(Number)
  );
  assertEquals(shares.reduce((a, b) => a + b, 0).toFixed(1), "100.0");
});

Deno.test("options that make no sense are refused", () => {
  assertThrows(() => profile({ batches: "b" }), OptionError, "'batches'");
  assertThrows(() => profile({ filename: "../x" }), OptionError, "'filename'");
});
