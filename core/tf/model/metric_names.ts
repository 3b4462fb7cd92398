/**
 * The log keys of a compiled model, under the names the user gave, and whether
 * lower or higher is better.
 *
 * @module
 */
import type { Direction } from "../../plugin.ts";

/** The metrics given to `model.compile`. */
export type MetricsGiven =
  | MetricGiven
  | readonly MetricGiven[]
  | Readonly<Record<string, MetricGiven | readonly MetricGiven[]>>
  | null
  | undefined;

/** A metric by name, or a function of `(yTrue, yPred)`. */
export type MetricGiven = string | ((...args: never[]) => unknown);

const HIGHER_IS_BETTER = new Set([
  "acc",
  "accuracy",
  "auc",
  "binaryaccuracy",
  "binaryiou",
  "categoricalaccuracy",
  "cosinesimilarity",
  "f1",
  "f1score",
  "fbetascore",
  "iou",
  "meaniou",
  "precision",
  "r2",
  "r2score",
  "recall",
  "sparsecategoricalaccuracy",
  "sparsetopkcategoricalaccuracy",
  "topkcategoricalaccuracy",
  "truenegatives",
  "truepositives",
]);

const LOWER_IS_BETTER = new Set([
  "binarycrossentropy",
  "categoricalcrossentropy",
  "categoricalhinge",
  "ce",
  "cosine",
  "cosineproximity",
  "crossentropy",
  "falsenegatives",
  "falsepositives",
  "hinge",
  "kld",
  "kullbackleiblerdivergence",
  "logcosh",
  "loss",
  "mae",
  "mape",
  "meanabsoluteerror",
  "meanabsolutepercentageerror",
  "meansquarederror",
  "meansquaredlogarithmicerror",
  "mse",
  "msle",
  "poisson",
  "rmse",
  "rootmeansquarederror",
  "sparsecategoricalcrossentropy",
  "squaredhinge",
]);

/** A log key and what is known about it. */
export interface MetricName {
  /** The log key, such as `"accuracy"` or `"price_mae"`. */
  readonly key: string;
  /** Whether lower or higher is better; undefined for an unknown function. */
  readonly direction: Direction | undefined;
}

/**
 * The log keys in the order of tf.js' own `metricsNames`: `loss`; with several
 * outputs, a loss for each; then the metrics, output by output. As in Keras, a
 * repeated name gets `_1`, `_2` and so on.
 *
 * @param outputs Names of the model's outputs.
 * @param metrics What `model.compile` was given.
 */
export function metricNames(
  outputs: readonly string[],
  metrics: MetricsGiven,
): MetricName[] {
  const several = outputs.length > 1;
  const names = [{ name: "loss", prefix: "" }];
  if (several) {
    names.push(
      ...outputs.map((output) => ({ name: "loss", prefix: `${output}_` })),
    );
  }
  for (const output of outputs) {
    const prefix = several ? `${output}_` : "";
    for (const metric of metricsOf(output, metrics)) {
      names.push({ name: nameOf(metric), prefix });
    }
  }
  const taken = new Set<string>();
  return names.map(({ name, prefix }) => ({
    key: unique(prefix + name, taken),
    direction: directionOf(name),
  }));
}

/**
 * Whether lower or higher is better for a metric of this name, in snake_case or
 * camelCase; undefined if the name is not known.
 *
 * @param name Such as `"meanSquaredError"`, `"mse"` or `"binary_accuracy"`.
 */
export function directionOf(name: string): Direction | undefined {
  const plain = name.toLowerCase().replaceAll("_", "");
  if (HIGHER_IS_BETTER.has(plain)) return "max";
  return LOWER_IS_BETTER.has(plain) ? "min" : undefined;
}

function metricsOf(
  output: string,
  metrics: MetricsGiven,
): readonly MetricGiven[] {
  if (metrics === null || metrics === undefined) return [];
  if (typeof metrics === "string" || typeof metrics === "function") {
    return [metrics];
  }
  return Array.isArray(metrics)
    ? metrics
    : metricsOf(output, (metrics as Record<string, MetricGiven>)[output]);
}

function nameOf(metric: MetricGiven): string {
  return typeof metric === "string" ? metric : metric.name || "metric";
}

function unique(key: string, taken: Set<string>): string {
  let name = key;
  for (let n = 1; taken.has(name); n++) name = `${key}_${n}`;
  taken.add(name);
  return name;
}
