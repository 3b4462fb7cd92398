/**
 * The model of a run, with its type.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type { Run } from "../plugin.ts";

/**
 * The model that a run trains, typed as the `tf.LayersModel` that it is in
 * `fit`, `evaluate` and `predict`. A plugin that calls this in its hooks says
 * `requires: ["model"]`, and so is refused if there is none.
 *
 * @example A plugin that prints how large the model is
 * ```ts
 * import { modelOf, type Plugin } from "@hookloop/hookloop";
 *
 * const plugin: Plugin = {
 *   name: "model-size",
 *   requires: ["model"],
 *   onTrainBegin(_logs, run) {
 *     run.print(`${modelOf(run).countParams()} weights`);
 *   },
 * };
 * console.log(plugin.name);
 * ```
 *
 * @param run The run, as passed to a hook.
 * @throws {TypeError} If the run has no model, or a model of another kind.
 */
export function modelOf(
  run: Pick<Run, "model">,
): InstanceType<typeof tf["LayersModel"]> {
  const { model } = run;
  if (isLayersModel(model)) return model;
  throw new TypeError(
    model === undefined
      ? `Cannot take the model of this run: it has none; give one as 'model', or say requires: ["model"] in the plugin`
      : `Cannot take the model of this run as a tf.LayersModel: it is ${
        kindOf(model)
      }; use run.model itself`,
  );
}

/** Recognised by its methods, so that a model from another copy of tf.js counts too. */
function isLayersModel(
  model: unknown,
): model is InstanceType<typeof tf["LayersModel"]> {
  if (typeof model !== "object" || model === null) return false;
  const { layers, getLayer, getWeights } = model as Record<string, unknown>;
  return Array.isArray(layers) && typeof getLayer === "function" &&
    typeof getWeights === "function";
}

function kindOf(model: unknown): string {
  if (typeof model !== "object" || model === null) return `a ${typeof model}`;
  const { name } = model.constructor ?? {};
  return name ? `of class "${name}"` : "another object";
}
