/**
 * What a saved model predicts for data.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { csvColumns } from "../../data/csv.ts";
import { loadDataset } from "../../data/sets.ts";
import { sizeOf } from "../../shape.ts";
import { classNames } from "../../tf/checkpoint/class_names.ts";
import { loadModel } from "../../tf/checkpoint/checkpoint.ts";
import { predict } from "../../tf/predict.ts";
import { type OutputTable, predictionsCsv } from "../report/predictions_csv.ts";
import { type Context, setupOf } from "./context.ts";
import { checkShape, sizes } from "./data.ts";
import { isClassifier } from "./evaluate_checkpoint.ts";

type Model = InstanceType<typeof tf["LayersModel"]>;

/** A table of predictions. */
export interface Predictions {
  /** As CSV. */
  readonly csv: string;
  /** Number of samples. */
  readonly count: number;
}

/**
 * Predict: for all rows of a CSV file, in its order, with or without labels; for
 * the validation or test samples of any other data set.
 *
 * @param dir Folder of the checkpoint.
 * @param data Name or path of the data.
 * @throws {InputError} If there is no whole model, or the data do not fit it.
 */
export async function predictCheckpoint(
  dir: string,
  data: string,
  context: Context,
): Promise<Predictions> {
  const setup = setupOf(context);
  const model = await loadModel(dir);
  try {
    const samples = await samplesOf(data, model, context);
    const outputs = [
      await predict(model, samples.x, setup.run()),
    ].flat();
    try {
      if (context.signal?.aborted) throw context.signal.reason;
      const tables = await Promise.all(
        outputs.map((output, i) => tableOf(model, output, i)),
      );
      const { count } = samples;
      return { csv: predictionsCsv(count, tables), count };
    } finally {
      for (const output of outputs) output.dispose();
    }
  } finally {
    if (model.optimizer) model.optimizer.dispose();
    model.dispose();
  }
}

async function samplesOf(
  data: string,
  model: Model,
  { seed, label, separator, header, printer }: Context,
): Promise<{ x: Float32Array; count: number }> {
  const isFile = /\.(csv|tsv)$/i.test(data);
  const bare = isFile && label === undefined &&
    await csvColumns(data, separator) === inputSize(model);
  const dataset = await loadDataset(data, {
    seed,
    label: bare ? null : label,
    separator,
    header,
    labels: bare ? undefined : classNames(model),
    validationSplit: isFile ? 0 : undefined,
    onProgress: (line) => printer.status(line),
  });
  printer.status("");
  printer.print(sizes(dataset));
  checkShape(dataset, model);
  const { train, validation } = dataset;
  return validation.count ? validation : train;
}

function inputSize(model: Model): number {
  const [input] = model.inputs;
  return model.inputs.length === 1 ? sizeOf(input!.shape.slice(1)) : NaN;
}

async function tableOf(
  model: Model,
  output: InstanceType<typeof tf["Tensor"]>,
  index: number,
): Promise<OutputTable> {
  const width = sizeOf(output.shape.slice(1));
  const values = await output.data();
  const name = model.outputNames[index]!;
  return {
    prefix: model.outputs.length === 1 ? "" : `${name}_`,
    width,
    values,
    classes: isClassifier(model, index)
      ? (index === 0 ? classNames(model) : undefined) ?? []
      : undefined,
  };
}
