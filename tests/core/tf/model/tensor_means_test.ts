import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../../../core/errors.ts";
import type { Sums } from "../../../../core/steps.ts";
import { deviceMeans } from "../../../../core/tf/model/device_means.ts";
import {
  hostMeans,
  type TensorMeans,
} from "../../../../core/tf/model/tensor_means.ts";
import { grown } from "../_models.ts";

function add(means: TensorMeans, values: number[], size: number) {
  const scalars = values.map((value) => tf.scalar(value));
  means.add(scalars, size);
  tf.dispose(scalars);
}

function noSums(): Sums {
  return { values: {}, weights: {} };
}

for (const [name, make] of Object.entries({ hostMeans, deviceMeans })) {
  Deno.test(`${name}() weighs by size, continues after a read and starts over`, async () => {
    const leaked = await grown(async () => {
      using means = make(["loss", "mae"]);
      means.begin(noSums());
      add(means, [1, 10], 3);
      add(means, [5, 30], 1);
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      add(means, [2, 15], 4);
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      add(means, [100, 100], 1);
      means.begin(noSums());
      add(means, [7, 8], 2);
      assertEquals(await means.logs(), { loss: 7, mae: 8 });
    });
    assertEquals(leaked, 0);
  });

  Deno.test(`${name}() keeps its sums in plain data, from which another continues`, async () => {
    const sums = noSums();
    using first = make(["loss", "mae"]);
    first.begin(sums);
    add(first, [1, 10], 3);
    await first.settle();
    const plain = JSON.parse(JSON.stringify(sums));
    assertEquals(plain, {
      values: { loss: 3, mae: 30 },
      weights: { loss: 3, mae: 3 },
    });
    using second = make(["loss", "mae"]);
    second.begin(plain);
    add(second, [5, 30], 1);
    assertEquals(await second.logs(), { loss: 2, mae: 15 });
  });

  Deno.test(`${name}() returns the last batch's own values, and keeps nothing`, async () => {
    const leaked = await grown(async () => {
      using means = make(["loss"]);
      means.begin(noSums());
      assertEquals(await means.batchLogs(), { loss: NaN });
      add(means, [1], 3);
      assertEquals(await means.batchLogs(), { loss: 1 });
      add(means, [5], 1);
      assertEquals(await means.batchLogs(), { loss: 5 });
      await means.logs();
      assertEquals(await means.batchLogs(), { loss: 5 });
    });
    assertEquals(leaked, 0);
  });
}

Deno.test("hostMeans() answers without a promise, deviceMeans() with one", async () => {
  using host = hostMeans(["loss"]);
  using device = deviceMeans(["loss"]);
  for (const ask of ["logs", "batchLogs"] as const) {
    assert(!(host[ask]() instanceof Promise));
    const answer = device[ask]();
    assert(answer instanceof Promise);
    await answer;
  }
});

Deno.test("deviceMeans() answers concurrent reads", async () => {
  using means = deviceMeans(["loss"]);
  means.begin(noSums());
  add(means, [3], 2);
  const answers = await Promise.all([means.logs(), means.logs()]);
  assertEquals(answers, [{ loss: 3 }, { loss: 3 }]);
});

Deno.test("deviceMeans() lets the device catch up now and then, hostMeans() need not", async () => {
  using host = hostMeans(["loss"]);
  using device = deviceMeans(["loss"]);
  let waits = 0;
  for (let i = 0; i < 100; i++) {
    add(host, [1], 1);
    add(device, [i], 1);
    assertEquals(host.catchUp(), undefined);
    const waiting = device.catchUp();
    if (waiting) waits++;
    await waiting;
  }
  assertEquals(waits, 3);
  assertEquals(await device.logs(), { loss: 49.5 });
});

/** Values whose float32 sums depend on where they are cut into groups. */
const value = (step: number) => [Math.sin(step) / 3, Math.exp(step / 9)];

for (const [name, make] of Object.entries({ hostMeans, deviceMeans })) {
  Deno.test(`${name}() go on bit for bit from any step, however often they are saved`, async () => {
    const keys = ["loss", "accuracy"];
    const whole = async (from: number, means: TensorMeans, sums: Sums) => {
      for (let step = from; step < 70; step++) {
        add(means, value(step), 3);
        await means.catchUp();
      }
      const last = await means.batchLogs();
      await means.logs();
      return { last, sums };
    };
    using unbroken = make(keys);
    const sums = noSums();
    unbroken.begin(sums);
    const expected = await whole(0, unbroken, sums);
    const before = tf.memory().numTensors;
    for (const at of [0, 1, 31, 32, 45]) {
      using first = make(keys);
      const until = noSums();
      first.begin(until);
      for (let step = 0; step < at; step++) {
        add(first, value(step), 3);
        await first.catchUp();
        await first.keeps.save();
      }
      const saved = structuredClone(await first.keeps.save());
      using second = make(keys);
      const rest = structuredClone(until);
      await second.keeps.load(saved);
      assertEquals(await second.batchLogs(), await first.batchLogs());
      second.begin(rest, at > 0);
      assertEquals(await whole(at, second, rest), expected, `from ${at}`);
      second.begin(noSums());
      assertEquals(await second.batchLogs(), { loss: NaN, accuracy: NaN });
    }
    assertEquals(tf.memory().numTensors, before);
  });

  Deno.test(`${name}() refuse what was saved of other keys`, async () => {
    using means = make(["loss"]);
    using others = make(["loss", "mae"]);
    const saved = await others.keeps.save();
    assertThrows(
      () => void means.keeps.load(saved),
      InputError,
      `Cannot go on with the means of "loss", "mae": the model reports "loss"`,
    );
  });
}

Deno.test("hostMeans() take up what was on a device, and deviceMeans() what was not", async () => {
  using device = deviceMeans(["loss"]);
  device.begin(noSums());
  add(device, [2], 4);
  using host = hostMeans(["loss"]);
  await host.keeps.load(await device.keeps.save());
  host.begin(noSums(), true);
  assertEquals(await host.logs(), { loss: 2 });
  add(host, [5], 4);
  using again = deviceMeans(["loss"]);
  await again.keeps.load(await host.keeps.save());
  again.begin({ values: { loss: 28 }, weights: { loss: 8 } }, true);
  assertEquals(await again.batchLogs(), { loss: 5 });
  assertEquals(await again.logs(), { loss: 3.5 });
});
