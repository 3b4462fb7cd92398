/**
 * What an optimizer remembers, as it goes into a backup: tensors, and plain data
 * that says what they are.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import type {
  NumberField,
  OptimizerState,
  SlotField,
} from "./optimizer_state.ts";
import type { NamedTensor } from "./saved_tensors.ts";

/** A state without its tensors, which are listed in this order: slots, then numbers. */
export interface SavedOptimizer {
  /** Learning rate, and momentum if there is one. */
  readonly settings: Readonly<Record<string, number>>;
  /** Steps so far. */
  readonly iterations: number | undefined;
  /** The names of the slots, by field. */
  readonly slots: readonly (readonly [SlotField, readonly string[]])[];
  /** The fields of one number. */
  readonly numbers: readonly NumberField[];
}

/** The state without its tensors. */
export function savedOptimizer(state: OptimizerState): SavedOptimizer {
  const { settings, iterations, slots, numbers } = state;
  return {
    settings,
    iterations,
    slots: [...slots].map(([field, copies]) => [
      field,
      copies.map(({ name }) => name),
    ]),
    numbers: [...numbers.keys()],
  };
}

/** The tensors of the state, still its own. */
export function tensorsOf({ slots, numbers }: OptimizerState): NamedTensor[] {
  return [
    ...[...slots].flatMap(([field, copies]) =>
      copies.map(({ tensor }, i) => ({
        name: `${PREFIX}${field}:${i}`,
        tensor,
      }))
    ),
    ...[...numbers].map(([field, tensor]) => ({
      name: PREFIX + field,
      tensor,
    })),
  ];
}

/** No weight is called so: tf.js allows no colon in a layer's name. */
const PREFIX = "optimizer:";

/**
 * A state from its parts.
 *
 * @param saved What the tensors are.
 * @param tensors The tensors, which become the state's.
 * @param names What the variables of then are called now: slots are named after
 * them.
 */
export function optimizerStateOf(
  { settings, iterations, slots, numbers }: SavedOptimizer,
  tensors: readonly tf.Tensor[],
  names: ReadonlyMap<string, string>,
): OptimizerState {
  const left = tensors.values();
  const next = () => left.next().value!;
  return {
    settings,
    iterations,
    slots: new Map(slots.map(([field, slotNames]) => [
      field,
      slotNames.map((name) => ({ name: renamed(name, names), tensor: next() })),
    ])),
    numbers: new Map(numbers.map((field) => [field, next()])),
  };
}

/** A slot is called by its variable and by what it is: `dense_Dense1/kernel/m`. */
function renamed(slot: string, names: ReadonlyMap<string, string>): string {
  const cut = slot.lastIndexOf("/");
  const variable = slot.slice(0, cut);
  return (names.get(variable) ?? variable) + slot.slice(cut);
}
