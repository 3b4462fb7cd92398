/**
 * Experiments, one or two of whose parts are anything.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { checkExperiment } from "../../../core/cli/experiment/check.ts";
import type { Context } from "../../../core/cli/experiment/context.ts";
import type {
  Experiment,
  ExperimentOptions,
} from "../../../core/cli/experiment/experiment.ts";
import { FailedRun } from "../../../core/cli/experiment/failed_run.ts";
import { runOnce } from "../../../core/cli/experiment/run_once.ts";
import { silent } from "../../../core/terminal.ts";
import { classifier } from "../../core/tf/_models.ts";
import { type AnyTarget, target } from "../target.ts";
import { number, rarely, record, thrown, value, word } from "../values.ts";
import { almostPlugin } from "./modules.ts";

const good = (): Experiment => ({
  name: "fuzzed",
  options: { epochs: 1, batchSize: 2 },
  data: () => ({ train: { x: [[1, 2], [3, 4]], y: [0, 2] } }),
  model: () => classifier(),
});

const data = fc.oneof(
  value.map((made) => () => made),
  thrown.map((error) => () => {
    throw error;
  }),
  fc.record({ x: value, y: value }).map((train) => () => ({ train })),
  value.map((validation) => () => ({
    train: { x: [[1, 2]], y: [0] },
    validation,
  })),
  fc.array(value, { maxLength: 3 }).map((train) => () => ({ train })),
  value.map((batch) => () => ({
    train: function* () {
      yield { x: [[1, 2]], y: [1] };
      yield batch;
    },
  })),
  fc.array(fc.array(number, { minLength: 2, maxLength: 2 }), { maxLength: 3 })
    .map((x) => () => ({ train: { x, y: x.map(() => 0) } })),
  word,
);

/** Parts of an experiment. Epochs are few, since many are no mistake. */
const part: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  value.map((name) => ({ name })),
  data.map((data) => ({ data })),
  value.map((model) => ({ model: () => model })),
  thrown.map((error) => ({
    model: () => {
      throw error;
    },
  })),
  fc.constant({ model: () => tf.sequential() }),
  record([
    ...[
      "batchSize",
      "classWeight",
      "gradients",
      "initialEpoch",
      "learningRate",
    ],
    ...["shuffle", "stepsPerEpoch", "validationBatchSize", "validationFreq"],
    ...["validationSplit", "validationSteps"],
  ]).map((options) => ({ options: { epochs: 1, ...options } })),
  fc.constantFrom(0, 2, -1, 1.5, NaN, Infinity, "3", null, {}).map((
    epochs,
  ) => ({ options: { epochs } })),
  fc.array(fc.oneof(almostPlugin, value), { maxLength: 2 }).map((plugins) => ({
    plugins,
  })),
  value.map((plugins) => ({ plugins })),
  fc.oneof(value, fc.array(value, { maxLength: 2 })).map((use) => ({ use })),
  record(["name", "model", "data", "options", "plugins", "use", "callbacks"]),
);

/** What a file exports. */
export const experiments: AnyTarget = target({
  name: "experiments",
  share: 25,
  inputs: fc.record({
    parts: fc.array(part, { minLength: 1, maxLength: 2 }),
    instead: rarely(value, 12),
    options: rarely(
      fc.constantFrom<ExperimentOptions>({ validationSplit: 0.5 }, {
        learningRate: 0,
      }, { stepsPerEpoch: 1 }),
      1,
    ),
  }),
  async attempt({ parts, instead, options = {} }, dir) {
    const given = instead ?? Object.assign(good(), ...parts);
    const experiment = typeof instead === "function"
      ? instead as () => void
      : checkExperiment(given, "fuzzed.ts");
    const context: Context = {
      seed: 1,
      options,
      dir: `${dir}/run`,
      plugins: (own) => own ?? [],
      printer: silent(),
      about: { experiment: "fuzzed.ts" },
      signal: AbortSignal.timeout(30_000),
    };
    await runOnce(experiment, context).catch((failed) => {
      throw failed instanceof FailedRun ? failed.cause : failed;
    });
  },
});
