/**
 * The data of an experiment: what `--data` names, what the experiment names, or
 * what its function returns.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { listed } from "../../data/csv_rows.ts";
import type { Dataset, Samples } from "../../data/dataset.ts";
import { loadDataset } from "../../data/sets.ts";
import { DataError, InputError } from "../../errors.ts";
import { classNames, nameClasses } from "../../tf/checkpoint/class_names.ts";
import type { ArrayData } from "../../tf/data/forms.ts";
import { sizeOf } from "../../shape.ts";
import type { Printer } from "../../terminal.ts";
import type { Facts } from "../report/run_record.ts";
import { describe } from "./check.ts";
import type { Experiment, ExperimentData, Setup } from "./experiment.ts";

/** Data, what is still to be split off them, and what is known of them. */
export interface LoadedData extends ExperimentData {
  /** Fraction of the samples for `fit` to keep for validation. */
  readonly validationSplit?: number | undefined;
  /** Name, counts and classes, for the record of a run; undefined if a function made them. */
  readonly about?: Facts;
}

/**
 * The data of an experiment. If a data set has words for its classes, the model
 * has them from then on; if the model has them already, they keep their index.
 *
 * @param setup What the command line gives.
 * @param printer Shows the progress of a download.
 * @param model What the data are for.
 * @throws {InputError} If they cannot be loaded.
 * @throws {DataError} If the experiment's function throws.
 */
export async function experimentData(
  experiment: Experiment,
  setup: Setup,
  printer: Printer,
  model: InstanceType<typeof tf["LayersModel"]>,
): Promise<LoadedData> {
  const { data, options } = experiment;
  const name = setup.data ?? (typeof data === "string" ? data : undefined);
  if (name === undefined) return await ownData(experiment, setup);
  const dataset = await loadDataset(name, {
    seed: setup.seed,
    label: setup.label,
    separator: setup.separator,
    header: setup.header,
    labels: classNames(model),
    validationSplit: setup.options.validationSplit ?? options?.validationSplit,
    onProgress: (line) => printer.status(line),
  });
  printer.status("");
  setup.print(sizes(dataset));
  checkShape(dataset, model);
  const { train, validation, labels } = dataset;
  if (labels) nameClasses(model, labels);
  const about = aboutData(dataset);
  return validation.count
    ? { about, train: arrays(train), validation: arrays(validation) }
    : { about, train: arrays(train) };
}

/** What the experiment's function returns; a split that is requested takes the place of its validation data. */
async function ownData(
  { data, options }: Experiment,
  setup: Setup,
): Promise<LoadedData> {
  const { validationSplit } = setup.options;
  const made = checked(await dataOf(data as OwnData, setup));
  return validationSplit === undefined
    ? { ...made, validationSplit: options?.validationSplit }
    : { train: made.train, validationSplit: validationSplit || undefined };
}

type OwnData = Exclude<Experiment["data"], string>;

/** What the function throws is its own failure, unless it says what was wrong with what was requested. */
async function dataOf(
  data: OwnData,
  setup: Setup,
): Promise<ExperimentData | undefined> {
  try {
    return await data(setup);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new DataError("The experiment's 'data' failed", error);
  }
}

/**
 * A model with one input reads samples as they are stored, so their size must
 * match its input.
 *
 * @throws {InputError} If it does not.
 */
export function checkShape(
  { name, train: { xShape } }: Dataset,
  { inputs }: InstanceType<typeof tf["LayersModel"]>,
): void {
  const [, ...input] = inputs[0]?.shape ?? [];
  if (inputs.length !== 1 || Number.isNaN(sizeOf(input))) return;
  if (sizeOf(input) === sizeOf(xShape)) return;
  throw new InputError(
    `Cannot use the data ${name}: its samples are ${
      xShape.join("x")
    }, the model takes ${
      input.join("x")
    }; use other data, or a model with inputShape: [${xShape.join(", ")}]`,
  );
}

function checked(made: ExperimentData | undefined): ExperimentData {
  if (made?.train !== undefined) return made;
  throw new InputError(
    `Cannot run the experiment: its 'data' returned ${
      made ? `${describe(made)} without train` : describe(made)
    }; expected { train: { x, y }, validation: { x, y } }, the second is optional`,
  );
}

function arrays({ x, y }: Samples): ArrayData {
  return { x, y };
}

function aboutData(
  { name, train, validation, classes, labels }: Dataset,
): Facts {
  return {
    name,
    samples: train.count,
    validation: validation.count,
    shape: train.xShape,
    classes: labels ?? classes,
  };
}

/** What a data set is, in a line. */
export function sizes(
  { name, train, validation, classes, labels }: Dataset,
): string {
  const count = (n: number) => n.toLocaleString("en");
  const words = labels ? ` (${listed(labels)})` : "";
  return `data ${name}: ${count(train.count)} samples of ${
    train.xShape.join("x")
  }${classes ? ` in ${classes} classes${words}` : ""}, ${
    count(validation.count)
  } for validation`;
}
