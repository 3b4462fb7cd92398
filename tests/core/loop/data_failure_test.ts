import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { DataError, InputError } from "../../../core/errors.ts";
import { predictLoop, type Source, testLoop } from "../../../core/loop/mod.ts";
import { batches, notebook, scripted, training } from "../_scripted.ts";

/** Batches of which the pass of some number throws in place of its second batch. */
function failing(error: unknown, inPass = 0): Source<number> {
  let pass = 0;
  return {
    *batches() {
      yield 1;
      if (pass++ === inPass) throw error;
    },
  };
}

const quiet = { printer: notebook() };

Deno.test("data that throw end the run, with what failed, where and why", async () => {
  const cause = new Error("torn");
  const runs = {
    "The training data failed at epoch 1, batch 1: torn": () =>
      training(scripted(), failing(cause, 1), undefined, { epochs: 2 }),
    "The validation data failed at epoch 0, batch 1: torn": () =>
      training(scripted(), batches(1), failing(cause)),
    "The test data failed at batch 1: torn": () =>
      testLoop(scripted(), failing(cause), quiet),
    "The input data failed at batch 1: torn": () =>
      predictLoop(scripted(), failing(cause), () => {}, quiet),
  };
  for (const [message, run] of Object.entries(runs)) {
    const error = await assertRejects(run, DataError);
    assertEquals([error.message, error.cause], [message, cause]);
  }
});

Deno.test("data that cannot be opened failed at their first batch", async () => {
  const locked = {
    batches(): never {
      throw new Error("locked");
    },
  };
  await assertRejects(
    () => training(scripted(), locked, undefined),
    DataError,
    "The training data failed at epoch 0, batch 0: locked",
  );
});

Deno.test("a mistake that the data tell of is told as it is", async () => {
  const mistake = new InputError("Cannot read data.csv: line 3 is short");
  assertStrictEquals(
    await assertRejects(() =>
      training(scripted(), failing(mistake), undefined)
    ),
    mistake,
  );
});

Deno.test("a read that the caller gave up is the end of the run; what else fails then is a failure", async () => {
  const abortsWith = (error: (signal: AbortSignal) => unknown) => {
    const controller = new AbortController();
    const { signal } = controller;
    const data = {
      *batches() {
        yield 1;
        controller.abort(new Error("enough"));
        throw error(signal);
      },
    };
    return training(scripted(), data, undefined, { signal });
  };
  const { outcome } = await abortsWith(({ reason }) => reason);
  assertEquals(outcome, { status: "aborted", epoch: 0, reason: "enough" });
  await assertRejects(
    () => abortsWith(() => new Error("torn")),
    DataError,
    "torn",
  );
  await assertRejects(
    () => training(scripted(), failing(undefined), undefined),
    DataError,
    "The training data failed at epoch 0, batch 1",
  );
});

Deno.test("no batch is an error that says which data, and in a later epoch how to give them", async () => {
  const once = (...given: number[]) => {
    const iterator = given.values();
    return { batches: () => iterator };
  };
  const none = batches();
  const runs: [() => Promise<unknown>, string][] = [
    [
      () => training(scripted(), none, undefined),
      "Cannot run on no data: there is not one batch",
    ],
    [
      () =>
        training(scripted(), none, undefined, { initialEpoch: 3, epochs: 4 }),
      "Cannot run on no data: there is not one batch",
    ],
    [
      () => testLoop(scripted(), none, quiet),
      "Cannot run on no data: there is not one batch",
    ],
    [
      () => training(scripted(), batches(1), none),
      "Cannot validate on no data: there is not one batch (in the validation data)",
    ],
    [
      () => training(scripted(), once(1), undefined, { epochs: 2 }),
      "Cannot go on with epoch 1: the data gave no more batches. They can be read only once; give something that can be read again, or set 'stepsPerEpoch'",
    ],
    [
      () => training(scripted(), batches(1), once(1), { epochs: 2 }),
      "Cannot go on with epoch 1: the validation data gave no more batches. They can be read only once; give something that can be read again",
    ],
  ];
  for (const [run, message] of runs) {
    assertEquals((await assertRejects(run, InputError)).message, message);
  }
});
