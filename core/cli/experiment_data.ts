/**
 * The data of an experiment: what `--data` names, what the experiment names, or
 * what its function makes.
 *
 * @module
 */
import type { Dataset, Samples } from "../data/dataset.ts";
import { loadDataset } from "../data/sources.ts";
import type { ArrayData, TrainingData } from "../tf/data.ts";
import type { Printer } from "../terminal.ts";
import type { Experiment, ExperimentData, Setup } from "./experiment.ts";

/**
 * The data of an experiment.
 *
 * @param experiment The experiment.
 * @param setup What the command line gives.
 * @param printer Shows how far a download is.
 * @throws {InputError} If they can not be had.
 */
export async function experimentData(
  { data }: Experiment,
  setup: Setup,
  printer: Printer,
): Promise<ExperimentData> {
  const name = setup.data ?? (typeof data === "string" ? data : undefined);
  if (name === undefined) {
    return await (data as Exclude<typeof data, string>)(setup);
  }
  const dataset = await loadDataset(name, {
    seed: setup.seed,
    ...setup.label === undefined ? {} : { label: setup.label },
    onProgress: (line) => printer.status(line),
  });
  printer.status("");
  setup.print(sizes(dataset));
  const { train, validation } = dataset;
  return validation.count
    ? { train: arrays(train), validation: arrays(validation) }
    : { train: arrays(train) };
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

/**
 * Whether data are of the form that can be split.
 *
 * @param data The data.
 */
export function isSplittable(data: TrainingData): boolean {
  return typeof data === "object" && "x" in data;
}
