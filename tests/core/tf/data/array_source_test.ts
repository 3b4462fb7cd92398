import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { InputError } from "../../../../core/errors.ts";
import {
  arraySource,
  checkBatchSize,
} from "../../../../core/tf/data/array_source.ts";
import type { Source } from "../../../../core/steps.ts";
import type { Batch } from "../../../../core/tf/data/batch.ts";
import { columnsOf } from "../../../../core/tf/data/columns.ts";
import {
  inputSpecs,
  targetSpecs,
} from "../../../../core/tf/data/tensor_spec.ts";
import { grown, linear } from "../_models.ts";

const model = linear({ inputs: 2 });
const specs = { inputs: inputSpecs(model), targets: targetSpecs(model) };

/** `x` and `y` of each batch of an epoch. */
function batchesOf(
  source: Pick<Source<Batch>, "batches">,
  epoch = 0,
  seed = 7,
): { x: unknown; y: unknown }[] {
  return Array.from(
    source.batches(epoch, seed) as Iterable<Batch>,
    ({ inputs, targets }) => ({
      x: inputs[0]!.arraySync(),
      y: targets[0]!.arraySync(),
    }),
  );
}

const x = Float32Array.of(0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
const y = Float32Array.of(0, 1, 2, 3, 4);

Deno.test("arraySource() splits samples in order, the last batch shorter", () => {
  const source = arraySource(columnsOf({ x, y }, specs), { batchSize: 2 });
  assertEquals(source.steps, 3);
  assertEquals(source.batchSize, 2);
  assertEquals(batchesOf(source), [
    { x: [[0, 0], [1, 1]], y: [[0], [1]] },
    { x: [[2, 2], [3, 3]], y: [[2], [3]] },
    { x: [[4, 4]], y: [[4]] },
  ]);
});

Deno.test("arraySource() serves typed arrays, tensors and nested arrays alike", () => {
  const forms = [
    { x, y },
    { x: tf.tensor2d(x, [5, 2]), y: tf.tensor1d(y) },
    { x: [[0, 0], [1, 1], [2, 2], [3, 3], [4, 4]], y: [0, 1, 2, 3, 4] },
    { x: Uint8Array.from(x), y: Int32Array.from(y) },
    { x: Float64Array.from(x), y: [[0], [1], [2], [3], [4]] },
    { x: [0, 1, 2, 3, 4].map((i) => Float32Array.of(i, i)), y },
  ];
  for (const shuffle of [false, true]) {
    const expected = batchesOf(
      arraySource(columnsOf(forms[0]!, specs), { batchSize: 2, shuffle }),
    );
    for (const form of forms.slice(1)) {
      const source = arraySource(columnsOf(form, specs), {
        batchSize: 2,
        shuffle,
      });
      assertEquals(batchesOf(source), expected);
    }
  }
});

Deno.test("arraySource() serves every sample once in each order (property)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(),
      (count, batchSize, seed) => {
        const y = Float32Array.from({ length: count }, (_, i) => i);
        const x = Float32Array.from({ length: 2 * count }, (_, i) => i >> 1);
        const source = arraySource(columnsOf({ x, y }, specs), {
          batchSize,
          shuffle: true,
        });
        const batches = batchesOf(source, 0, seed);
        assertEquals(batches.length, source.steps);
        const seen = batches.flatMap(({ x, y }) => {
          const labels = (y as number[][]).flat();
          assertEquals((x as number[][]).map(([first]) => first), labels);
          return labels;
        });
        assertEquals(seen.sort((a, b) => a - b), [...y]);
      },
    ),
    { numRuns: 25 },
  );
});

Deno.test("arraySource() shuffles depending only on seed and epoch", () => {
  const order = (seed: number, epoch: number) => {
    const columns = columnsOf({ x, y }, specs);
    const source = arraySource(columns, { batchSize: 5, shuffle: true });
    return batchesOf(source, epoch, seed)[0]!.y;
  };
  assertEquals(order(1, 3), order(1, 3));
  const orders = [0, 1, 2, 3].flatMap((seed) =>
    [0, 1, 2, 3].map((epoch) => JSON.stringify(order(seed, epoch)))
  );
  assertEquals(new Set(orders).size > 10, true);
});

Deno.test("arraySource() tells samples that are shuffled from the same in order", () => {
  const columns = columnsOf({ x, y }, specs);
  const about = (shuffle: boolean) =>
    arraySource(columns, { batchSize: 5, shuffle }).about!();
  assertEquals(about(true), `${about(false)}, shuffled`);
});

Deno.test("arraySource() keeps to a range of the samples, even when shuffled", () => {
  const columns = columnsOf({ x, y }, specs);
  for (const shuffle of [false, true]) {
    const source = arraySource(columns, {
      batchSize: 2,
      from: 2,
      to: 5,
      shuffle,
    });
    assertEquals(source.steps, 2);
    const seen = batchesOf(source).flatMap(({ y }) => (y as number[][]).flat());
    assertEquals(seen.sort(), [2, 3, 4]);
  }
});

Deno.test("arraySource() begins a pass at any batch, in the same order", () => {
  const columns = columnsOf({ x, y }, specs);
  for (const shuffle of [false, true]) {
    const source = arraySource(columns, {
      batchSize: 2,
      from: 1,
      shuffle,
    });
    const whole = batchesOf(source, 4);
    for (const start of [0, 1, 2]) {
      const rest = { batches: () => source.batchesFrom!(4, start, 7) };
      assertEquals(batchesOf(rest), whole.slice(start));
    }
  }
});

Deno.test("arraySource() frees a batch when the next comes or the pass is cut short", async () => {
  const tensors = { x: tf.tensor2d(x, [5, 2]), y: tf.tensor1d(y) };
  for (const data of [{ x, y }, tensors]) {
    for (const shuffle of [false, true]) {
      const leaked = await grown(() => {
        const source = arraySource(columnsOf(data, specs), {
          batchSize: 2,
          shuffle,
        });
        for (const batch of source.batches(0, 1) as Iterable<Batch>) {
          assertEquals(batch.inputs[0]!.isDisposed, false);
        }
        for (const _ of source.batches(0, 1) as Iterable<Batch>) break;
      });
      assertEquals(leaked, 0);
    }
  }
  assertEquals(tensors.x.isDisposed, false);
});

Deno.test("checkBatchSize() rejects all but whole numbers >= 1", () => {
  checkBatchSize("batchSize", 1);
  const bad = { "0": 0, "-1": -1, "1.5": 1.5, NaN, '"32"': "32" };
  for (const [shown, value] of Object.entries(bad)) {
    assertThrows(
      () => checkBatchSize("batchSize", value as number),
      InputError,
      `Cannot start as 'batchSize' must be an integer >= 1: current value is ${shown}`,
    );
  }
});
