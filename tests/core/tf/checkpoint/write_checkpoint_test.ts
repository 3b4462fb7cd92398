import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import {
  jsonOf,
  MODEL_FILE,
  problemOf,
  readModelJson,
  readWeights,
  WEIGHTS_FILE,
} from "../../../../core/tf/checkpoint/checkpoint_files.ts";
import {
  loadModel,
  saveModel,
} from "../../../../core/tf/checkpoint/checkpoint.ts";
import { writeCheckpoint } from "../../../../core/tf/checkpoint/write_checkpoint.ts";
import type { Disk } from "../../../../core/disk.ts";
import { faultyDisk } from "../../_faulty_disk.ts";

await tf.setBackend("cpu");

/** Write a checkpoint of one number. */
async function write(dir: string, value: number, disk?: Disk) {
  const about = { userDefinedMetadata: { value } };
  const specs = [{ name: "w", shape: [1], dtype: "float32" as const }];
  await writeCheckpoint(dir, {
    numbers: [[WEIGHTS_FILE, new Uint8Array(new Float32Array([value]).buffer)]],
    json: (nameOf, files) => jsonOf(about, specs, nameOf(WEIGHTS_FILE), files),
  }, disk);
}

/** What a reader finds: what `model.json` says, and the number. */
async function read(dir: string): Promise<[unknown, number]> {
  const json = await readModelJson(dir);
  const { weightData } = await readWeights(dir, json);
  const { value } = json.userDefinedMetadata as { value: number };
  return [value, new Float32Array(weightData)[0]!];
}

const names = (dir: string) =>
  [...Deno.readDirSync(dir)].map(({ name }) => name).sort();

Deno.test("a checkpoint that is overwritten is whole wherever the process is killed, and the next one leaves nothing of it", async () => {
  const found: number[] = [];
  for (let calls = 0;; calls++) {
    const dir = await Deno.makeTempDir();
    await write(dir, 1);
    let left = calls;
    const disk = faultyDisk(({ bytes }) => {
      if (left-- <= 0) throw new Error("killed");
      return left === 0 && bytes ? bytes / 2 : bytes;
    });
    await write(dir, 2, disk).catch(() => {});
    const [says, holds] = await read(dir);
    assertEquals(says, holds, `after ${calls} calls`);
    found.push(holds);
    await write(dir, 3);
    assertEquals(await read(dir), [3, 3]);
    const parts = names(dir).filter((it) => !it.endsWith(".part"));
    assertEquals(parts, ["model.json", "weights.bin"]);
    if (left > 0) break; // All of it was done.
  }
  assertEquals(found.at(0), 1);
  assertEquals(found.at(-1), 2);
  assertEquals(found, found.toSorted());
});

Deno.test("a checkpoint that cannot be written leaves no empty folder, and one that was there stays", async () => {
  const dir = await Deno.makeTempDir();
  const full = faultyDisk(({ name }) => {
    if (name === "write") throw new Error("No space left on device");
  });
  await Deno.mkdir(`${dir}/mine`);
  for (const name of ["new", "mine"]) {
    await assertRejects(() => write(`${dir}/${name}`, 1, full));
  }
  assertEquals(names(dir), ["mine"]);
});

Deno.test("tf.loadLayersModel reads a checkpoint of ours in any state, and we read its own", async () => {
  const dir = await Deno.makeTempDir();
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  await saveModel(model, dir);
  await saveModel(model, dir);
  const theirs = await tf.loadLayersModel({
    load: async () => {
      const json = JSON.parse(await Deno.readTextFile(`${dir}/model.json`));
      return await tf.io.getModelArtifactsForJSON(json, async (manifest) => {
        const specs = manifest.flatMap(({ weights }) => weights);
        const path = `${dir}/${manifest[0]!.paths[0]}`;
        return [specs, (await Deno.readFile(path)).buffer];
      });
    },
  });
  assertEquals(theirs.countParams(), 2);
  const json = JSON.parse(await Deno.readTextFile(`${dir}/model.json`));
  delete json.files;
  await Deno.writeTextFile(`${dir}/model.json`, JSON.stringify(json));
  assertEquals((await loadModel(dir)).countParams(), 2);
});

Deno.test("a flipped bit in the numbers, or in the slots that tf.js cannot load, is noticed", async () => {
  const dir = await Deno.makeTempDir();
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
  });
  model.compile({ optimizer: tf.train.adamax(0.1), loss: "meanSquaredError" });
  await model.fit(tf.ones([2, 1]), tf.ones([2, 1]), { verbose: 0 });
  for (const name of ["weights.bin", "adamax.bin"]) {
    await saveModel(model, dir);
    await loadModel(dir);
    assertEquals(await problemOf(dir), undefined);
    const bytes = await Deno.readFile(`${dir}/${name}`);
    bytes[5]! ^= 1;
    await Deno.writeFile(`${dir}/${name}`, bytes);
    const problem =
      `Cannot load from "${dir}": "${name}" is damaged, its bytes are not those that were written`;
    await assertRejects(() => loadModel(dir), InputError, problem);
    assertEquals(await problemOf(dir), problem);
  }
  assertEquals(names(dir), ["adamax.bin", MODEL_FILE, "weights.bin"]);
});
