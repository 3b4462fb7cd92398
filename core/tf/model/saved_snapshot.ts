/**
 * What a snapshot of weights holds, as it goes into a backup, and back into the
 * model of another process.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { InputError } from "../../errors.ts";
import { isPromise } from "../../run/dispatch.ts";
import type { SavedSnapshot } from "../../steps.ts";
import { compareWeights } from "../checkpoint/named_weights.ts";
import type { OptimizerState } from "./optimizer_state.ts";
import {
  optimizerStateOf,
  type SavedOptimizer,
  savedOptimizer,
  tensorsOf,
} from "./saved_optimizer.ts";
import { savedTensors, tensorOf } from "./saved_tensors.ts";

/** A weight, and what it is called. */
export interface NamedVariable {
  /** Name of its layer. */
  readonly layer: string;
  /** Its own, unique within the model. */
  readonly name: string;
  /** Where its numbers are. */
  readonly variable: tf.Variable;
  /** Whether training changes it by gradients. */
  readonly trainable: boolean;
}

/** What is trained, and by what. */
export interface Trained {
  /** The weights. */
  readonly named: readonly NamedVariable[];
  /** Class of the optimizer; undefined if there is none. */
  readonly optimizer: string | undefined;
  /** Whether the optimizer's state can be copied and put back. */
  readonly known: boolean;
}

/** The numbers of weights, and the state of what trains them. */
export interface WeightCopies {
  /** Which weights. */
  readonly named: readonly NamedVariable[];
  /** Their numbers, in that order. */
  readonly weights: tf.Tensor[];
  /** Undefined if it is no part of this. */
  readonly state: OptimizerState | undefined;
}

/** What a saved snapshot holds beside tensors. */
interface Rest {
  /** tf.js' own names of the weights, whose tensors come first. */
  readonly variables: readonly string[];
  /** Whether these are only the trainable ones. */
  readonly trainable: boolean;
  /** Class of the optimizer. */
  readonly optimizer: string | undefined;
  /** Its state, whose tensors come last. */
  readonly state: SavedOptimizer | undefined;
}

/**
 * The numbers of a snapshot, bit for bit; a promise only on a GPU.
 *
 * @param copies The snapshot, which stays the caller's.
 * @param trained What it was taken of.
 */
export function writeCopies(
  { named, weights, state }: WeightCopies,
  trained: Trained,
): SavedSnapshot | Promise<SavedSnapshot> {
  const rest: Rest = {
    variables: named.map(({ variable }) => variable.name),
    trainable: named.length < trained.named.length,
    optimizer: trained.optimizer,
    state: state && savedOptimizer(state),
  };
  const tensors = savedTensors([
    ...named.map(({ name }, i) => ({ name, tensor: weights[i]! })),
    ...state ? tensorsOf(state) : [],
  ]);
  return isPromise(tensors)
    ? tensors.then((tensors) => ({ tensors, rest }))
    : { tensors, rest };
}

/**
 * A snapshot from its numbers.
 *
 * @param saved The numbers, perhaps of another process, in which tf.js gave other
 * numbers to what has no name.
 * @param trained What they are put back into.
 * @param options Whether with the optimizer's state. Default true.
 * @returns Copies, the caller's to free.
 * @throws {InputError} If they are of other weights or of another optimizer;
 * lists each mismatch.
 */
export function readCopies(
  saved: SavedSnapshot,
  trained: Trained,
  { optimizer }: { readonly optimizer: boolean } = { optimizer: true },
): WeightCopies {
  const rest = restOf(saved);
  const { variables } = rest;
  const state = optimizer ? rest.state : undefined;
  const named = trained.named.filter((it) => it.trainable || !rest.trainable);
  const { matches, problems } = compareWeights(
    named.map(({ name, variable: { shape, dtype } }) => ({
      ...{ name, shape, dtype },
    })),
    saved.tensors.slice(0, variables.length),
  );
  check([...problems, ...optimizer ? otherOptimizer(rest, trained) : []]);
  const tensors = tensorsFrom(
    optimizer ? saved.tensors : saved.tensors.slice(0, variables.length),
  );
  const names = new Map(
    named.map(({ variable }, i) => [variables[matches[i]!]!, variable.name]),
  );
  return {
    named,
    weights: matches.map((i) => tensors[i]!),
    state: state &&
      optimizerStateOf(state, tensors.slice(variables.length), names),
  };
}

function restOf({ rest }: SavedSnapshot): Rest {
  if (Array.isArray((rest as Partial<Rest> | undefined)?.variables)) {
    return rest as Rest;
  }
  throw new InputError(
    "Cannot put back the saved weights: they are none of tf.js",
  );
}

function otherOptimizer(
  { optimizer, state }: Rest,
  trained: Trained,
): string[] {
  if (optimizer !== trained.optimizer) {
    const [was, is] = [optimizer, trained.optimizer].map((name) =>
      name === undefined ? "none" : `"${name}"`
    );
    return [
      `they were trained by optimizer ${was}, this model is trained by ${is}`,
    ];
  }
  return state && !trained.known
    ? [
      `the state of optimizer "${optimizer}" cannot be put into a class derived from it`,
    ]
    : [];
}

function check(problems: readonly string[]): void {
  if (problems.length === 0) return;
  throw new InputError(
    "Cannot put back the saved weights: they belong to another model\n" +
      problems.map((problem) => `- ${problem}`).join("\n"),
  );
}

function tensorsFrom(tensors: SavedSnapshot["tensors"]): tf.Tensor[] {
  const made: tf.Tensor[] = [];
  try {
    for (const saved of tensors) made.push(tensorOf(saved));
    return made;
  } catch (error) {
    tf.dispose(made);
    throw error;
  }
}
