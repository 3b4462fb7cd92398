import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { Plugin } from "../../../../core/plugin.ts";
import {
  fileHandler,
  loadModel,
  loadWeights,
  saveModel,
} from "../../../../core/tf/checkpoint/checkpoint.ts";
import { fit } from "../../../../core/tf/fit.ts";
import { classifier, grown, linear, numbers, twoByTwo } from "../_models.ts";

const data = { x: [[1, 2], [3, 4], [5, 6]], y: [0, 1, 2] };

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

async function inFolder(work: (dir: string) => Promise<unknown>) {
  const dir = await Deno.makeTempDir();
  try {
    await work(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

/** What `tf.io.http` reads from the two files. */
function asIfByHttp(dir: string): tf.io.IOHandler {
  return {
    load: async () => {
      const json = JSON.parse(await Deno.readTextFile(`${dir}/model.json`));
      return await tf.io.getModelArtifactsForJSON(json, async (manifest) => [
        manifest.flatMap(({ weights }) => weights),
        (await Deno.readFile(`${dir}/${manifest[0]!.paths[0]}`)).buffer,
      ]);
    },
  };
}

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`loadModel() continues with ${name} where saveModel() left off`, () =>
    inFolder(async (dir) => {
      const model = classifier();
      model.compile({
        optimizer: make(),
        loss: "sparseCategoricalCrossentropy",
        metrics: ["accuracy"],
      });
      const options = { epochs: 3, shuffle: false, batchSize: 1 };
      await fit(model, data, options);
      await saveModel(model, dir);
      const loaded = await loadModel(dir);
      assertEquals(numbers(loaded), numbers(model));
      const expected = await fit(model, data, options);
      const resumed = await fit(loaded, data, options);
      assertEquals(resumed.history, expected.history);
      assertEquals(numbers(loaded), numbers(model));
    }));

  Deno.test(`tf.loadLayersModel() reads a checkpoint with ${name} as if over http`, () =>
    inFolder(async (dir) => {
      const model = classifier();
      model.compile({
        optimizer: make(),
        loss: "sparseCategoricalCrossentropy",
      });
      await fit(model, data);
      await saveModel(model, dir);
      const loaded = await tf.loadLayersModel(asIfByHttp(dir));
      assertEquals(numbers(loaded), numbers(model));
      assertEquals(
        loaded.optimizer.getConfig(),
        model.optimizer.getConfig(),
      );
    }));
}

Deno.test("saveModel() keeps the current learning rate and momentum", () =>
  inFolder(async (dir) => {
    const model = linear({ optimizer: tf.train.momentum(0.1, 0.9) });
    const setter: Plugin = {
      name: "setter",
      onTrainBegin(_logs, run) {
        run.optimizer.learningRate = 0.25;
        run.optimizer.momentum = 0.5;
      },
    };
    await fit(model, { x: [1], y: [1] }, { plugins: [setter] });
    await saveModel(model, dir);
    const { learningRate, momentum } = (await loadModel(dir)).optimizer
      .getConfig() as Record<string, number>;
    assertEquals([learningRate, momentum], [0.25, 0.5]);
  }));

Deno.test("saveModel() keeps losses and metrics of several outputs", () =>
  inFolder(async (dir) => {
    const model = twoByTwo();
    await saveModel(model, dir);
    const loaded = await loadModel(dir);
    const given = {
      x: [[[1, 2]], [[3, 4]]],
      y: [[1], [0]],
    };
    const expected = await fit(model, given);
    assertEquals((await fit(loaded, given)).history, expected.history);
  }));

Deno.test("saveModel() writes a model whose functions no file can hold", () =>
  inFolder(async (dir) => {
    const own = (target: tf.Tensor, output: tf.Tensor) =>
      output.sub(target).abs().mean();
    const model = linear();
    model.compile({
      optimizer: "sgd",
      loss: "meanSquaredError",
      metrics: [own, tf.metrics.meanAbsoluteError, "mse"],
    });
    await saveModel(model, dir);
    assertEquals((await loadModel(dir)).metrics, ["mae", "mse"]);
    model.compile({ optimizer: "sgd", loss: own });
    await saveModel(model, dir);
    const loaded = await loadModel(dir);
    assertEquals(loaded.optimizer, undefined);
    assertEquals(numbers(loaded), numbers(model));
  }));

Deno.test("saveModel() overwrites a checkpoint, keeps other files, and leaves no temporary ones", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/notes.txt`, "mine");
    await saveModel(linear({ weight: 1 }), dir);
    await saveModel(linear({ weight: 2 }), dir);
    assertEquals(numbers(await loadModel(dir)), [2, 0]);
    const names = (await Array.fromAsync(Deno.readDir(dir)))
      .map(({ name }) => name).sort();
    assertEquals(names, ["model.json", "notes.txt", "weights.bin"]);
  }));

Deno.test("saveModel() creates the folders on the way", () =>
  inFolder(async (dir) => {
    await saveModel(linear(), `${dir}/a/b`);
    assertEquals(numbers(await loadModel(`${dir}/a/b`)), [1, 0]);
  }));

Deno.test("saveModel() can leave out everything but the weights", () =>
  inFolder(async (dir) => {
    const model = linear({ optimizer: tf.train.adam(0.1), weight: 3 });
    await fit(model, { x: [1], y: [1] });
    await saveModel(model, dir, { weightsOnly: true });
    const json = JSON.parse(await Deno.readTextFile(`${dir}/model.json`));
    assertEquals(Object.keys(json).sort(), [
      "convertedBy",
      "files",
      "format",
      "generatedBy",
      "weightsManifest",
    ]);
    assertEquals(json.weightsManifest[0].weights.length, 2);
    const other = linear();
    await loadWeights(other, dir);
    assertEquals(numbers(other), numbers(model));
    await assertRejects(
      () => loadModel(dir),
      InputError,
      `Cannot load a model from "${dir}": it holds only weights; build the model and load them with loadWeights(model, "${dir}")`,
    );
  }));

Deno.test("loadWeights() takes the weights from a whole model", () =>
  inFolder(async (dir) => {
    const model = classifier();
    await fit(model, data);
    await saveModel(model, dir);
    const other = classifier();
    await loadWeights(other, dir);
    assertEquals(numbers(other), numbers(model));
  }));

Deno.test("loadWeights() rejects another model's, and loads none of them", () =>
  inFolder(async (dir) => {
    await saveModel(classifier({ inputs: 4 }), dir);
    const model = classifier();
    const before = numbers(model);
    const error = await assertRejects(
      () => loadWeights(model, dir),
      InputError,
      `Cannot load the weights in "${dir}": they belong to another model`,
    );
    assertStringIncludes(
      (error as Error).message,
      `- weight "classes/kernel" must have shape [2,3], got [4,3]`,
    );
    assertEquals(numbers(model), before);
    await saveModel(linear(), dir);
    const named = await assertRejects(
      () => loadWeights(model, dir),
      InputError,
    );
    assertStringIncludes(
      named.message,
      `- there is no weight "classes/kernel" in it`,
    );
  }));

Deno.test("loadWeights() and loadModel() say what is wrong with the files", () =>
  inFolder(async (dir) => {
    const refused = (
      message: string,
      what = `from "${dir}"`,
    ) =>
      assertRejects(
        () => loadModel(dir),
        InputError,
        `Cannot load ${what}: ${message}`,
      );
    await refused("there is no such file or folder", `"${dir}/model.json"`);
    await saveModel(linear(), dir);
    await Deno.truncate(`${dir}/weights.bin`, 5);
    await refused(
      `"weights.bin" must have 12 bytes for the weights in "model.json", current value is 5`,
    );
    await Deno.remove(`${dir}/weights.bin`);
    await refused("there is no such file or folder", `"${dir}/weights.bin"`);
    await Deno.writeTextFile(`${dir}/model.json`, "{");
    await refused(`"model.json" is not JSON: `);
    await Deno.writeTextFile(`${dir}/model.json`, "{}");
    await refused(
      `"model.json" is not a model of tf.js, it has no "weightsManifest"`,
    );
  }));

Deno.test("saveModel() leaves nothing half-written when it fails", () =>
  inFolder(async (dir) => {
    await saveModel(linear({ weight: 1 }), dir);
    const before = await Deno.readTextFile(`${dir}/model.json`);
    const model = linear({ weight: 2 });
    model.setUserDefinedMetadata({ classes: ["one"] });
    await Deno.mkdir(`${dir}/classes.json`);
    await assertRejects(
      () => saveModel(model, dir),
      InputError,
      `Cannot save to "${dir}": `,
    );
    assertEquals(await Deno.readTextFile(`${dir}/model.json`), before);
    assertEquals((await Array.fromAsync(Deno.readDir(dir))).length, 3);
    assertEquals(numbers(await loadModel(dir)), [1, 0]);
  }));

Deno.test("saveModel() rejects a file as its folder", () =>
  inFolder(async (dir) => {
    await Deno.writeTextFile(`${dir}/taken`, "mine");
    await assertRejects(
      () => saveModel(linear(), `${dir}/taken`),
      InputError,
      `Cannot save to "${dir}/taken": a file is in the place of a folder`,
    );
  }));

Deno.test({
  name: "saveModel() names the flag for a missing write permission",
  permissions: { write: false, read: true },
  async fn() {
    await assertRejects(
      () => saveModel(linear(), "nowhere"),
      InputError,
      `Cannot save to "nowhere": write permission is missing; run with --allow-write=nowhere`,
    );
  },
});

Deno.test({
  name: "loadModel() names the flag for a missing read permission",
  permissions: { read: false },
  async fn() {
    await assertRejects(
      () => loadModel("nowhere"),
      InputError,
      `Cannot load "nowhere/model.json": read permission is missing; run with --allow-read=nowhere`,
    );
  },
});

Deno.test("fileHandler() serves tf.js' own save and load", () =>
  inFolder(async (dir) => {
    const model = linear({ optimizer: tf.train.adam(0.1) });
    await fit(model, { x: [1], y: [1] });
    const saved = await model.save(fileHandler(dir), {
      includeOptimizer: true,
    });
    assertEquals(saved.modelArtifactsInfo.modelTopologyType, "JSON");
    const loaded = await tf.loadLayersModel(fileHandler(dir));
    assertEquals(numbers(loaded), numbers(model));
    assertEquals(loaded.optimizer.getClassName(), "Adam");
  }));

Deno.test("saving and loading leak nothing", () =>
  inFolder(async (dir) => {
    for (const make of Object.values(OPTIMIZERS)) {
      const model = linear({ optimizer: make() });
      await fit(model, { x: [1], y: [1] });
      assertEquals(await grown(() => saveModel(model, dir)), 0);
      const weightsOnly = true;
      assertEquals(
        await grown(() => saveModel(model, dir, { weightsOnly })),
        0,
      );
      assertEquals(await grown(() => loadWeights(model, dir)), 0);
      await saveModel(model, dir);
      const held = await grown(async () => {
        const loaded = await loadModel(dir);
        loaded.optimizer.dispose();
        loaded.dispose();
      });
      // tf.train.momentum does not free the scalar of its learning rate.
      assert(held === 0 || make().getClassName() === "Momentum" && held === 1);
    }
  }));
