import * as tf from "@tensorflow/tfjs";
import {
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { fit, type Plugin, silent } from "../../mod.ts";
import { OptionError } from "../../core/plugin.ts";
import {
  embeddingsOf,
  placeMetadata,
  readMetadata,
  writeEmbeddings,
} from "../../plugins/_tensorboard_projector.ts";

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

/** The plugin's part: two epochs, with what they print and leave in `logs`. */
async function trained(embeddingsMetadata?: unknown, dir = makeDir()) {
  const lines: string[] = [];
  let metadata = new Map<string, string>();
  const probe: Plugin = {
    name: "probe",
    onTrainBegin(_logs, run) {
      metadata = placeMetadata(
        "tensorboard",
        "logs",
        readMetadata("tensorboard", embeddingsMetadata),
        embeddingsOf(run),
        run,
      );
    },
    onEpochEnd: (epoch, _logs, run) =>
      writeEmbeddings("logs", epoch, embeddingsOf(run), metadata, run),
  };
  const trained = model();
  await fit(trained, { x: [[0, 1], [2, 1]], y: [0, 1] }, {
    epochs: 2,
    dir,
    plugins: [probe],
    printer: { ...silent(), print: (line) => void lines.push(line) },
  });
  const read = (path: string) => Deno.readTextFileSync(`${dir}/logs/${path}`);
  return { trained, lines, dir, read };
}

const makeDir = () => Deno.makeTempDirSync();

Deno.test("each embedding is a table of its rows for each epoch, and the configuration names the newest", async () => {
  const { trained: model, read, dir } = await trained();
  const names = [...Deno.readDirSync(`${dir}/logs/train`)].map((it) => it.name);
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
  const files = { words: "words.tsv", "deep/one": elsewhere };
  const { read, lines } = await trained(files, dir);
  assertEquals(lines, []);
  assertEquals(read("words.tsv"), "the\na\nof\nto\n");
  assertEquals(read("deep_one.kinds.tsv"), Deno.readTextFileSync(elsewhere));
  assertEquals(
    [...read("projector_config.pbtxt").matchAll(/metadata_path: (.*)/g)]
      .map(([, path]) => path),
    ['"words.tsv"', '"deep_one.kinds.tsv"'],
  );
});

Deno.test("one file may serve all layers; one that is missing or too short is named", async () => {
  const dir = makeDir();
  Deno.mkdirSync(`${dir}/logs`);
  Deno.writeTextFileSync(`${dir}/logs/all.tsv`, "a\nb\nc\n");
  const short = await trained("all.tsv", dir);
  assertEquals(short.lines, [
    'tensorboard: all.tsv, the metadata of layer "words", has 3 rows, where the layer has 4',
  ]);
  const missing = await trained({ words: "none.tsv" });
  assertEquals(missing.lines, [
    'tensorboard: none.tsv, the metadata of layer "words", is not there; the projector shows it once it is at logs/none.tsv',
  ]);
  assertMatch(missing.read("projector_config.pbtxt"), /"none.tsv"/);
});

Deno.test("metadata for a layer that is no embedding are refused before training", async () => {
  await assertRejects(
    () => trained({ wrods: "words.tsv", dense: "x.tsv" }),
    Error,
    `'embeddingsMetadata' names no embedding layer of the model with "wrods", "dense": it has "words", "deep/one"`,
  );
});

Deno.test("metadata are a path, or paths by layer", () => {
  for (const value of [3, true, ["words.tsv"], { words: 3 }]) {
    assertThrows(
      () => readMetadata("tensorboard", value),
      OptionError,
      "'embeddingsMetadata' must be the path of a file, or an object of layers",
    );
  }
  assertThrows(
    () => readMetadata("tensorboard", "../words.tsv"),
    OptionError,
    `leads out of the run's folder with ".."`,
  );
  for (const none of [undefined, null]) {
    assertEquals(readMetadata("tensorboard", none), undefined);
  }
});
