/**
 * A model as the JSON that TensorBoard's graph plugin draws: what Keras 3 gives
 * for `model.to_json()`, made from what tf.js says of a model, which is in the
 * form of Keras 2 (TensorBoard's `plugins/graph/keras_util.py` reads it).
 *
 * @module
 */

import type { Run } from "../../core/plugin.ts";
import type { ValueMessage } from "./messages.ts";
import { graphValue } from "./values.ts";

/**
 * The graph of a run's model, if it has one; if that cannot be told, a line says why.
 *
 * @param plugin Name of the plugin.
 */
export function graphValues(plugin: string, run: Run): ValueMessage[] {
  try {
    const json = kerasGraph(run.model);
    return json === undefined ? [] : [graphValue("keras", json)];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    run.print(`${plugin}: the model's graph is left out: ${reason}`);
    return [];
  }
}

/** A layer, or a model, in the words of Keras 2. */
interface Layer {
  readonly class_name: string;
  readonly name?: string;
  readonly config: Config;
  readonly inbound_nodes?: readonly (readonly Tensor[])[];
}

interface Config {
  readonly [key: string]: unknown;
  readonly name?: string;
  readonly layers?: readonly Layer[];
  readonly input_layers?: readonly Tensor[];
  readonly output_layers?: readonly Tensor[];
}

/** A layer in the words of Keras 3. */
type LayerNow = Readonly<Record<string, unknown>>;

/** What a layer puts out: its name, which of its calls, and which of that call's tensors. */
type Tensor = readonly [layer: string, call: number, at: number, ...unknown[]];

/**
 * The graph of a model's layers, as JSON. Of a model in a model that is called
 * several times, TensorBoard draws the first call alone.
 *
 * @param model A `tf.LayersModel`.
 * @returns undefined if it is something else.
 * @throws {Error} If one of its layers cannot say what it is.
 */
export function kerasGraph(model: unknown): string | undefined {
  const { toJSON } = (model ?? {}) as { toJSON?: unknown };
  if (typeof toJSON !== "function") return undefined;
  const said: unknown = toJSON.call(model, undefined, false);
  return isModel(said) ? JSON.stringify(modelNow(said)) : undefined;
}

/** A composite layer of somebody's own may have `layers` too, such as how many. */
function isModel(layer: unknown): layer is Layer {
  const layers: unknown = (layer as Partial<Layer> | null)?.config?.layers;
  return Array.isArray(layers) && layers.length > 0 &&
    layers.every((it) => it?.class_name !== undefined && it.config);
}

function modelNow({ class_name, config }: Layer): LayerNow {
  const { layers = [], input_layers, ...rest } = config;
  const named = layers.map(withName);
  if (!input_layers) {
    const inside = named.map((layer) => layerNow(layer, named));
    const input = inputOf(named[0]!);
    return { class_name, config: { ...rest, layers: [...input, ...inside] } };
  }
  return {
    class_name: class_name === "Model" ? "Functional" : class_name,
    config: {
      ...rest,
      layers: named.map((layer) => layerNow(layer, named)),
      // By name alone TensorBoard finds them all; Keras' own form fits one input.
      input_layers: input_layers.map(([name]) => name),
    },
  };
}

function withName(layer: Layer, index: number): Layer {
  const { config, class_name } = layer;
  const name = config.name ?? layer.name ?? `${class_name}_${index}`;
  return { ...layer, config: { ...config, name } };
}

/** The input of a sequential model, which tf.js writes into its first layer. */
function inputOf({ config }: Layer): readonly LayerNow[] {
  const { name, batch_input_shape: batch_shape, dtype = FLOAT } = config;
  if (!Array.isArray(batch_shape)) return [];
  return [{
    class_name: "InputLayer",
    config: { batch_shape, dtype, sparse: false, name: `${name}_input` },
  }];
}

function layerNow(layer: Layer, siblings: readonly Layer[]): LayerNow {
  const { inbound_nodes: calls } = layer;
  return {
    ...isModel(layer) ? modelNow(layer) : leafNow(layer),
    name: layer.config.name,
    ...calls && {
      inbound_nodes: calls.map((tensors) => callNow(tensors, siblings)),
    },
  };
}

function leafNow({ class_name, config }: Layer): LayerNow {
  const { layers: _, batch_input_shape, ...rest } = config;
  return {
    class_name,
    config: {
      dtype: FLOAT,
      ...rest,
      ...class_name === "InputLayer" && { batch_shape: batch_input_shape },
    },
  };
}

/** A call of a layer with one tensor, or with a list of them. */
function callNow(
  tensors: readonly Tensor[],
  siblings: readonly Layer[],
): LayerNow {
  const given = tensors.map(([name, call, at]) => ({
    class_name: "__keras_tensor__",
    config: { keras_history: [pathOf(name, at, siblings), call, at] },
  }));
  return { args: given.length === 1 ? given : [given], kwargs: {} };
}

/** The layer that a tensor comes from: in a model among the siblings, that within it, which TensorBoard itself looks up in some cases only. */
function pathOf(
  name: string,
  at: number,
  siblings: readonly Layer[],
): string {
  const layer = siblings.find(({ config }) => config.name === name);
  if (!layer || !isModel(layer)) return name;
  const { output_layers } = layer.config;
  const layers = layer.config.layers!.map(withName);
  const [inner, , index] = output_layers?.[at] ??
    [layers.at(-1)!.config.name!, 0, at];
  return `${name}/${pathOf(inner, index, layers)}`;
}

/** What tf.js computes in where a layer does not say. */
const FLOAT = "float32";
