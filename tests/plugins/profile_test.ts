import { assertEquals, assertThrows } from "@std/assert";
import { callbackList, testLoop } from "../../core/loop/mod.ts";
import { OptionError, type Plugin } from "../../core/plugin.ts";
import type { Trace } from "../../plugins/_trace.ts";
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
  const long = await run({ filename: "" }, { epochs: 2, steps: 60 });
  assertEquals(
    long.lines[0],
    "Profile of batches 100 to 110: 132ms, 12ms each",
  );
  const short = await run({ filename: "" }, { epochs: 2, steps: 8 });
  assertEquals(short.lines[0], "Profile of batches 6 to 16: 132ms, 12ms each");
  const tiny = await run({ filename: "" }, { epochs: 1, steps: 2 });
  assertEquals(tiny.lines[0], "Profile of batches 1 to 2: 24ms, 12ms each");
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
  const later = async (step: number) => {
    const printer = notebook();
    const start = {
      begun: false,
      ranOut: false,
      taken: 0,
      epoch: 0,
      passes: 0,
    };
    const sums = { values: {}, weights: {} };
    const pass = { ...start, batch: 0, sums };
    await training(scripted(), batches(1, 2, 3, 4, 5, 6), undefined, {
      ...{ printer, now: () => 0, dir: await Deno.makeTempDir() },
      plugins: [profile({ batches: "2..4", filename: "" })],
      position: {
        ...{ epoch: 0, step, epochs: [], last: {} },
        training: { ...pass, begun: true, batch: step, taken: step },
        testing: { ...pass, sums: { values: {}, weights: {} } },
      },
    });
    return printer.lines[0];
  };
  assertEquals(await later(2), "Profile of batches 3 to 4: 0s, 0s each");
  assertEquals(
    await later(5),
    "Profile: batches 2 to 4 had passed when the run was taken up again",
  );
});

Deno.test("options that make no sense are refused", () => {
  assertThrows(() => profile({ batches: "b" }), OptionError, "'batches'");
  assertThrows(() => profile({ filename: "../x" }), OptionError, "'filename'");
});
