import { assertEquals, assertRejects } from "@std/assert";
import { InputError, SetupError } from "../../../core/errors.ts";
import { type OwnSteps, train } from "../../../core/loop/mod.ts";
import { notebook, plugin } from "../_scripted.ts";

const quiet = { printer: notebook() };

Deno.test("train() loops over a step of one's own and forms the means", async () => {
  const { history } = await train(
    {
      trainStep: (batch: number) => ({ loss: batch }),
      testStep: (batch) => ({ loss: batch * 2 }),
    },
    [1, 3],
    { ...quiet, epochs: 2, validation: [5] },
  );
  assertEquals(history, { loss: [2, 2], val_loss: [10, 10] });
});

Deno.test("sizeOf weighs the batches", async () => {
  const steps: OwnSteps<number[]> = {
    trainStep: (batch) => ({ loss: batch[0]! }),
    sizeOf: (batch) => batch.length,
  };
  const { history } = await train(steps, [[1, 1, 1], [5]], quiet);
  assertEquals(history.loss, [2]);
});

Deno.test("steps may be async and give scalars, which are read and freed", async () => {
  let freed = 0;
  const scalar = (value: number) => ({
    dataSync: () => [value],
    dispose: () => void freed++,
  });
  const { history } = await train(
    { trainStep: (batch: number) => Promise.resolve({ loss: scalar(batch) }) },
    [1, 3],
    quiet,
  );
  assertEquals(history.loss, [2]);
  assertEquals(freed, 2);
});

Deno.test("data may be a function that makes batches for each epoch", async () => {
  const { history } = await train(
    { trainStep: (batch: number) => ({ loss: batch }) },
    (epoch) => [epoch, epoch],
    { ...quiet, epochs: 3 },
  );
  assertEquals(history.loss, [0, 1, 2]);
});

Deno.test("declared keys are proved before the first step, others at the first call", async () => {
  let steps = 0;
  const needy = plugin("needy", {
    needs: { onEpochEnd: ["f1"] },
    onEpochEnd() {},
  });
  const trainStep = (_: number) => {
    steps++;
    return { loss: 1 };
  };
  await assertRejects(
    () =>
      train({ metrics: ["loss"], trainStep }, [1], {
        ...quiet,
        plugins: [needy],
      }),
    SetupError,
  );
  assertEquals(steps, 0);
  await assertRejects(
    () => train({ trainStep }, [1], { ...quiet, plugins: [needy] }),
    SetupError,
  );
  assertEquals(steps, 1);
});

Deno.test("validation without a testStep is refused", async () => {
  const error = await assertRejects(
    () =>
      train({ trainStep: (_: number) => ({ loss: 1 }) }, [1], {
        ...quiet,
        validation: [1],
      }),
    InputError,
  );
  assertEquals(
    error.message,
    "Cannot validate as there is no 'testStep': give one beside 'trainStep', or leave 'validation' out",
  );
});

Deno.test("a scalar that can only be read later, as on a GPU, is waited for", async () => {
  let freed = 0;
  const scalar = (value: number) => ({
    dataSync(): number[] {
      throw new Error("only data() here");
    },
    data: () => Promise.resolve([value]),
    dispose: () => void freed++,
  });
  const { history } = await train(
    { trainStep: (batch: number) => ({ loss: scalar(batch), mae: 1 }) },
    [1, 3],
    quiet,
  );
  assertEquals(history, { loss: [2], mae: [1] });
  assertEquals(freed, 2);
});
