/**
 * The names of the classes that a model tells apart. They go with the model, as
 * tf.js' user-defined metadata, into its checkpoints and back.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";

/** Name of the file beside a saved model that lists them. */
export const CLASSES_FILE = "classes.json";

/** What `model` calls its classes: the name of class `i` is at index `i`; undefined if it does not say. */
export function classNames(
  model: InstanceType<typeof tf["LayersModel"]>,
): readonly string[] | undefined {
  return namesIn(model.getUserDefinedMetadata());
}

/** The same, in what a checkpoint says of its model. */
export function namesIn(metadata: object | undefined): string[] | undefined {
  const { classes } = (metadata ?? {}) as { classes?: unknown };
  const good = Array.isArray(classes) &&
    classes.every((name) => typeof name === "string");
  return good ? classes : undefined;
}

/** Name the classes of `model`; whatever else its metadata hold stays. */
export function nameClasses(
  model: InstanceType<typeof tf["LayersModel"]>,
  names: readonly string[],
): void {
  model.setUserDefinedMetadata({
    ...model.getUserDefinedMetadata(),
    classes: [...names],
  });
}

/** The text of {@linkcode CLASSES_FILE}. */
export function classesJson(names: readonly string[]): string {
  return `${JSON.stringify(names, null, 2)}\n`;
}
