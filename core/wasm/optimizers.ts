/**
 * Optimizers that update weights and slots in one pass.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runByValue } from "./elementwise.ts";
import { address, type Heap, heapOf, renew, type WasmBackend } from "./heap.ts";
import type { OptimizerFields } from "./optimizer_fields.ts";
import { writable } from "./slots.ts";
import { type BeginUpdate, UPDATES } from "./updates.ts";

type Gradients = Parameters<tf.Optimizer["applyGradients"]>[0];

/** What `fuseOptimizer` calls of an optimizer that its type hides. */
type Hidden = tf.Optimizer & OptimizerFields & { incrementIterations(): void };

/**
 * Makes `optimizer` update its weights in place on the wasm heap: one pass over
 * weight, gradient and slots, where tf.js runs some ten kernels a variable. It
 * serves SGD, Momentum, RMSProp, Adam, Adamax, Adagrad and Adadelta; any other
 * optimizer, any other backend and weights that are not float32 get tf.js' own
 * update. Slots stay tf.js' variables, so saving and loading work as before;
 * settings such as `learningRate` are read at each step. A second call does
 * nothing.
 */
export function fuseOptimizer(optimizer: tf.Optimizer): void {
  const begin = UPDATES[optimizer.getClassName()];
  if (begin === undefined || Object.hasOwn(optimizer, "applyGradients")) return;
  const stock = optimizer.applyGradients.bind(optimizer);
  optimizer.applyGradients = (gradients) => {
    const list = named(gradients);
    if (tf.getBackend() !== "wasm" || !list.every(isFloat)) {
      return stock(gradients);
    }
    applyInPlace(optimizer as Hidden, begin, list);
  };
}

interface NamedGradient {
  name: string;
  variable: tf.Variable;
  tensor: tf.Tensor | null | undefined;
}

/** tf.js takes gradients as a record or as a list, whose order the slots follow. */
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
  const heap: Heap = heapOf(tf.backend() as unknown as WasmBackend);
  const { prepare, end } = begin(optimizer, heap);
  list.forEach(({ name, variable, tensor }, index) => {
    const { kernel, slots, settings } = prepare({ index, name, variable });
    if (!tensor) return;
    const slotsAt = slots.map((slot) => writable(heap, slot));
    const arrays = [
      writable(heap, variable),
      address(heap, tensor),
      ...slotsAt,
    ];
    runByValue(heap, kernel, variable.size, arrays, settings, 8);
    renew(heap, variable);
  });
  end?.();
  optimizer.incrementIterations();
}
