/**
 * The arguments a model was compiled with, in tf.js' file format.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { MetricGiven, MetricsGiven } from "../model/metric_names.ts";

/** The metrics that tf.js finds by name when it loads a model. */
const LOADABLE = new Set([
  "acc",
  "accuracy",
  "ce",
  "crossentropy",
  "binaryAccuracy",
  "categoricalAccuracy",
  "categoricalCrossentropy",
  "cosine",
  "mae",
  "MAE",
  "mape",
  "MAPE",
  "mse",
  "MSE",
  "precision",
  "sparseCategoricalCrossentropy",
]);

/** Functions of `tf.metrics` that tf.js finds only under another name. */
const ALIASES: Readonly<Record<string, string>> = {
  cosineProximity: "cosine",
  meanAbsoluteError: "mae",
  meanAbsolutePercentageError: "mape",
  meanSquaredError: "mse",
};

/**
 * Losses, metrics and optimizer of a compiled model. Custom metric functions
 * are left out, since no name leads back to them.
 *
 * @returns Undefined if it is not compiled, or a loss is a custom function.
 */
export function trainingConfig(
  model: tf.LayersModel,
): tf.io.TrainingConfig | undefined {
  const { loss, metrics } = model as unknown as {
    loss: unknown;
    metrics: MetricsGiven;
  };
  const optimizer = model.optimizer as tf.Optimizer | undefined;
  const losses = lossNames(loss);
  if (!optimizer || losses === undefined) return undefined;
  return {
    optimizer_config: {
      class_name: optimizer.getClassName(),
      config: optimizer.getConfig(),
    },
    loss: losses,
    metrics: metricIds(metrics),
  };
}

function lossNames(loss: unknown): tf.io.TrainingConfig["loss"] | undefined {
  if (typeof loss === "string") return snake(loss);
  if (typeof loss !== "object" || loss === null) return undefined;
  if (!Object.values(loss).every((name) => typeof name === "string")) {
    return undefined;
  }
  return Array.isArray(loss) ? loss.map(snake) : Object.fromEntries(
    Object.entries(loss).map(([output, name]) => [output, snake(name)]),
  );
}

function metricIds(
  metrics: MetricsGiven,
): NonNullable<tf.io.TrainingConfig["metrics"]> {
  if (metrics === null || metrics === undefined) return [];
  if (typeof metrics === "string" || typeof metrics === "function") {
    return listIds([metrics]);
  }
  if (Array.isArray(metrics)) return listIds(metrics);
  // The format has room for one metric per output.
  const first = Object.entries(metrics).flatMap(([output, given]) => {
    const [id] = listIds([given].flat() as MetricGiven[]);
    return id === undefined ? [] : [[output, id]];
  });
  return Object.fromEntries(first);
}

function listIds(metrics: readonly MetricGiven[]): string[] {
  return metrics
    .map((metric) => typeof metric === "string" ? metric : metric.name)
    .map((name) => ALIASES[name] ?? name)
    .filter((name) => LOADABLE.has(name))
    .map(snake);
}

/** `meanSquaredError` -> `mean_squared_error`, as Keras writes it; `MSE` -> `mse`. */
function snake(name: string): string {
  return name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
