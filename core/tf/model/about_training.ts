/**
 * How a model is trained, in words: what a run that goes on must have in common
 * with the one it goes on from, beside the weights.
 *
 * @module
 */
import { sha256Sync } from "../../checksum.ts";
import type { CompiledModel } from "./compiled_model.ts";
import type { ModelStepsOptions } from "./model_steps.ts";
import { hasKnownState } from "./optimizer_state.ts";

/**
 * The layers, the optimizer with its settings, the loss, and what is done to
 * gradients.
 *
 * @param model The model.
 * @param options Class weights and gradient transforms.
 */
export function aboutTraining(
  { layers, optimizer, loss }: CompiledModel,
  { classWeight, gradients = [] }: ModelStepsOptions,
): Record<string, string> {
  return {
    model: layersInWords(layers),
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

/** What tf.js numbers through, and what matters no more once there are weights. */
const BESIDE = /name$|initializer$|^(inbound_?nodes|(in|out)put_?layers)$/i;

/** Such as `3 layers, 5f0c1a2b`; the number alone where a layer of one's own cannot be told in words. */
function layersInWords(layers: CompiledModel["layers"]): string {
  const own = layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const count = own.length === 1 ? "1 layer" : `${own.length} layers`;
  try {
    const text = JSON.stringify(
      layers.map((layer) => [layer.getClassName(), layer.getConfig()]),
      (key, it) => BESIDE.test(key) ? undefined : it,
    );
    const hash = sha256Sync(text);
    return `${count}, ${hash.slice(0, 8)}`;
  } catch {
    return count;
  }
}
