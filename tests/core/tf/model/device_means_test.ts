import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  deviceMeans,
  hostMeans,
} from "../../../../core/tf/model/device_means.ts";
import { grown } from "../_models.ts";

function add(
  means: ReturnType<typeof hostMeans>,
  values: number[],
  size: number,
) {
  const scalars = values.map((value) => tf.scalar(value));
  means.add(scalars, size);
  tf.dispose(scalars);
}

for (const [name, make] of Object.entries({ hostMeans, deviceMeans })) {
  Deno.test(`${name}() weighs by size, goes on after a look and forgets on reset`, async () => {
    const means = make(["loss", "mae"]);
    const leaked = await grown(async () => {
      add(means, [1, 10], 3);
      add(means, [5, 30], 1);
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      add(means, [2, 15], 4);
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      assertEquals(await means.logs(), { loss: 2, mae: 15 });
      add(means, [100, 100], 1);
      means.reset();
      add(means, [7, 8], 2);
      assertEquals(await means.logs(), { loss: 7, mae: 8 });
    });
    assertEquals(leaked, 0);
  });
}

Deno.test("hostMeans() answers without a promise, deviceMeans() with one", () => {
  assert(!(hostMeans(["loss"]).logs() instanceof Promise));
  assert(deviceMeans(["loss"]).logs() instanceof Promise);
});

Deno.test("deviceMeans() lets the device catch up now and then, hostMeans() need not", async () => {
  const host = hostMeans(["loss"]);
  const device = deviceMeans(["loss"]);
  let waits = 0;
  for (let i = 0; i < 100; i++) {
    add(host, [1], 1);
    add(device, [i], 1);
    assertEquals(host.settle(), undefined);
    const waiting = device.settle();
    if (waiting) waits++;
    await waiting;
  }
  assertEquals(waits, 3);
  assertEquals(await device.logs(), { loss: 49.5 });
});
