/**
 * What a record says of a model: its layers with what they put out and how many
 * parameters they have, its loss and its optimizer.
 *
 * @module
 */
import type { Facts } from "./run_record.ts";

/** A layer, as plain data. */
export interface LayerFacts {
  /** Its name. */
  readonly name: string;
  /** Its class, such as `Dense`. */
  readonly type: string;
  /** The shape of what it puts out, null for the number of samples; a list of them where there are several. */
  readonly output: unknown;
  /** How many parameters it has. */
  readonly params: number;
  /** How many of them are trained, where those are not all. */
  readonly trained?: number;
}

/** The parts of a compiled `tf.LayersModel` that are told of. */
interface Model {
  readonly layers?: unknown;
  readonly loss?: unknown;
  readonly optimizer?: {
    getClassName(): string;
    getConfig(): Facts;
  } | undefined;
}

/** The same of a layer. */
interface Layer {
  readonly name?: unknown;
  readonly outputShape?: unknown;
  readonly inboundNodes?: readonly { readonly outputShapes: unknown }[];
  readonly weights?: readonly Weight[];
  readonly trainableWeights?: readonly Weight[];
  getClassName(): string;
}

interface Weight {
  readonly shape: readonly (number | null)[];
}

/**
 * The facts of a model.
 *
 * @param model The model, if the run has one that says anything.
 */
export function modelFacts(model: unknown): Facts {
  const { layers, loss, optimizer } = (model ?? {}) as Model;
  const told = Array.isArray(layers) ? layersOf(layers) : undefined;
  return {
    ...optimizer && { optimizer: optimizerFacts(optimizer) },
    ...loss !== undefined && { loss },
    ...told && { model: told },
  };
}

function optimizerFacts(optimizer: NonNullable<Model["optimizer"]>): Facts {
  const { getClassName, getConfig } = optimizer;
  return {
    // One of a user's own may not say.
    name: getClassName?.call(optimizer) ?? optimizer.constructor.name,
    ...getConfig?.call(optimizer),
  };
}

/** Nothing where a layer of somebody's own does not say what others do: a run does not end for that. */
function layersOf(
  layers: readonly Layer[],
): { readonly layers: readonly LayerFacts[] } | undefined {
  try {
    return { layers: layers.map(layerFacts) };
  } catch {
    return undefined;
  }
}

function layerFacts(layer: Layer): LayerFacts {
  const params = countOf(layer.weights);
  const trained = countOf(layer.trainableWeights);
  return {
    name: String(layer.name),
    type: layer.getClassName(),
    output: outputOf(layer),
    params,
    ...trained !== params && { trained },
  };
}

/** A layer that is called in several places, as a model within a model is, throws if it is asked: then in the last of them. */
function outputOf(layer: Layer): unknown {
  try {
    return layer.outputShape;
  } catch {
    const shapes = layer.inboundNodes?.at(-1)?.outputShapes;
    return Array.isArray(shapes) && shapes.length === 1 ? shapes[0] : shapes;
  }
}

function countOf(weights: readonly Weight[] = []): number {
  const sizes = weights.map(({ shape }) =>
    shape.reduce<number>((size, dim) => size * (dim ?? 0), 1)
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
