import { assertEquals } from "@std/assert";
import { validationData } from "../../../core/loop/validation_data.ts";
import type { TestBatch } from "../../../core/plugin.ts";
import { batches, plugin, scripted, training } from "../_scripted.ts";

const samples = (batch: number) => ({ x: [[batch]], y: [] }) as never;

/** What came of one look at the data. */
async function look(data: ReturnType<typeof validationData>) {
  const came: TestBatch[] = [];
  for await (const batch of data!.batches()) came.push(batch);
  return came as unknown as { x: number[][] }[];
}

Deno.test("there are no data to look at where the steps cannot tell the samples", () => {
  assertEquals(validationData({}, batches(1, 2), undefined), undefined);
});

Deno.test("the data are those of one validation, as often as asked for", async () => {
  const all = validationData({ samples }, batches(1, 2, 3), undefined);
  for (let i = 0; i < 2; i++) {
    assertEquals((await look(all)).map(({ x }) => x), [[[1]], [[2]], [[3]]]);
  }
  const some = validationData({ samples }, batches(1, 2, 3), 2);
  assertEquals((await look(some)).map(({ x }) => x), [[[1]], [[2]]]);
});

Deno.test("batches that differ by the epoch are those of the first", async () => {
  const epochs: number[] = [];
  const source = {
    batches(epoch: number) {
      epochs.push(epoch);
      return [1];
    },
  };
  const data = validationData({ samples }, source, undefined);
  await Array.fromAsync(data!.batches());
  assertEquals(epochs, [0]);
});

Deno.test("steps are as far as they are known", () => {
  const steps = (known: number | undefined, limit: number | undefined) =>
    validationData({ samples }, { steps: known, batches: () => [] }, limit)!
      .steps;
  assertEquals(steps(3, undefined), 3);
  assertEquals(steps(undefined, undefined), undefined);
  assertEquals(steps(3, 2), 2);
  assertEquals(steps(3, 5), 3);
  assertEquals(steps(undefined, 5), 5);
});

Deno.test("a plugin sees the batches of the validation in a fit", async () => {
  const seen: unknown[] = [];
  await training(scripted({ samples }), batches(1), batches(5, 6), {
    validationSteps: 1,
    plugins: [plugin("p", {
      requires: ["validation"],
      async onTrainBegin(_logs, run) {
        seen.push(run.validation!.steps);
        for await (const { x } of run.validation!.batches()) seen.push(x);
      },
    })],
  });
  assertEquals(seen, [1, [[5]]]);
});
