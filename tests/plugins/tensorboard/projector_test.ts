import * as tf from "@tensorflow/tfjs";
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { fit, type Plugin, silent } from "../../../mod.ts";
import { OptionError } from "../../../core/plugin.ts";
import tensorboard, {
  type TensorboardOptions,
} from "../../../plugins/tensorboard.ts";

await tf.setBackend("cpu");

/** Two embeddings, one of them in a model within the model. */
function model(): tf.LayersModel {
  const ids = tf.input({ shape: [2] });
  const tower = tf.sequential({
    layers: [
      tf.layers.embedding({
        name: "deep/one",
        inputDim: 3,
        outputDim: 2,
        inputLength: 2,
      }),
      tf.layers.flatten(),
    ],
  });
  const words = tf.layers.embedding({
    name: "words",
    inputDim: 4,
    outputDim: 3,
  });
  const both = tf.layers.concatenate().apply([
    tf.layers.flatten().apply(words.apply(ids)) as tf.SymbolicTensor,
    tower.apply(ids) as tf.SymbolicTensor,
  ]);
  const outputs = tf.layers.dense({ units: 1 }).apply(both);
  const made = tf.model({
    inputs: ids,
    outputs: outputs as tf.SymbolicTensor,
  });
  made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  return made;
}

/** Two epochs, with what is printed and left in `logs`. */
async function trained(options: TensorboardOptions = {}, dir = makeDir()) {
  const lines: string[] = [];
  const trained = model();
  await fit(trained, { x: [[0, 1], [2, 1]], y: [0, 1] }, {
    epochs: 2,
    dir,
    plugins: [tensorboard({ embeddingsFreq: 1, ...options })],
    printer: { ...silent(), print: (line) => void lines.push(line) },
  });
  const read = (path: string) => Deno.readTextFileSync(`${dir}/logs/${path}`);
  return { trained, lines, dir, read };
}

const makeDir = () => Deno.makeTempDirSync();

Deno.test("each embedding is a table of its rows for each epoch, and the configuration names the newest", async () => {
  const { trained: model, read, dir } = await trained();
  const names = [...Deno.readDirSync(`${dir}/logs/train`)]
    .map((it) => it.name).filter((name) => name.endsWith(".tsv"));
  assertEquals(names.sort(), [
    "keras_embedding.ckpt-0.deep_one.tsv",
    "keras_embedding.ckpt-0.words.tsv",
    "keras_embedding.ckpt-1.deep_one.tsv",
    "keras_embedding.ckpt-1.words.tsv",
  ]);
  assertEquals(
    read("projector_config.pbtxt"),
    `embeddings {
  tensor_name: "words"
  tensor_path: "train/keras_embedding.ckpt-1.words.tsv"
}
embeddings {
  tensor_name: "deep/one"
  tensor_path: "train/keras_embedding.ckpt-1.deep_one.tsv"
}
`,
  );
  const rows = read("train/keras_embedding.ckpt-1.words.tsv")
    .trimEnd().split("\n").map((row) => row.split("\t").map(Number));
  assertEquals(rows.map((row) => row.length), [3, 3, 3, 3]);
  assertEquals(
    Float32Array.from(rows.flat()),
    model.getLayer("words").getWeights()[0]!.dataSync(),
  );
});

Deno.test("metadata stand beside the configuration, wherever they come from", async () => {
  const dir = makeDir();
  const elsewhere = `${makeDir()}/kinds.tsv`;
  Deno.writeTextFileSync(elsewhere, "kind\tcount\na\t1\nb\t2\nc\t3\n");
  Deno.mkdirSync(`${dir}/logs`);
  Deno.writeTextFileSync(`${dir}/logs/words.tsv`, "the\na\nof\nto\n");
  const embeddingsMetadata = { words: "words.tsv", "deep/one": elsewhere };
  const { read, lines } = await trained({ embeddingsMetadata }, dir);
  assertEquals(lines, []);
  assertEquals(read("words.tsv"), "the\na\nof\nto\n");
  assertEquals(
    read("keras_embedding.deep_one.metadata.tsv"),
    Deno.readTextFileSync(elsewhere),
  );
  assertEquals(
    [...read("projector_config.pbtxt").matchAll(/metadata_path: (.*)/g)]
      .map(([, path]) => path),
    ['"words.tsv"', '"keras_embedding.deep_one.metadata.tsv"'],
  );
});

Deno.test("one file may serve all layers; one that is missing or too short is named", async () => {
  const dir = makeDir();
  Deno.mkdirSync(`${dir}/logs`);
  Deno.writeTextFileSync(`${dir}/logs/all.tsv`, "a\nb\nc\n");
  const short = await trained({ embeddingsMetadata: "all.tsv" }, dir);
  assertEquals(short.lines, [
    'tensorboard: all.tsv, the metadata of layer "words", has 3 rows, where the layer has 4',
  ]);
  const missing = await trained({
    embeddingsMetadata: { words: "none.tsv" },
  });
  assertEquals(missing.lines, [
    'tensorboard: none.tsv, the metadata of layer "words", is not there, so its rows have no names',
  ]);
  assertMatch(missing.read("projector_config.pbtxt"), /"none.tsv"/);
});

Deno.test("metadata for a layer that is no embedding are refused before training", async () => {
  await assertRejects(
    () =>
      trained({ embeddingsMetadata: { wrods: "words.tsv", dense: "x.tsv" } }),
    Error,
    `'embeddingsMetadata' names no embedding layer of the model with "wrods", "dense": it has "words", "deep/one"`,
  );
});

Deno.test("embeddings are written every so many epochs, and the last are named", async () => {
  const { dir, read } = await trained({ embeddingsFreq: 2 });
  const train = [...Deno.readDirSync(`${dir}/logs/train`)].map((it) => it.name);
  assertEquals(train.filter((name) => name.includes("ckpt-1")), []);
  assertMatch(read("projector_config.pbtxt"), /ckpt-0\.words/);
});

Deno.test("where no epoch of the run is one of these, nothing is written", async () => {
  for (const every of [2, 5]) {
    const dir = makeDir();
    await fit(model(), { x: [[0, 1]], y: [0] }, {
      ...{ epochs: 2, initialEpoch: 1, dir, printer: silent() },
      plugins: [tensorboard({ embeddingsFreq: every })],
    });
    for (const folder of ["logs", "logs/train"]) {
      const names = [...Deno.readDirSync(`${dir}/${folder}`)]
        .map(({ name }) => name);
      assertEquals(names.filter((name) => /\.(tsv|pbtxt)$/.test(name)), []);
    }
  }
});

Deno.test("layers whose names make the same file name have a table each, and so do layers of one name", async () => {
  const dir = makeDir();
  const ids = tf.input({ shape: [1] });
  const flat = (name: string, size: number) => [
    tf.layers.embedding({
      ...{ name, inputDim: size, outputDim: 1, inputLength: 1 },
    }),
    tf.layers.flatten(),
  ];
  const of = (name: string, size: number) =>
    flat(name, size).reduce<tf.SymbolicTensor>(
      (it, layer) => layer.apply(it) as tf.SymbolicTensor,
      ids,
    );
  const tower = tf.sequential({ layers: flat("a_b", 5) });
  const outputs = tf.layers.concatenate().apply([
    ...[of("a_b", 2), of("a/b", 3), of("A_B", 4)],
    tower.apply(ids) as tf.SymbolicTensor,
  ]) as tf.SymbolicTensor;
  const made = tf.model({ inputs: ids, outputs });
  made.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await fit(made, { x: [[0]], y: [[0, 0, 0, 0]] }, {
    ...{ epochs: 1, dir, printer: silent() },
    plugins: [tensorboard({ embeddingsFreq: 1 })],
  });
  const config = Deno.readTextFileSync(`${dir}/logs/projector_config.pbtxt`);
  const all = (field: string) =>
    [...config.matchAll(new RegExp(`${field}: "(.*)"`, "g"))]
      .map(([, value]) => value!);
  assertEquals(new Set(all("tensor_name")).size, 4);
  const tables = all("tensor_path").map((path) =>
    Deno.readTextFileSync(`${dir}/logs/${path}`)
  );
  const rows = tables.map((table) => table.trimEnd().split("\n").length);
  assertEquals(rows.sort(), [2, 3, 4, 5]);
  const files = all("tensor_path").map((path) => path.toLowerCase());
  assertEquals(new Set(files).size, 4);
});

Deno.test("TensorBoard finds the configuration with the first event, and the table that it names", async () => {
  const dir = makeDir();
  const found: string[][] = [];
  const look: Plugin = {
    name: "look",
    onTrainBegin() {
      const config = Deno.readTextFileSync(
        `${dir}/logs/projector_config.pbtxt`,
      );
      const [, path] = /tensor_path: "(.*)"/.exec(config)!;
      const rows = Deno.readTextFileSync(`${dir}/logs/${path}`).split("\n");
      found.push([path!, rows[0]!]);
    },
  };
  const before = model();
  const [first] = await before.getLayer("words").getWeights()[0]!
    .array() as number[][];
  await fit(before, { x: [[0, 1]], y: [0] }, {
    ...{ epochs: 4, initialEpoch: 1, dir, printer: silent() },
    plugins: [tensorboard({ embeddingsFreq: 2 }), look],
  });
  assertEquals(found, [[
    "train/keras_embedding.ckpt-2.words.tsv",
    first!.map((value) => value.toPrecision(9)).join("\t"),
  ]]);
});

Deno.test("metadata are a path, or paths by layer", () => {
  const made = (embeddingsMetadata: unknown) => () =>
    tensorboard({ embeddingsMetadata } as TensorboardOptions);
  for (
    const value of [3, true, ["words.tsv"], { words: 3 }, {
      ...{ words: "words.tsv", dense: 3 },
    }]
  ) {
    assertThrows(
      made(value),
      OptionError,
      "'embeddingsMetadata' must be the path of a file, or an object of layers",
    );
  }
  assertThrows(
    made("../words.tsv"),
    OptionError,
    `leads out of the run's folder with ".."`,
  );
  for (const none of [undefined, null]) made(none)();
});
