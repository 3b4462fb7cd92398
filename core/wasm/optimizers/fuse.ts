/**
 * Optimizers that update weights and slots in one pass.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { currentHeap, markChanged } from "../runtime/heap.ts";
import { applyUpdate } from "./apply.ts";
import type { OptimizerFields } from "./fields.ts";
import { writable } from "./slots.ts";
import { type BeginUpdate, UPDATES } from "./updates.ts";

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

/** An optimizer with what its type hides. */
type Hidden = tf.Optimizer & OptimizerFields & { incrementIterations(): void };

/** tf.js' optimizer classes, by the names in {@linkcode UPDATES}. */
const CLASSES: Readonly<Record<keyof typeof UPDATES, { prototype: object }>> = {
  SGD: tf.SGDOptimizer,
  Momentum: tf.MomentumOptimizer,
  Adagrad: tf.AdagradOptimizer,
  Adadelta: tf.AdadeltaOptimizer,
  RMSProp: tf.RMSPropOptimizer,
  Adam: tf.AdamOptimizer,
  Adamax: tf.AdamaxOptimizer,
};

/**
 * Makes tf.js' optimizers update weights in place on the wasm heap: one pass
 * over weight, gradient and slots, where tf.js runs some ten kernels a variable.
 * Slots stay tf.js' variables, so saving and loading work as before; settings
 * such as `learningRate` are read at each step. Call it only once.
 */
export function fuseOptimizers(): void {
  for (const [name, { prototype }] of Object.entries(CLASSES)) {
    fuse(prototype as Hidden, UPDATES[name as keyof typeof UPDATES]);
  }
}

/** The method is replaced on the prototype, so that optimizers made before are fused too. */
function fuse(prototype: Hidden, begin: BeginUpdate): void {
  const stock = prototype.applyGradients;
  prototype.applyGradients = function (this: Hidden, gradients: Gradients) {
    // A subclass may keep slots or settings that the fused update does not know.
    const own = Object.getPrototypeOf(this) === prototype;
    if (!own || tf.getBackend() !== "wasm") return stock.call(this, gradients);
    const list = named(gradients);
    if (!list.every(isFloat)) return stock.call(this, gradients);
    applyInPlace(this, begin, list);
  };
}

interface NamedGradient {
  name: string;
  variable: tf.Variable;
  tensor: tf.Tensor | null | undefined;
}

/** tf.js takes gradients as a record or as a list; slots are kept in the same order. */
function named(gradients: Gradients): NamedGradient[] {
  const list = Array.isArray(gradients)
    ? gradients
    : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
  return list.map(({ name, tensor }) => ({
    name,
    tensor,
    variable: variableNamed(name),
  }));
}

function variableNamed(name: string): tf.Variable {
  const variable = tf.engine().state.registeredVariables[name];
  if (variable === undefined) {
    throw new ReferenceError(
      `Cannot apply gradients: there is no variable named "${name}"`,
    );
  }
  return variable;
}

function isFloat({ variable, tensor }: NamedGradient): boolean {
  return variable.dtype === "float32" &&
    (tensor?.dtype ?? "float32") === "float32";
}

function applyInPlace(
  optimizer: Hidden,
  begin: BeginUpdate,
  list: NamedGradient[],
): void {
  const heap = currentHeap();
  const { prepare, end } = begin(optimizer, heap);
  list.forEach(({ name, variable, tensor }, index) => {
    const { kernel, slots, settings } = prepare({ index, name, variable });
    if (!tensor) return;
    for (const changed of [...slots, variable]) writable(heap, changed);
    applyUpdate(heap, kernel, {
      weight: variable,
      gradient: tensor,
      ...Object.fromEntries(slots.map((slot, i) => [`slot${i}`, slot])),
    }, settings);
    markChanged(heap, variable);
  });
  end?.();
  optimizer.incrementIterations();
}
