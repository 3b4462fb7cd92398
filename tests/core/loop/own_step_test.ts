import { assertEquals, assertRejects } from "@std/assert";
import { InputError, SetupError } from "../../../core/errors.ts";
import {
  type GradientTransform,
  type OwnSteps,
  train,
  type TrainOptions,
} from "../../../core/loop/mod.ts";
import { fakeResources } from "../../../core/run/fake_resources.ts";
import { startPosition } from "../../../core/run/state.ts";
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

Deno.test("declared keys and those that come must be the same", async () => {
  const error = await assertRejects(
    () =>
      train(
        {
          metrics: ["loss", "mae"],
          trainStep: (_: number) => ({ loss: 1, mea: 1 }),
        },
        [1],
        quiet,
      ),
    InputError,
  );
  assertEquals(
    error.message,
    `Cannot use a step's values: "mea" is not among the declared keys "loss", "mae", did you mean "mae"?`,
  );
  await assertRejects(
    () =>
      train(
        { metrics: ["loss", "mae"], trainStep: (_: number) => ({ loss: 1 }) },
        [1],
        quiet,
      ),
    InputError,
    "\"mae\" was declared in 'metrics' and is missing",
  );
});

Deno.test("a key that no log can have is refused as it comes", async () => {
  await assertRejects(
    () =>
      train(
        { trainStep: (_: number) => ({ constructor: 1 } as never) },
        [1],
        quiet,
      ),
    InputError,
    '"constructor" cannot be a log key',
  );
});

Deno.test("run.batchLogs() tells what the batch reported for itself, beside the means", async () => {
  const seen: unknown[] = [];
  await train(
    { metrics: ["loss"], trainStep: (batch: number) => ({ loss: batch }) },
    [1, 3],
    {
      ...quiet,
      plugins: [
        plugin("p", {
          requires: ["batchLogs"],
          onTrainBatchEnd: (_b, logs, run) =>
            void seen.push([logs.loss, run.batchLogs()]),
        }),
      ],
    },
  );
  assertEquals(seen, [[1, { loss: 1 }], [2, { loss: 3 }]]);
});

Deno.test("keys known only as they come, missing in an end hook: the others end, and the error comes after", async () => {
  const ended: string[] = [];
  const error = await assertRejects(
    () =>
      train({ trainStep: (_: number) => ({ loss: 1 }) }, [1], {
        ...quiet,
        plugins: [
          plugin("needy", {
            needs: { onTrainEnd: ["f1"] },
            onTrainEnd: () => void ended.push("needy"),
          }),
          plugin("fine", { onTrainEnd: () => void ended.push("fine") }),
        ],
      }),
    SetupError,
  );
  assertEquals(error.problems.length, 1);
  assertEquals(ended, ["fine"]);
});

Deno.test("keys that are missing at a later hook fail the run, and its end hooks run", async () => {
  const ended: unknown[] = [];
  await assertRejects(
    () =>
      train({ trainStep: (_: number) => ({ loss: 1 }) }, [1], {
        ...quiet,
        plugins: [
          plugin("needy", {
            needs: { onEpochEnd: ["f1"], onTrainEnd: ["f1"] },
            onEpochEnd() {},
            onTrainEnd: (_l, run) => void ended.push(run.outcome?.status),
          }),
        ],
      }),
    SetupError,
  );
  assertEquals(ended, ["failed"]);
});

Deno.test("gradients are worked out, transformed in order, applied and freed", async () => {
  let weight = 10;
  let alive = 0;
  const number = (value: number) => {
    alive++;
    return { value, dispose: () => void alive-- };
  };
  type Number = ReturnType<typeof number>;
  const seen: unknown[] = [];
  const times = (name: string, factor: number): GradientTransform<Number> => ({
    name,
    apply({ w }, { step, values }) {
      seen.push([name, step, values.w!.value]);
      return { w: number(w!.value * factor) };
    },
  });
  const held = number(0);
  const { history } = await train(
    {
      metrics: ["loss"],
      gradientStep: (target: number) => ({
        values: { loss: (weight - target) ** 2 },
        gradients: { w: number(weight - target) },
      }),
      applyGradients: ({ w }) => void (weight -= w!.value),
      variables: () => ({ w: { ...held, value: weight } }),
    },
    [0, 0],
    {
      ...quiet,
      gradients: [times("halve", 0.5), times("tenth", 0.1)],
    },
  );
  assertEquals(weight, 10 * 0.95 ** 2);
  assertEquals(history.loss, [(100 + 9.5 ** 2) / 2]);
  assertEquals(seen, [
    ["halve", 0, 10],
    ["tenth", 0, 10],
    ["halve", 1, 9.5],
    ["tenth", 1, 9.5],
  ]);
  assertEquals(alive, 1); // The one that is held here.
});

Deno.test("gradients without a gradientStep are refused", async () => {
  const error = await assertRejects(
    () =>
      train({ trainStep: (_: number) => ({ loss: 1 }) }, [1], {
        ...quiet,
        gradients: [{ name: "none", apply: (given) => given }],
      }),
    InputError,
  );
  assertEquals(
    error.message,
    "Cannot transform gradients as there is no 'gradientStep': give 'gradientStep', 'applyGradients' and 'variables' in place of 'trainStep', or leave 'gradients' out",
  );
});

Deno.test("what a run is given beside its steps is there for its plugins", async () => {
  const saved: string[] = [];
  const { optimizer, weights } = fakeResources({}, [0], new Set());
  const seen: unknown[] = [];
  await train(
    {
      ...{ metrics: ["loss", "f1"], directions: { f1: "max" } },
      ...{ optimizer, weights, model: "the model" },
      save: (path) => Promise.resolve(void saved.push(path)),
      predict: () => [[7]] as never,
      trainStep: () => ({ loss: 1, f1: 2 }),
    },
    [1],
    {
      plugins: [plugin("p", {
        ...{
          requires: ["learningRate", "weights", "save", "model", "predict"],
        },
        async onTrainEnd(_logs, run) {
          await run.save("best");
          seen.push(
            run.optimizer.learningRate,
            run.weights.entries().length,
            run.model,
            await run.predict([]),
            run.direction("f1"),
          );
        },
      })],
    },
  );
  assertEquals(seen, [0.01, 1, "the model", [[7]], "max"]);
  assertEquals(saved, ["best"]);
});

Deno.test("batches weigh what sizeOf says, 1 without it", async () => {
  const steps = {
    metrics: ["loss"],
    trainStep: (batch: number) => ({ loss: batch }),
  };
  const position = startPosition(0);
  await train(steps, [1, 5], { position } as TrainOptions<number>);
  assertEquals(position.epochs[0]!.logs, { loss: 3 });
  const sizeOf = (batch: number) => batch === 1 ? 3 : 1;
  const { history } = await train({ ...steps, sizeOf }, [1, 5]);
  assertEquals(history.loss, [2]);
});

Deno.test("the samples of batches are there for plugins that look", async () => {
  const seen: unknown[] = [];
  const steps = {
    metrics: ["loss"],
    trainStep: (batch: number) => ({ loss: batch }),
    testStep: (batch: number) => ({ loss: batch }),
  };
  const looker = plugin("p", {
    requires: ["validation"],
    async onTrainEnd(_logs, run) {
      for await (const { x } of run.validation!.batches()) seen.push(x);
    },
  });
  const options = { validation: [8, 9], plugins: [looker] };
  const samplesOf = (batch: number) => ({ x: [batch], y: [] }) as never;
  await train({ ...steps, samplesOf }, [1], options);
  assertEquals(seen, [[8], [9]]);
  await assertRejects(
    () => train(steps, [1], options),
    SetupError,
    "requires validation data",
  );
});

Deno.test("what is no list is read on to where a run goes on", async () => {
  const seen: number[] = [];
  const position = startPosition(0);
  Object.assign(position.training, { batch: 2, taken: 2 });
  await train(
    {
      metrics: ["loss"],
      trainStep(batch: number) {
        seen.push(batch);
        return { loss: batch };
      },
    },
    new Set([1, 2, 6]),
    { position } as TrainOptions<number>,
  );
  assertEquals(seen, [6]);
});

Deno.test("a list tells its length, and is not read again where a run goes on", async () => {
  const steps: unknown[] = [];
  const seen: number[] = [];
  const own = {
    metrics: ["loss"],
    trainStep(batch: number) {
      seen.push(batch);
      return { loss: batch };
    },
  };
  const looker = plugin("p", {
    onTrainBegin: (_l, { params }) => void steps.push(params.steps),
  });
  const position = startPosition(0);
  Object.assign(position.training, {
    ...{ batch: 2, taken: 2 },
    sums: { values: { loss: 3 }, weights: { loss: 2 } },
  });
  const options = { position, plugins: [looker] } as TrainOptions<number>;
  await train(own, [1, 2, 6], options);
  await train(own, new Set([4]), { plugins: [looker] });
  assertEquals(seen, [6, 4]);
  assertEquals(steps, [3, undefined]);
  assertEquals(position.epochs[0]!.logs, { loss: 3 });
});

Deno.test("transforms count the steps from where the run begins, and forget at its end", async () => {
  const trace: unknown[] = [];
  const noter: GradientTransform<number> = {
    name: "noter",
    apply(gradients, { step }) {
      trace.push(step);
      return gradients;
    },
    reset: () => void trace.push("reset"),
  };
  const position = startPosition(0);
  position.step = 5;
  await train(
    {
      gradientStep: (batch: number) => ({
        values: { loss: batch },
        gradients: { w: batch },
      }),
      applyGradients() {},
      variables: () => ({ w: 0 }),
    },
    [1, 2],
    { gradients: [noter], position } as TrainOptions<number, number>,
  );
  assertEquals(trace, ["reset", 5, 6, "reset"]);
});

Deno.test("where a transform fails the values of the step are freed", async () => {
  let freed = 0;
  const loss = { dataSync: () => [1], dispose: () => void freed++ };
  await assertRejects(
    () =>
      train({
        gradientStep: () => ({ values: { loss, acc: 1 }, gradients: { w: 1 } }),
        applyGradients() {
          throw new Error("no room");
        },
        variables: () => ({ w: 0 }),
      }, [1]),
    Error,
    "no room",
  );
  assertEquals(freed, 1);
});

Deno.test("keys known only as they come may be those of a validation that runs now and then", async () => {
  const seen: unknown[] = [];
  const watcher = plugin("watcher", {
    needs: { onEpochEnd: ["val_loss"] },
    onEpochEnd: (_e, logs) => void seen.push({ ...logs }),
  });
  await train(
    {
      trainStep: (batch: number) => ({ loss: batch }),
      testStep: (batch) => ({ loss: batch * 2 }),
    },
    [1],
    {
      ...quiet,
      epochs: 2,
      validation: [5],
      validationFreq: 2,
      plugins: [watcher],
    },
  );
  assertEquals(seen, [{}, { val_loss: 10 }]);
});

Deno.test("data that are no batches are refused: which, what they must be, what they are", async () => {
  const steps = {
    trainStep: () => ({ loss: 1 }),
    testStep: () => ({ loss: 1 }),
  };
  const refusal = async (data: unknown, options: object = {}) => {
    const { message } = await assertRejects(
      () => train(steps, data as number[], options),
      InputError,
    );
    return message;
  };
  const kind =
    "must be batches: an iterable, or a function that makes one for each pass";
  assertEquals(
    await refusal(5),
    `Cannot start as 'data' ${kind}: current value is 5`,
  );
  assertEquals(
    await refusal("abc"),
    `Cannot start as 'data' ${kind}: current value is "abc"`,
  );
  assertEquals(
    await refusal([1], { validation: 5 }),
    `Cannot start as 'validation' ${kind}: current value is 5`,
  );
  const made =
    "Cannot use the data: the function that makes the batches of an epoch returned";
  assertEquals(
    await refusal(() => 5),
    `${made} a number; expected an iterable of batches`,
  );
  assertEquals(
    await refusal(() => Promise.resolve([1])),
    `${made} a promise; write it as async function*`,
  );
});

Deno.test("batches may be any iterable, or a function that makes one", async () => {
  async function* later() {
    yield 1;
  }
  const all = [[1], new Set([1]), later(), () => [1], later];
  for (const data of all) {
    const { history } = await train(
      { trainStep: (it) => ({ loss: it }) },
      data,
    );
    assertEquals(history, { loss: [1] });
  }
});

Deno.test("gradients that are no list of transforms are refused", async () => {
  const { message } = await assertRejects(
    () =>
      train({ trainStep: () => ({ loss: 1 }) }, [1], { gradients: 5 as never }),
    InputError,
  );
  assertEquals(
    message,
    "Cannot start as 'gradients' must be a list of transforms such as [clipByGlobalNorm(1)]: current value is 5",
  );
});

Deno.test("a testStep without data for it validates nothing", async () => {
  const steps = {
    trainStep: () => ({ loss: 1 }),
    testStep: () => ({ loss: 2 }),
  };
  assertEquals((await train(steps, [1])).history, { loss: [1] });
});
