import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { InputError } from "../../../../core/errors.ts";
import type { Batch } from "../../../../core/tf/data/batch.ts";
import { trainingSource } from "../../../../core/tf/data/batch_source.ts";
import {
  inputSpecs,
  targetSpecs,
} from "../../../../core/tf/data/tensor_spec.ts";
import { grown, linear } from "../_models.ts";

const model = linear();
const specs = { inputs: inputSpecs(model), targets: targetSpecs(model) };
const source = (data: Parameters<typeof trainingSource>[0]) =>
  trainingSource(data, specs, { batchSize: 1 });
const list = [1, 2, 3].map((n) => ({ x: [n], y: [n] }));

function inputsOf(batches: Iterable<Batch> | AsyncIterable<Batch>): number[] {
  return Array.from(
    batches as Iterable<Batch>,
    ({ inputs }) => inputs[0]!.dataSync()[0]!,
  );
}

Deno.test("streamSource() of a list knows its length and can begin anywhere in it", async () => {
  const { steps, batches, batchesFrom } = source(list);
  assertEquals(steps, 3);
  const leaked = await grown(() => {
    assertEquals(inputsOf(batches(0)), [1, 2, 3]);
    assertEquals(inputsOf(batchesFrom!(0, 1)), [2, 3]);
    assertEquals(inputsOf(batches(1)), [1, 2, 3]);
  });
  assertEquals(leaked, 0);
});

Deno.test("streamSource() of a stream read only once begins only at its beginning", () => {
  const made = source(() => list);
  assertEquals(made.steps, undefined);
  assertFalse("batchesFrom" in made);
  assert("batches" in source(list.values()));
});

Deno.test("streamSource() counts a bad batch from the beginning of the list", () => {
  const { batchesFrom } = source([...list, { x: [[1, 2]], y: [1] }]);
  assertThrows(
    () => inputsOf(batchesFrom!(0, 2)),
    InputError,
    "(in batch 3 of the data)",
  );
});
