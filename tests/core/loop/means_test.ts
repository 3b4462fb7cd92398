import { assertEquals, assertThrows } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import { meansOfValues } from "../../../core/loop/means.ts";

/** A scalar that can only be read later, as on a GPU. */
function later(value: number, freed: number[] = []) {
  return {
    dataSync(): number[] {
      throw new Error("only later");
    },
    data: () => Promise.resolve([value]),
    dispose: () => void freed.push(value),
  };
}

Deno.test("means are weighted by the sizes of the batches", () => {
  const means = meansOfValues();
  assertEquals(means.add({ loss: 1 }, 3), undefined);
  means.add({ loss: 5 }, 1);
  assertEquals(means.logs(), { loss: 2 });
  assertEquals(means.batchLogs(), { loss: 5 });
});

Deno.test("a key counts in the batches that have it", () => {
  const means = meansOfValues();
  means.add({ loss: 1 }, 1);
  means.add({ loss: 3, f1: 0.5 }, 1);
  assertEquals(means.logs(), { loss: 2, f1: 0.5 });
});

Deno.test("all values that come later are waited for, read and freed", async () => {
  const means = meansOfValues();
  const freed: number[] = [];
  const slow = { ...later(3, freed) };
  slow.data = async () => {
    await new Promise((resolve) => setTimeout(resolve));
    return [3];
  };
  const adding = means.add(
    { loss: slow, mae: later(4, freed), acc: 1 },
    2,
  );
  assertEquals(means.logs(), { acc: 1 });
  assertEquals(await adding, undefined);
  assertEquals(means.logs(), { acc: 1, mae: 4, loss: 3 });
  assertEquals(freed, [4, 3]);
});

Deno.test("a value that cannot be read throws as it does", () => {
  const { data: _, ...unreadable } = later(1);
  assertThrows(
    () => meansOfValues().add({ loss: unreadable }, 1),
    Error,
    "only later",
  );
});

Deno.test("a key that no log can have is refused", () => {
  const odd = { "": 1 };
  assertThrows(() => meansOfValues().add(odd, 1), InputError, "is no log key");
});

Deno.test("what is no number and no tensor is refused with its key", () => {
  const refusal = (values: unknown) =>
    assertThrows(
      () => meansOfValues().add(values as { loss: number }, 1),
      InputError,
    ).message;
  assertEquals(
    refusal({ loss: "0.5" }),
    `Cannot use a step's values: "loss" is "0.5", expected a number or a tensor of one`,
  );
  assertEquals(
    refusal({ loss: null }),
    `Cannot use a step's values: "loss" is null, expected a number or a tensor of one`,
  );
  const others = [[undefined, "undefined"], [null, "null"], [[1], "[1]"]];
  for (const [values, shown] of others) {
    assertEquals(
      refusal(values),
      `Cannot use a step's values: they are ${shown}, expected an object such as { loss: 0.5 }`,
    );
  }
});
