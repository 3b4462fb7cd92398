import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { BUILTINS } from "../../core/cli/experiment/builtins.ts";
import type {
  FileWriter,
  Plugin,
  RunFiles,
  TestBatch,
  Values,
} from "../../core/plugin.ts";
import type { MarkedFiles } from "../../core/run/files/file_marks.ts";
import { fakeRun, type FakeRunOptions } from "../../core/testing.ts";

const EPOCHS = 5;
const BATCHES = 4;

type Kit = ReturnType<typeof fakeRun>;

/** Options to choose from, by plugin; `remote-monitor` has a test of its own, and so has `profile`, which measures what is left. */
const OPTIONS: Record<string, fc.Arbitrary<object>> = {
  "backup-and-restore": options({ saveFreq: ["epoch", 2, 3] }),
  "batch-lr-decay": options({ decay: [1.5], minLr: [0.001] }),
  "confusion-matrix": options({
    every: [1, 2, 3],
    filename: ["confusion.csv"],
    svg: ["confusion.svg"],
  }),
  "csv-logger": options({ append: [true], separator: [";"] }),
  "early-stopping": options({
    monitor: ["val_loss", "loss"],
    patience: [0, 1, 2],
    restoreBestWeights: [true],
    startFromEpoch: [2],
    minDelta: [0.05],
    verbose: [1],
  }),
  "learning-rate-scheduler": options({
    schedule: ["cosine", "step", "exponential"],
    every: ["epoch", "batch"],
    warmup: [3],
    verbose: [1],
  }),
  "lr-finder": options({
    steps: [6, 30],
    monitor: ["loss"],
    csv: ["rates.csv"],
    stopFactor: [1.5],
  }),
  "model-checkpoint": options({
    filepath: ["kept/{epoch}", "best"],
    saveFreq: ["epoch", 3],
    saveBestOnly: [true],
    monitor: ["loss", "accuracy"],
    maxToKeep: [2],
    verbose: [1],
  }).map((it) => ({ monitor: "loss", ...it })),
  "momentum-schedule": options({ epochs: [3] }),
  "print-logs": options({ every: [3] }),
  "progress": options({ batchLogs: [false], interval: [0, 1500] }),
  "reduce-lr-on-plateau": options({
    monitor: ["loss", "val_loss"],
    patience: [0, 1],
    cooldown: [1],
    reduceExp: [true],
    verbose: [1],
  }),
  "sample-predictions": options({ every: [1, 2], count: [2] }),
  "stop-on-threshold": options({ monitor: ["loss"], threshold: [0.2, 0.5] }),
  "swap-ema-weights": options({
    momentum: [0.5, 0.9],
    swapOnEpoch: [true],
    emaOverwriteFrequency: [3],
    keep: [true],
  }),
  "tensorboard": options({
    updateFreq: ["batch", 3],
    histogramFreq: [1, 2],
    writeStepsPerSecond: [true],
  }),
  "terminate-on-nan": options({}),
  "time-limit": fc.constant({ hours: 1 }),
};

/** Each option is one of these, or left out. */
function options(by: Record<string, readonly unknown[]>): fc.Arbitrary<object> {
  return fc.record(
    Object.fromEntries(
      Object.entries(by).map(([name, values]) => [
        name,
        fc.constantFrom(...values),
      ]),
    ),
    { requiredKeys: [] },
  );
}

/** Numbers that do not need to be waited for. */
function values(shape: number[], numbers: number[]): Values {
  return { shape, data: () => Promise.resolve(numbers), dispose() {} };
}

const SAMPLES: TestBatch[] = [{
  x: [values([3, 2], [0.9, 0.1, 0.2, 0.8, 0.6, 0.4])],
  y: [values([3, 1], [0, 1, 1])],
  size: 3,
}];

/** Files in memory, which can be marked and put back. */
function memoryFiles(): RunFiles & MarkedFiles & {
  texts: Map<string, string>;
} {
  const texts = new Map<string, string>();
  let swallowing = false;
  const put = (path: string, text: string) => {
    if (!swallowing) texts.set(path, text);
  };
  const files: ReturnType<typeof memoryFiles> = {
    texts,
    of: () => files,
    watch() {},
    finish: () => [],
    read: (path) => texts.get(path),
    write: (path, content) => put(path, String(content)),
    open(path, { append = false } = {}): FileWriter {
      put(path, append ? texts.get(path) ?? "" : "");
      return {
        write(content) {
          const text = typeof content === "string"
            ? content
            : String.fromCharCode(...content);
          put(path, (texts.get(path) ?? "") + text);
        },
        close() {},
      };
    },
    remove: (path) => void (swallowing || texts.delete(path)),
    mark: () => [...texts],
    forget() {},
    putBack(marks) {
      texts.clear();
      for (const [path, text] of marks as [string, string][]) {
        texts.set(path, text);
      }
      swallowing = true;
      return [];
    },
    goOn: () => void (swallowing = false),
    flush: () => Promise.resolve(),
    saving: () => !swallowing,
    saved() {},
  };
  return files;
}

interface Place {
  readonly epoch: number;
  readonly batch: number;
}

/** How a run is told apart from another: what its loss does, and when. */
interface Script {
  /** Where the loss drifts to in each epoch. */
  readonly targets: readonly number[];
  /** The batch, over all epochs, in which it is NaN; none if there is no such batch. */
  readonly nanAt: number;
}

/**
 * Train from `at` on until the batch or epoch numbered `until` is over, or until
 * a plugin stops the run.
 *
 * @returns Where to go on; undefined if the run is over.
 */
async function play(
  kit: Kit,
  { targets, nanAt }: Script,
  at: Place,
  until = Infinity,
): Promise<Place | undefined> {
  const { fire, run, weights, batchLogs, stops } = kit;
  let points = 0;
  const broken = () => stops.length === 0 && ++points === until;
  const logs = () => {
    const loss = (weights[0]! - 1) ** 2;
    return { loss, accuracy: 1 / (1 + loss) };
  };
  for (let { epoch, batch } = at; epoch < EPOCHS; epoch++, batch = 0) {
    if (batch === 0) await fire("onEpochBegin", epoch);
    for (; batch < BATCHES; batch++) {
      await fire("onTrainBatchBegin", batch);
      const { learningRate, momentum } = run.optimizer;
      weights[0]! += (learningRate + momentum / 9) *
        (targets[epoch]! - weights[0]!);
      kit.clock.now += 1000;
      kit.clock.time += 1000;
      const step = epoch * BATCHES + batch;
      const ofBatch = step === nanAt ? { loss: NaN, accuracy: 0 } : logs();
      Object.assign(batchLogs, ofBatch);
      await fire("onTrainBatchEnd", batch, ofBatch);
      if (stops.length) break;
      if (broken()) return { epoch, batch: batch + 1 };
    }
    await fire("onTestBegin");
    await fire("onTestBatchBegin", 0);
    const means = logs();
    await fire("onTestBatchEnd", 0, means);
    await fire("onTestEnd", means);
    await fire("onEpochEnd", epoch, {
      ...means,
      val_loss: means.loss * 1.1,
      val_accuracy: means.accuracy,
    });
    if (stops.length) break;
    if (broken()) return { epoch: epoch + 1, batch: 0 };
  }
  await fire("onTrainEnd", logs());
  return undefined;
}

/** All that can be seen of a run from some moment on. */
function seen(kit: Kit, files: ReturnType<typeof memoryFiles>, from: Seen) {
  const { acts, lines, stops, saves, weights, run } = kit;
  return {
    acts: acts.slice(from.acts).map(({ what, ...place }) => ({
      ...place,
      what,
    })),
    lines: lines.slice(from.lines),
    saves: saves.slice(from.saves),
    stops: [...stops],
    weights: [...weights],
    optimizer: { ...run.optimizer },
    files: [...files.texts].sort(),
  };
}

type Seen = Record<"acts" | "lines" | "saves", number>;

const lengths = ({ acts, lines, saves }: Kit): Seen => ({
  acts: acts.length,
  lines: lines.length,
  saves: saves.length,
});

for (const [name, { load }] of Object.entries(BUILTINS)) {
  const choices = OPTIONS[name];
  if (!choices) continue;
  Deno.test(`${name} goes on as if the run had never been broken off (property)`, async () => {
    const make = (await load()).default as (options: object) => Plugin;
    await fc.assert(
      fc.asyncProperty(
        choices,
        fc.record({
          targets: fc.array(fc.double({ min: -1, max: 3, noNaN: true }), {
            minLength: EPOCHS,
            maxLength: EPOCHS,
          }),
          nanAt: fc.nat({ max: 2 * EPOCHS * BATCHES }),
        }),
        fc.record({
          metrics: fc.constantFrom(["loss", "accuracy"], null),
          interactive: fc.boolean(),
        }),
        fc.array(fc.integer({ min: 1, max: 12 }), {
          minLength: 1,
          maxLength: 3,
        }),
        async (options, script, { metrics, interactive }, cuts) => {
          const about: FakeRunOptions = {
            // A direction, or a need, may have to be known from the start.
            metrics: name === "csv-logger" ? metrics : ["loss", "accuracy"],
            interactive,
            params: { epochs: EPOCHS, steps: BATCHES },
            validation: SAMPLES,
            weights: [2.5],
          };
          const whole = memoryFiles();
          const unbroken = fakeRun(make(options), { ...about, files: whole });
          await unbroken.fire("onTrainBegin");

          let files = memoryFiles();
          let kit = fakeRun(make(options), { ...about, files });
          await kit.fire("onTrainBegin");
          let from = { unbroken: lengths(unbroken), kit: lengths(kit) };
          let place: Place | undefined = { epoch: 0, batch: 0 };
          let here: Place | undefined = place;
          for (const cut of cuts) {
            here = await play(unbroken, script, here, cut);
            place = await play(kit, script, place, cut);
            assertEquals(place, here);
            if (!here || !place) break;
            const backup = await kit.backUp();
            // What comes after the backup is lost.
            const { clock: { now, time } } = kit;
            await play(kit, script, place, 2);
            files = memoryFiles();
            kit = fakeRun(make(options), { ...about, files, backup });
            kit.clock.now = now + 5e6;
            kit.clock.time = time;
            await kit.fire("onTrainBegin");
            from = { unbroken: lengths(unbroken), kit: lengths(kit) };
          }
          if (here && place) {
            await play(unbroken, script, here);
            await play(kit, script, place);
          }
          assertEquals(
            seen(kit, files, from.kit),
            seen(unbroken, whole, from.unbroken),
          );
        },
      ),
      { numRuns: 40 },
    );
  });
}

Deno.test("every built-in is among them", () => {
  assertEquals(
    [...Object.keys(OPTIONS), "dashboard", "profile", "remote-monitor"].sort(),
    Object.keys(BUILTINS).sort(),
  );
});
