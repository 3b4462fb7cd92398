/**
 * What Keras' callback wrote in 18 runs, and what is written here in the same.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import {
  evaluate,
  fit,
  learningRateScheduler,
  silent,
  tensorboard,
  type TensorboardOptions,
} from "../../../mod.ts";
import { type ReadRecord, recordsOf } from "./_events_read.ts";

await tf.setBackend("cpu");
await tf.ready();

interface Case {
  readonly model: keyof typeof MODELS;
  readonly options: Readonly<Record<string, unknown>>;
  readonly fit: {
    readonly batches: number;
    readonly epochs: number;
    readonly validation: boolean;
    readonly schedule: boolean;
    readonly evaluate: boolean;
  };
  readonly log_keys: readonly string[];
  readonly folders: Readonly<Record<string, readonly CaseRecord[]>>;
  readonly other_files: readonly string[];
}

type CaseRecord = { readonly file_version: string } | {
  readonly tag: string;
  readonly step: number;
  readonly plugin: string;
  readonly data_class: number;
  readonly dtype: number;
  readonly shape: readonly number[];
};

const { cases }: { cases: Case[] } = JSON.parse(
  Deno.readTextFileSync(new URL("cases.json", import.meta.url)),
);

const { layers } = tf;

/** What stands before the output, and the shape of a sample. */
const MODELS = {
  dense: [[4], () => [
    layers.dense({ units: 3, activation: "relu", name: "hidden" }),
  ]],
  conv: [[6, 6, 1], () => [
    layers.conv2d({ filters: 4, kernelSize: 3, name: "conv" }),
    layers.flatten({ name: "flat" }),
  ]],
  embedding: [[5], () => [
    layers.embedding({ inputDim: 11, outputDim: 3, name: "words" }),
    layers.flatten({ name: "flat" }),
  ]],
} as const;

function modelOf(name: Case["model"]): tf.Sequential {
  const [shape, before] = MODELS[name];
  const model = tf.sequential({
    layers: [
      layers.inputLayer({ inputShape: [...shape], name: "input" }),
      ...before(),
      layers.dense({ units: 2, activation: "softmax", name: "output" }),
    ],
  });
  model.compile({
    optimizer: tf.train.adam(0.01),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

/** So many samples; those of an embedding are numbers of words. */
function samples(name: Case["model"], count: number) {
  const [shape] = MODELS[name];
  const x = tf.randomUniform([count, ...shape], 0, 11, "float32", 1);
  const classes = Array.from({ length: count }, (_, i) => i % 2);
  return {
    x: name === "embedding" ? x.floor() : x,
    y: tf.oneHot(classes, 2).toFloat(),
  };
}

/** Options as they are written here. */
function camelCase(options: Case["options"]): TensorboardOptions {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** Train as in a case, and read what was written. */
async function run(
  { model: name, options, fit: { batches, epochs, ...fitted } }: Case,
): Promise<{
  readonly folders: Record<string, ReadRecord[]>;
  readonly tables: readonly string[];
  readonly history: Readonly<Record<string, readonly number[]>>;
}> {
  const dir = await Deno.makeTempDir();
  const model = modelOf(name);
  const data = samples(name, 4 * batches);
  const plugin = tensorboard(camelCase(options));
  const { history } = await fit(model, data, {
    dir,
    epochs,
    batchSize: 4,
    validationData: fitted.validation ? samples(name, 8) : undefined,
    printer: silent(),
    plugins: [
      fitted.schedule &&
      learningRateScheduler({ schedule: (_epoch, rate) => rate / 2 }),
      plugin,
    ],
  });
  if (fitted.evaluate) {
    await evaluate(model, data, {
      ...{ dir, batchSize: 4, printer: silent(), plugins: [plugin] },
    });
  }
  const folders = [...Deno.readDirSync(`${dir}/logs`)]
    .filter(({ isDirectory }) => isDirectory)
    .map(({ name }) => [name, recordsOf(`${dir}/logs/${name}`)]);
  const tables = [...Deno.readDirSync(`${dir}/logs/train`)]
    .map(({ name }) => `train/${name}`).filter((name) => name.endsWith(".tsv"));
  return { folders: Object.fromEntries(folders), tables, history };
}

/** A record as the cases have it. */
function asInCases(record: ReadRecord): CaseRecord {
  if ("fileVersion" in record) return { file_version: record.fileVersion };
  const { tag, step, plugin, dataClass, dtype, shape } = record;
  return {
    tag: tag.replace(/^sequential_\d+\//, "sequential/"),
    ...{ step, plugin, data_class: dataClass, dtype, shape },
  };
}

/** Without the order of what belongs to one step. */
function sorted(records: readonly CaseRecord[]): CaseRecord[] {
  const steps: (Exclude<CaseRecord, { file_version: string }>)[][] = [];
  const all: CaseRecord[][] = [];
  let last: number | undefined;
  for (const record of records) {
    if ("file_version" in record) {
      all.push([record]);
      last = undefined;
      continue;
    }
    if (record.step !== last) {
      steps.push([]);
      all.push(steps.at(-1)!);
    }
    steps.at(-1)!.push(record);
    last = record.step;
  }
  for (const step of steps) {
    step.sort((a, b) => a.tag < b.tag ? -1 : Number(a.tag > b.tag));
  }
  return all.flat();
}

for (const [i, it] of cases.entries()) {
  Deno.test(`case ${i}: ${it.model}, ${JSON.stringify(it.options)}, ${JSON.stringify(it.fit)}`, async () => {
    const { folders, tables } = await run(it);
    assertEquals(Object.keys(folders).sort(), Object.keys(it.folders).sort());
    for (const [folder, records] of Object.entries(it.folders)) {
      assertEquals(sorted(folders[folder]!.map(asInCases)), sorted(records));
    }
    assertEquals(
      tables.toSorted(),
      it.other_files.filter((name) => name.endsWith(".h5"))
        .map((name) => name.replace("weights.h5", "words.tsv")),
    );
  });
}
