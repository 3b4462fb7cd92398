/**
 * Plugins whose hooks throw, return anything, and ask the run for anything, in
 * `fit`, `train` and a callback list.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { callbackList } from "../../../core/loop/callback_list.ts";
import { train } from "../../../core/loop/own_step.ts";
import { HOOK_NAMES, type Plugin, type Run } from "../../../core/plugin.ts";
import { silent } from "../../../core/terminal.ts";
import { fit } from "../../../core/tf/fit.ts";
import csvLogger from "../../../plugins/csv_logger.ts";
import printLogs from "../../../plugins/print_logs.ts";
import progress from "../../../plugins/progress.ts";
import terminateOnNaN from "../../../plugins/terminate_on_nan.ts";
import { classifier } from "../../core/tf/_models.ts";
import { type AnyTarget, target } from "../target.ts";
import { number, rarely, record, thrown, value, word } from "../values.ts";

/** What a hook does. */
type Deed = (run: Run) => unknown;

/** Asked for with whatever the generator gives. */
// deno-lint-ignore no-explicit-any -- a plugin in JavaScript is not held to types
type Anything = any;

/** Deeds that the run knows, with nasty arguments. */
const asked: fc.Arbitrary<Deed> = fc.oneof(
  value.map((reason): Deed => (run) => run.stop(reason as Anything)),
  value.map((line): Deed => (run) => run.print(line as Anything)),
  value.map((line): Deed => (run) => run.status(line as Anything)),
  value.map((rate): Deed => (run) => {
    run.optimizer.learningRate = rate as Anything;
  }),
  value.map((momentum): Deed => (run) => {
    run.optimizer.momentum = momentum as Anything;
  }),
  fc.tuple(value, value).map(([name, options]): Deed => (run) =>
    run.weights.snapshot(name as Anything, options as Anything)
  ),
  value.map((name): Deed => (run) => run.weights.restore(name as Anything)),
  fc.tuple(fc.constantFrom("a", "b"), number).map(
    ([name, momentum]): Deed => (run) => {
      run.weights.snapshot(name);
      run.weights.average(name, momentum);
      run.weights.restore(name);
    },
  ),
  value.map((x): Deed => (run) => run.predict(x as Anything)),
  fc.oneof(fc.constantFrom("weights", "step"), value).map(
    (where): Deed => (run) => run.firstNonFinite(where as Anything),
  ),
  value.map((options): Deed => (run) => run.stop("why", options as Anything)),
  value.map((options): Deed => (run) => run.backup(options as Anything)),
  value.map((key): Deed => (run) => run.direction(key as Anything)),
  value.map((hook): Deed => (run) => run.keys(hook as Anything)),
  word.filter((path) => !/^([a-z]:)?[\\/]|\.\.|~/i.test(path)).map(
    (path): Deed => (run) => run.save(path),
  ),
  fc.constant<Deed>((run) => run.batchLogs()),
);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: asked },
  {
    weight: 3,
    arbitrary: asked.map((deed): Deed => async (run) => await deed(run)),
  },
  { weight: 3, arbitrary: value.map((made): Deed => () => made) },
  {
    weight: 1,
    arbitrary: value.map((made): Deed => () => Promise.resolve(made)),
  },
  {
    weight: 3,
    arbitrary: thrown.map((error): Deed => () => {
      throw error;
    }),
  },
  {
    weight: 1,
    arbitrary: thrown.map((error): Deed => () => Promise.reject(error)),
  },
  {
    weight: 1,
    arbitrary: record(["loss", "gap"], number).map((logs): Deed => () => logs),
  },
);

const hook = fc.constantFrom(
  ...HOOK_NAMES.filter((name) => !/Predict/.test(name)),
);

/** A plugin that does these deeds, the run being the last argument of a hook. */
const plugin: fc.Arbitrary<Plugin> = fc.record({
  deeds: fc.array(fc.tuple(hook, deed), { minLength: 1, maxLength: 3 }),
  more: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constant({ onError: "disable" as const }) },
    {
      weight: 1,
      arbitrary: fc.constant({ requires: ["weights", "save"] as const }),
    },
    {
      weight: 1,
      arbitrary: fc.constant({
        provides: { onEpochEnd: ["gap"], onTrainBatchEnd: ["loss"] },
      }),
    },
  ),
}).map(({ deeds, more }) => ({
  name: "fuzzed",
  ...Object.fromEntries(
    deeds.map((
      [hook, deed],
    ) => [hook, (...args: unknown[]) => deed(args.at(-1) as Run)]),
  ),
  ...more,
}));

const loops = {
  async fit(plugins: readonly Plugin[], dir: string) {
    const model = classifier();
    try {
      const data = { x: [[1, 2], [3, 4], [5, 6]], y: [0, 1, 2] };
      await fit(model, data, {
        ...{ plugins, dir, printer: silent(), epochs: 2, batchSize: 2 },
        validationData: data,
      });
    } finally {
      model.optimizer.dispose();
      model.dispose();
      tf.disposeVariables();
    }
  },
  async train(plugins: readonly Plugin[], dir: string) {
    const step = (batch: number) => ({ loss: batch });
    await train(
      { metrics: ["loss"], trainStep: step, testStep: step },
      [1, 2],
      {
        ...{ plugins, dir, printer: silent(), epochs: 2, validation: [3] },
      },
    );
  },
  async list(plugins: readonly Plugin[], dir: string) {
    const options = { plugins, dir, printer: silent(), metrics: ["loss"] };
    await using list = callbackList(options);
    for await (const epoch of list.epochs(2)) {
      for await (const batch of epoch.batches([3, 2])) {
        await batch.end({ loss: batch.data });
      }
    }
  },
} as const;

/** One or two such plugins in a loop. */
export const hooks: AnyTarget = target({
  name: "hooks",
  share: 25,
  inputs: fc.record({
    plugins: fc.array(plugin, { minLength: 1, maxLength: 2 }).map((all) =>
      all.map((plugin, i) => ({ ...plugin, name: `fuzzed-${i}` }))
    ),
    loop: fc.constantFrom(...Object.keys(loops) as (keyof typeof loops)[]),
  }),
  attempt: ({ plugins, loop }, dir) => loops[loop](plugins, dir),
});

/** What a step of one's own reports, made when it is taken. */
const reported: fc.Arbitrary<() => unknown> = fc.oneof(
  record(["loss", "accuracy"], fc.oneof(number, value)).map((made) => () =>
    made
  ),
  record(["loss"], number).map((made) => () => made),
  value.map((made) => () => made),
  value.map((made) => () => Promise.resolve(made)),
  thrown.map((error) => () => Promise.reject(error)),
  thrown.map((error) => () => {
    throw error;
  }),
);

/** Steps that report anything, with loggers that read it. */
export const steps: AnyTarget = target({
  name: "steps",
  share: 10,
  inputs: fc.record({
    trained: reported,
    tested: rarely(reported, 2),
    metrics: fc.constantFrom(["loss"], ["loss", "accuracy"], undefined),
    data: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom<unknown>([1, 2], () => [1]) },
      { weight: 1, arbitrary: value },
    ),
  }),
  async attempt({ trained, tested, metrics, data }, dir) {
    // What a step throws is its own, and comes out as it is.
    const own: unknown[] = [];
    const noting = (step: () => unknown) => async () => {
      try {
        return await step();
      } catch (error) {
        own.push(error);
        throw error;
      }
    };
    const testStep = tested && noting(tested);
    try {
      await train(
        { metrics, trainStep: noting(trained), testStep } as Anything,
        data as Anything,
        {
          ...{ dir, epochs: 2, printer: silent() },
          validation: tested && [1],
          plugins: [csvLogger(), printLogs(), progress(), terminateOnNaN()],
        },
      );
      return "fine";
    } catch (error) {
      if (own.includes(error)) return "own";
      throw error;
    }
  },
});
