/**
 * The data of an experiment: what `--data` names, what the experiment names, or
 * what its function returns.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Dataset, Samples } from "../../data/dataset.ts";
import { loadDataset } from "../../data/sets.ts";
import { InputError } from "../../errors.ts";
import type { ArrayData } from "../../tf/data/forms.ts";
import { sizeOf } from "../../shape.ts";
import type { Printer } from "../../terminal.ts";
import { describe } from "./check.ts";
import type { Experiment, ExperimentData, Setup } from "./experiment.ts";

/**
 * The data of an experiment.
 *
 * @param setup What the command line gives.
 * @param printer Shows the progress of a download.
 * @param model What the data are for.
 * @throws {InputError} If they cannot be loaded.
 */
export async function experimentData(
  { data }: Experiment,
  setup: Setup,
  printer: Printer,
  model: InstanceType<typeof tf["LayersModel"]>,
): Promise<ExperimentData> {
  const name = setup.data ?? (typeof data === "string" ? data : undefined);
  if (name === undefined) {
    return checked(await (data as Exclude<typeof data, string>)(setup));
  }
  const dataset = await loadDataset(name, {
    seed: setup.seed,
    ...setup.label === undefined ? {} : { label: setup.label },
    onProgress: (line) => printer.status(line),
  });
  printer.status("");
  setup.print(sizes(dataset));
  checkShape(dataset, model);
  const { train, validation } = dataset;
  return validation.count
    ? { train: arrays(train), validation: arrays(validation) }
    : { train: arrays(train) };
}

/** A model with one input reads samples as they are stored, so their size must match its input. */
function checkShape(
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

function sizes({ name, train, validation, classes }: Dataset): string {
  const count = (n: number) => n.toLocaleString("en");
  return `data ${name}: ${count(train.count)} samples of ${
    train.xShape.join("x")
  }${classes ? ` in ${classes} classes` : ""}, ${
    count(validation.count)
  } for validation`;
}
