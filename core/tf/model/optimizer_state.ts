/**
 * Copies of what an optimizer remembers between steps: its slots, its step
 * count, and the settings that a run changes.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { optimizerHandle } from "./optimizer.ts";
import { assignCopy, copyOf } from "./tensor_copy.ts";

/** The optimizers whose fields are known (tf.js 4.22.0, `tfjs-core/src/optimizers`). */
const KNOWN = new Set([
  "SGD",
  "Momentum",
  "RMSProp",
  "Adam",
  "Adamax",
  "Adagrad",
  "Adadelta",
]);

/** Fields that hold one slot per variable, in the optimizers that have them. */
export const SLOTS = [
  "accumulations",
  "accumulatedFirstMoment",
  "accumulatedSecondMoment",
  "accumulatedWeightedInfNorm",
  "accumulatedMeanSquares",
  "accumulatedMoments",
  "accumulatedMeanGrads",
  "accumulatedGrads",
  "accumulatedUpdates",
] as const;

/** Fields that hold one number, in the optimizers that have them. */
export const NUMBERS = ["accBeta1", "accBeta2", "iteration"] as const;

/** Name of a field that holds slots. */
export type SlotField = typeof SLOTS[number];
/** Name of a field that holds one number. */
export type NumberField = typeof NUMBERS[number];

interface OptimizerSlot {
  originalName: string;
  variable: tf.Variable;
}

/** What tf.js leaves out of its typings. */
type Fields =
  & { iterations_?: number }
  & { [F in SlotField]?: OptimizerSlot[] }
  & { readonly [F in NumberField]?: tf.Variable };

/** The state of an optimizer at one point in time. */
export interface OptimizerState {
  /** Learning rate, and momentum if there is one. */
  readonly settings: Readonly<Record<string, number>>;
  /** Steps so far. */
  readonly iterations: number | undefined;
  /** By field, one copy of each existing slot. */
  readonly slots: ReadonlyMap<SlotField, readonly SlotCopy[]>;
  /** By field. */
  readonly numbers: ReadonlyMap<NumberField, tf.Tensor>;
}

/** A slot of a state. */
export interface SlotCopy {
  /** Its variable's name and what it is, such as `dense_Dense1/kernel/m`. */
  readonly name: string;
  /** Its numbers. */
  readonly tensor: tf.Tensor;
}

/**
 * Whether the state of `optimizer` can be copied: that of tf.js' own optimizers
 * can, but not that of a subclass, which may keep state unknown here.
 *
 * @param optimizer Any optimizer.
 */
export function hasKnownState(optimizer: tf.Optimizer): boolean {
  return KNOWN.has(optimizer.getClassName()) &&
    Object.hasOwn(optimizer.constructor, "className");
}

/**
 * Copy the state of an optimizer.
 *
 * @param optimizer One of tf.js' own.
 * @returns The copy, to be freed with {@linkcode freeState}.
 */
export function copyState(optimizer: tf.Optimizer): OptimizerState {
  return stateOf(optimizer, copyOf);
}

/**
 * The state of an optimizer.
 *
 * @param optimizer One of tf.js' own.
 * @param take What becomes of each of its variables. Default: it stands in the
 * state itself, which then changes with the next step, and is not to be freed.
 */
export function stateOf(
  optimizer: tf.Optimizer,
  take: (variable: tf.Variable) => tf.Tensor = (variable) => variable,
): OptimizerState {
  const fields = optimizer as unknown as Fields;
  const slots = new Map<SlotField, SlotCopy[]>();
  const numbers = new Map<NumberField, tf.Tensor>();
  for (const field of SLOTS) {
    const copies = fields[field]?.map(({ originalName, variable }) => ({
      name: originalName,
      tensor: take(variable),
    }));
    if (copies) slots.set(field, copies);
  }
  for (const field of NUMBERS) {
    const number = fields[field];
    if (number) numbers.set(field, take(number));
  }
  const settings = { ...optimizerHandle(optimizer) };
  return { settings, iterations: fields.iterations_, slots, numbers };
}

/**
 * Put a state back. Slots created since then are freed: the next step creates
 * them again, as the first one did.
 *
 * @param optimizer The optimizer that the state was copied from.
 * @param state The state, which is kept.
 */
export function restoreState(
  optimizer: tf.Optimizer,
  state: OptimizerState,
): void {
  const fields = optimizer as unknown as Fields;
  for (const [field, copies] of state.slots) {
    const slots = fields[field]!;
    tf.dispose(slots.splice(copies.length).map(({ variable }) => variable));
    copies.forEach(({ name, tensor }, i) => {
      const slot = slots[i];
      if (slot) assignCopy(slot.variable, tensor);
      else slots[i] = { originalName: name, variable: slotOf(tensor) };
    });
  }
  for (const [field, tensor] of state.numbers) {
    assignCopy(fields[field]!, tensor);
  }
  if (state.iterations === undefined) delete fields.iterations_;
  else fields.iterations_ = state.iterations;
  Object.assign(optimizerHandle(optimizer), state.settings);
}

/** Free a state. */
export function freeState({ slots, numbers }: OptimizerState): void {
  for (const copies of slots.values()) {
    tf.dispose(copies.map(({ tensor }) => tensor));
  }
  tf.dispose([...numbers.values()]);
}

function slotOf(tensor: tf.Tensor): tf.Variable {
  const copy = copyOf(tensor);
  const variable = tf.variable(copy, false);
  copy.dispose();
  return variable;
}
