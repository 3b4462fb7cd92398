/**
 * Writes what TensorBoard shows: scalars, the graph of the model, its weights as
 * histograms and pictures, in the folders, under the tags and at the steps of
 * Keras' callback of that name. `tensorboard --logdir runs` opens it, also while
 * the run goes on.
 *
 * @example Event files in the run's folder
 * ```ts
 * import tensorboard from "@hookloop/hookloop/plugins/tensorboard";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const dir = await Deno.makeTempDir();
 * const { fire } = fakeRun(tensorboard(), { dir, metrics: ["loss"] });
 * await fire("onTrainBegin");
 * await fire("onEpochEnd", 0, { loss: 0.5, val_loss: 0.6 });
 * await fire("onTrainEnd");
 * for (const { name } of Deno.readDirSync(`${dir}/logs/train`)) {
 *   console.log(name); // events.out.tfevents.…
 * }
 * ```
 *
 * @module
 */
import type { Logs, Plugin, Run } from "../core/plugin.ts";
import {
  type EventFiles,
  eventFiles,
  type EventPaths,
} from "./_tensorboard/event_files.ts";
import { learningRateOf } from "./_tensorboard/learning_rate.ts";
import { optimizerSteps } from "./_tensorboard/optimizer_steps.ts";
import {
  type EpochSoFar,
  type StepRate,
  stepRate,
} from "./_tensorboard/step_rate.ts";
import { graphValues } from "./_tensorboard/graph.ts";
import {
  endValues,
  HPARAMS_DEFINITIONS,
  hparamsOf,
  startValues,
} from "./_tensorboard/hparams.ts";
import { type Encode, loadMessages } from "./_tensorboard/messages.ts";
import {
  readTensorboardOptions,
  type TensorboardOptions,
} from "./_tensorboard/options.ts";
import { profileWriter } from "./_tensorboard/profile.ts";
import { type Projector, projector } from "./_tensorboard/projector.ts";
import { scalarValues } from "./_tensorboard/values.ts";
import { type EncodePng, loadPng } from "./_tensorboard/weight_pictures.ts";
import { weightValues } from "./_tensorboard/weight_values.ts";

export {
  defaults,
  help,
  type TensorboardOptions,
} from "./_tensorboard/options.ts";

/**
 * Write event files: `train/` has the scalars `epoch_…` of each epoch and
 * `batch_…` of batches, the graph, histograms and pictures; `validation/` has
 * the scalars of validation, and `evaluation_…_vs_iterations` at the step of the
 * optimizer; `logDir` itself has the hyper-parameters. A range of batches is
 * profiled into `train/plugins/profile/TIME/hookloop.trace.json.gz`, in Chrome's
 * format, which TensorBoard's plugin for profiles reads.
 *
 * @param options What to write, how often, and where.
 * @throws {OptionError} If a number is out of range, or `logDir` is no path of
 * a run's file.
 */
export default function tensorboard(options: TensorboardOptions = {}): Plugin {
  const read = readTensorboardOptions(options);
  const { name, logDir, every, histogramFreq, writeStepsPerSecond } = read;
  const { embeddingsFreq, metadata, hparams } = read;
  const profiled = read.profiled && profileWriter(logDir, read.profiled);

  const state: EventPaths = {};
  let files: EventFiles;
  let rate: StepRate;
  let encode: Encode;
  let encodePng: EncodePng | undefined;
  let embeddings: Projector | undefined;
  /** Over all runs of this plugin, as in Keras. */
  let testBatches = 0;
  /** Those of the last training, which an evaluation may come after. */
  let trained = 0;

  /** Whether what comes after so many batches is written. */
  const counts = (batches: number) =>
    every === "epoch" || batches % every === 0;

  async function begin(run: Run): Promise<void> {
    run.path(logDir);
    encode = await loadMessages(HPARAMS_DEFINITIONS);
    files = eventFiles(run, logDir, state, encode);
    rate = stepRate(run.now);
    if (read.writeImages && histogramFreq) encodePng = await loadPng();
    if (read.writeGraph) files.add("train", 0, graphValues(name, run));
  }

  function addEpoch(epoch: number, logs: Logs, run: Run): void {
    const [train, validation] = parted(logs);
    const rates: Record<string, number> = {};
    const learningRate = learningRateOf(run);
    if (learningRate !== undefined) rates.learning_rate = learningRate;
    if (writeStepsPerSecond) {
      rates.steps_per_second = rate.ofEpoch(optimizerSteps(run, trained));
    }
    const tagOf = (key: string) => `epoch_${key}`;
    files.add("train", epoch, scalarValues({ ...train, ...rates }, tagOf));
    files.add("validation", epoch, scalarValues(validation, tagOf));
  }

  const ofBatches: Partial<Plugin> = {
    onTrainBatchEnd(_batch, logs, run) {
      if (!counts(run.step)) return;
      const rates = writeStepsPerSecond && { steps_per_second: rate.ofBatch() };
      const all = { ...rates, ...logs };
      files.add("train", run.step, scalarValues(all, (key) => `batch_${key}`));
    },
    onTestBatchBegin: () => void testBatches++,
  };

  return {
    name,
    needs: {
      onTestEnd: "all",
      onEpochEnd: "all",
      ...every !== "epoch" && { onTrainBatchEnd: "all" as const },
    },
    requires: histogramFreq || embeddingsFreq ? ["weights"] : [],
    state,
    keeps: {
      save: (): Kept => ({ testBatches, epoch: rate.save() }),
      load(saved) {
        const { epoch, ...counted } = saved as Kept;
        ({ testBatches } = counted);
        rate.load(epoch);
      },
    },
    ...every !== "epoch" && ofBatches,
    ...(profiled || every !== "epoch") && {
      onTrainBatchBegin(_batch: number, _logs: Logs, run: Run) {
        const writing = profiled?.begins(run);
        return writing
          ? writing.then(() => rate.beginBatch())
          : rate.beginBatch();
      },
    },
    async onTrainBegin(_logs, run) {
      if (embeddingsFreq) {
        const every = embeddingsFreq;
        embeddings = projector(name, { logDir, every, metadata }, run);
        await embeddings.begin();
      }
      await begin(run);
      if (hparams) {
        files.add("", 0, startValues(encode, hparamsOf(run, hparams), run));
      }
      if (every !== "epoch") files.begin("train");
    },
    onEpochBegin: (_epoch, _logs, run) =>
      rate.beginEpoch(optimizerSteps(run, trained)),
    async onTestBegin(_logs, run) {
      if (run.params.mode !== "fit") await begin(run);
      else await profiled?.ends(run);
      if (every !== "epoch") files.begin("validation");
    },
    onTestEnd(logs, run) {
      files.begin("validation");
      const tagOf = (key: string) => `evaluation_${key}_vs_iterations`;
      if (counts(testBatches)) {
        const step = optimizerSteps(run, trained);
        files.add("validation", step, scalarValues(logs, tagOf));
      }
      if (run.params.mode !== "fit") files.close();
    },
    async onEpochEnd(epoch, logs, run) {
      await profiled?.ends(run);
      await embeddings?.endEpoch(epoch);
      if (!counts(run.step)) return;
      addEpoch(epoch, logs, run);
      if (histogramFreq && epoch % histogramFreq === 0) {
        files.add("train", epoch, await weightValues(run, encodePng));
      }
    },
    async onTrainEnd(_logs, run) {
      await profiled?.over(run);
      trained = run.step;
      if (hparams) files.add("", 0, endValues(encode, run));
      files.close();
    },
  };
}

/** What is kept beside the files. */
interface Kept {
  readonly testBatches: number;
  readonly epoch: EpochSoFar;
}

/** Logs of training, and those of validation without what says that they are. */
function parted(logs: Logs): [train: Logs, validation: Logs] {
  const all = Object.entries(logs);
  const isValidation = ([key]: [string, unknown]) => key.startsWith("val_");
  const validation = all.filter(isValidation)
    .map(([key, value]) => [key.slice("val_".length), value]);
  return [
    Object.fromEntries(all.filter((it) => !isValidation(it))),
    Object.fromEntries(validation),
  ];
}
