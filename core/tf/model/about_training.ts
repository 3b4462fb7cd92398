/**
 * How a model is trained, in words: what a run that goes on must have in common
 * with the one it goes on from, beside the weights.
 *
 * @module
 */
import type { CompiledModel } from "./compiled_model.ts";
import type { ModelStepsOptions } from "./model_steps.ts";
import { hasKnownState } from "./optimizer_state.ts";

/**
 * The optimizer with its settings, the loss, and what is done to gradients.
 *
 * @param model The model.
 * @param options Class weights and gradient transforms.
 */
export function aboutTraining(
  { optimizer, loss }: CompiledModel,
  { classWeight, gradients = [] }: ModelStepsOptions,
): Record<string, string> {
  return {
    optimizer: optimizerInWords(optimizer),
    loss: inWords(loss),
    ...classWeight && { "class weight": inWords(classWeight) },
    ...gradients.length &&
      { "gradient transforms": gradients.map(({ name }) => name).join(", ") },
  };
}

/** Without what plugins set while it trains. */
function optimizerInWords(optimizer: CompiledModel["optimizer"]): string {
  const name = optimizer.getClassName();
  if (!hasKnownState(optimizer)) return name;
  const { learningRate: _, momentum: __, ...settings } = optimizer.getConfig();
  return Object.keys(settings).length ? `${name} ${inWords(settings)}` : name;
}

function inWords(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, it) => typeof it === "function" ? `function ${it.name}` : it,
  );
}
