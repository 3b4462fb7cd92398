import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Sums } from "../../../../core/steps.ts";
import {
  deviceMeans,
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
