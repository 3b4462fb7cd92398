/**
 * Run an experiment through `fit`, or through its own loop.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { isClass } from "../../contract/show.ts";
import { InputError } from "../../errors.ts";
import { fileError, writeWholeSync } from "../../files.ts";
import type { History } from "../../run/history.ts";
import type { HostOptions } from "../../run/run_options.ts";
import {
  CLASSES_FILE,
  classesJson,
  classNames,
} from "../../tf/checkpoint/class_names.ts";
import { fit } from "../../tf/fit.ts";
import { optimizerHandle } from "../../tf/model/optimizer.ts";
import { EXPECTED } from "./check.ts";
import { dataFingerprint } from "../report/fingerprint.ts";
import type { Facts } from "../report/run_record.ts";
import type { Context } from "./context.ts";
import { experimentData } from "./data.ts";
import type { Experiment, HandExperiment, Setup } from "./experiment.ts";
import { compiledModel, freeModel, modelFrom } from "./model.ts";
import { loopError } from "./own_code.ts";
import { findModel } from "./saved_model.ts";

/**
 * Create model and data, and train.
 *
 * @param setup What the experiment is given.
 * @param context Where the model starts from, where downloads report progress,
 * and who takes what is known of the data.
 * @returns Nothing if the experiment's own loop returns nothing.
 * @throws {InputError} If a part of the experiment is not what it should be.
 */
export async function runExperiment(
  experiment: Experiment | HandExperiment,
  setup: Setup,
  { from, printer, signal, know }:
    & Pick<Context, "from" | "printer" | "signal">
    & {
      /** Takes what is known of the data. */
      know?(facts: Facts): void;
    },
): Promise<History | undefined> {
  if (typeof experiment === "function") {
    if (from !== undefined) throw ownLoop(from);
    return await runLoop(experiment, setup, signal);
  }
  const { model, resumed } = from === undefined
    ? { model: await compiledModel(experiment, setup), resumed: false }
    : await modelFrom(await startOf(from, setup.print), experiment, setup);
  const { learningRate, validationSplit: _, ...options } = {
    ...experiment.options,
    ...setup.options,
  };
  // A checkpoint's optimizer keeps its learning rate, unless the flag says
  // otherwise.
  const rate = resumed ? setup.options.learningRate : learningRate;
  try {
    if (rate !== undefined) {
      optimizerHandle(model.optimizer).learningRate = rate;
    }
    const data = await experimentData(experiment, setup, printer, model);
    const { train, validation } = data;
    know?.({
      data: { ...data.about, ...await dataFingerprint({ train, validation }) },
    });
    return await fit(model, train, {
      ...options,
      validationData: validation,
      validationSplit: data.validationSplit,
      ...withClasses(setup.run(experiment.plugins), model),
    });
  } finally {
    freeModel(model);
  }
}

/** Options of a run whose folder says what the model calls its classes. */
function withClasses(
  run: HostOptions,
  model: InstanceType<typeof tf["LayersModel"]>,
): HostOptions {
  const names = classNames(model);
  if (!names || run.dryRun) return run;
  return {
    ...run,
    onPlan(...about) {
      const watch = run.onPlan?.(...about) ?? {};
      const path = `${run.dir ?? watch.dir}/${CLASSES_FILE}`;
      try {
        writeWholeSync(path, classesJson(names));
      } catch (error) {
        throw fileError(`Cannot write ${path}`, "write", path, error);
      }
      return watch;
    },
  };
}

/** The checkpoint to start from. */
async function startOf(
  from: string,
  print: (line: string) => void,
): Promise<string> {
  const { dir, warning } = await findModel(from);
  if (warning) print(warning);
  return dir;
}

async function runLoop(
  loop: HandExperiment,
  setup: Setup,
  signal: AbortSignal | undefined,
): Promise<History | undefined> {
  if (isClass(loop)) {
    throw new InputError(
      `Cannot run the experiment: its default export is a class; ${EXPECTED}`,
    );
  }
  try {
    const returned = await loop(setup);
    return isHistory(returned) ? returned : undefined;
  } catch (error) {
    const ended = signal?.aborted && error === signal.reason;
    throw ended ? error : loopError(error);
  }
}

/** A loop may return whatever it likes. */
function isHistory(value: unknown): value is History {
  const { history, outcome } = Object(value);
  return typeof history === "object" && typeof outcome === "object";
}

function ownLoop(from: string): InputError {
  return new InputError(
    `Cannot start from ${from}: the experiment runs its own loop; let it call loadWeights(model, "${from}")`,
  );
}
