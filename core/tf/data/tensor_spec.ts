/**
 * What a model expects and returns, and whether given shapes fit.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { sizeOf } from "../../shape.ts";

/** A shape; `null` means any length. */
export type OpenShape = readonly (number | null)[];

/** An input of a model, or the target of one of its outputs. */
export interface TensorSpec {
  /** What the user calls it in the data. */
  readonly role: "x" | "y";
  /** Name of the input or of the output. */
  readonly name: string;
  /** Shape of the layer, the samples first. */
  readonly shape: OpenShape;
  /** Type of the numbers that the layer expects. */
  readonly dtype: string;
  /** Name of the output's loss; undefined for inputs and for a custom function. */
  readonly loss?: string | undefined;
}

const SPARSE = "sparseCategoricalCrossentropy";

/**
 * The inputs of `model`.
 *
 * @throws {InputError} If it has no inputs.
 */
export function inputSpecs(model: tf.LayersModel): TensorSpec[] {
  if (model.inputs.length === 0) {
    throw new InputError(
      `Cannot use model "${model.name}": it has no layers, or its first layer has no inputShape`,
    );
  }
  // An uncompiled sequential model knows its inputs' names only once built.
  if (!model.built) model.build([]);
  return model.inputs.map(({ shape, dtype }, i) => ({
    role: "x",
    name: model.inputNames[i]!,
    shape,
    dtype,
  }));
}

/**
 * The targets of `model`'s outputs.
 *
 * @param model A compiled model.
 */
export function targetSpecs(model: tf.LayersModel): TensorSpec[] {
  const { loss } = model as { loss: unknown };
  return model.outputs.map(({ shape, dtype }, i) => {
    const name = model.outputNames[i]!;
    return { role: "y", name, shape, dtype, loss: lossName(loss, name, i) };
  });
}

function lossName(
  loss: unknown,
  output: string,
  i: number,
): string | undefined {
  if (typeof loss === "string") return loss;
  if (typeof loss !== "object" || loss === null) return undefined;
  const own = Array.isArray(loss)
    ? loss[i]
    : (loss as Record<string, unknown>)[output];
  return typeof own === "string" ? own : undefined;
}

/** Whether a target is a class index, by the loss of its output. */
export function takesIndices(spec: TensorSpec): boolean {
  return spec.loss === SPARSE;
}

/** Shape of one sample; undefined if a custom loss function decides. */
export function expectedSample(spec: TensorSpec): OpenShape | undefined {
  if (spec.role === "y" && spec.loss === undefined) return undefined;
  const sample = spec.shape.slice(1);
  return takesIndices(spec) ? [...sample.slice(0, -1), 1] : sample;
}

/**
 * The shape in which a sample of shape `sample` fits the spec: as it is, or
 * with a last dimension of 1 added, as in tf.js and Keras.
 *
 * @param sample Shape of one sample.
 * @param spec What is expected.
 * @param count Number of samples, for the message.
 * @throws {InputError} If it does not fit; the message says what would.
 */
export function fitSample(
  sample: readonly number[],
  spec: TensorSpec,
  count: number,
): readonly number[] {
  const expected = expectedSample(spec);
  if (!expected) return sample.length ? sample : [1];
  const widened = [...sample, 1];
  if (matches(sample, expected)) return sample;
  if (matches(widened, expected)) return widened;
  throw misfit([count, ...sample], expected, spec);
}

/** Whether a shape is one of those expected. */
export function matches(
  sample: readonly number[],
  expected: OpenShape,
): boolean {
  return sample.length === expected.length &&
    sample.every((n, i) => expected[i] === null || expected[i] === n);
}

function misfit(
  shape: readonly number[],
  expected: OpenShape,
  spec: TensorSpec,
): InputError {
  return spec.role === "x"
    ? inputMisfit(shape, [null, ...expected], spec)
    : targetMisfit(shape, [null, ...expected], spec);
}

function inputMisfit(
  shape: readonly number[],
  expected: OpenShape,
  spec: TensorSpec,
): InputError {
  const [count, ...sample] = shape;
  const wanted = expected.slice(1);
  const advice = sizeOf(sample) === sizeOf(wanted)
    ? `reshape x to ${show([count!, ...wanted])}`
    : `give x in that shape, or build the model with inputShape ${
      show(sample)
    }`;
  return new InputError(
    `Cannot use x: input "${spec.name}" expects shape ${show(expected)}, got ${
      show(shape)
    }; ${advice}`,
  );
}

function targetMisfit(
  shape: readonly number[],
  expected: OpenShape,
  spec: TensorSpec,
): InputError {
  const [wanted, advice] = takesIndices(spec)
    ? [
      `integer class indices of shape ${show(expected.slice(0, -1))} or ${
        show(expected)
      }`,
      `give y as class indices, or compile the model with loss "categoricalCrossentropy" for one-hot labels`,
    ]
    : spec.loss === "categoricalCrossentropy"
    ? [
      `one-hot labels of shape ${show(expected)}`,
      `give y as one-hot labels, or compile the model with loss "${SPARSE}" for class indices`,
    ]
    : [
      `shape ${show(expected)}`,
      `give y in the shape of the output`,
    ];
  return new InputError(
    `Cannot use y: loss "${spec.loss}" of output "${spec.name}" expects ${wanted}, got ${
      show(shape)
    }; ${advice}`,
  );
}

function show(shape: OpenShape): string {
  return JSON.stringify(shape);
}
