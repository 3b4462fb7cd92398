/**
 * Weights to copy, restore, average, save and load, or to be read one by one.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { WeightEntry } from "../../plugin.ts";
import type { Snapshot, WeightStore } from "../../steps.ts";
import {
  copyState,
  freeState,
  hasKnownState,
  restoreState,
  stateOf,
} from "./optimizer_state.ts";
import {
  type NamedVariable,
  readCopies,
  type Trained,
  type WeightCopies,
  writeCopies,
} from "./saved_snapshot.ts";
import { assignCopy, copyOf } from "./tensor_copy.ts";

/** What a snapshot holds, and what its state belongs to. */
interface Copies extends WeightCopies {
  readonly optimizer: tf.Optimizer | undefined;
}

/** Shared by all stores, since a snapshot may be kept for the next run; undefined once it is disposed. */
const snapshots = new WeakMap<Snapshot, Copies | undefined>();

/**
 * The weights `named`.
 *
 * @param named The weights, in the model's order.
 * @param optimizer What trains them; undefined if nothing does.
 */
export function weightStore(
  named: readonly NamedVariable[],
  optimizer: tf.Optimizer | undefined,
): WeightStore {
  const own = new Set(named.map(({ variable }) => variable));
  const trainable = named.filter(({ trainable }) => trainable);
  const trainer = optimizer && hasKnownState(optimizer) ? optimizer : undefined;
  const trained: Trained = {
    named,
    optimizer: optimizer?.getClassName(),
    known: trainer !== undefined,
  };

  function hold(copies: WeightCopies): Snapshot {
    const snapshot = { dispose: () => disposeOf(snapshot) };
    snapshots.set(snapshot, { ...copies, optimizer: trainer });
    return snapshot;
  }
  function asOfNow(): WeightCopies {
    const weights = named.map(({ variable }) => variable);
    return { named, weights, state: trainer && stateOf(trainer) };
  }
  return {
    optimizerState: trainer !== undefined,
    snapshot(options) {
      if (options.optimizer && !trainer) throw noState(optimizer);
      const copied = options.trainable ? trainable : named;
      return hold({
        named: copied,
        weights: copied.map(({ variable }) => copyOf(variable)),
        state: options.optimizer ? copyState(trainer!) : undefined,
      });
    },
    restore(snapshot) {
      const { named, weights, optimizer, state } = copiesOf(snapshot, own);
      if (state && optimizer !== trainer) {
        throw new TypeError(
          "Cannot restore the snapshot: it holds the state of another optimizer",
        );
      }
      named.forEach(({ variable }, i) => assignCopy(variable, weights[i]!));
      if (state) restoreState(trainer!, state);
    },
    average(snapshot, momentum) {
      const { named, weights } = copiesOf(snapshot, own);
      // As a tensor will hold it, so that both parts add up to 1.
      const kept = Math.fround(momentum);
      named.forEach(({ variable }, i) => {
        const before = weights[i]!;
        weights[i] = tf.keep(
          tf.tidy(() => tf.add(before.mul(kept), variable.mul(1 - kept))),
        );
        before.dispose();
      });
    },
    entries: () => named.map(entryOf),
    write: (snapshot) =>
      writeCopies(snapshot ? copiesOf(snapshot, own) : asOfNow(), trained),
    read: (saved, options) => hold(readCopies(saved, trained, options)),
    unwritten: optimizer && !trainer
      ? `the state of optimizer "${optimizer.getClassName()}", which is none of tf.js' own`
      : undefined,
    freed: () => named.find(({ variable }) => isFreed(variable))?.name,
  };
}

/** `tf.disposeVariables()` frees the numbers alone, and leaves the variable as it is. */
function isFreed({ isDisposed, dataId }: tf.Variable): boolean {
  return isDisposed || !tf.engine().state.tensorInfo.has(dataId);
}

function copiesOf(
  snapshot: Snapshot,
  own: ReadonlySet<tf.Variable>,
): Copies {
  const copies = snapshots.get(snapshot);
  if (copies?.named.every(({ variable }) => own.has(variable))) return copies;
  throw new TypeError(
    snapshots.has(snapshot) && !copies
      ? "Cannot use the snapshot: it was disposed"
      : "Cannot use the snapshot: it was taken from another model",
  );
}

function disposeOf(snapshot: Snapshot): void {
  const copies = snapshots.get(snapshot);
  snapshots.set(snapshot, undefined);
  tf.dispose(copies?.weights);
  if (copies?.state) freeState(copies.state);
}

function entryOf({ layer, name, variable }: NamedVariable): WeightEntry {
  const { shape } = variable;
  return { layer, name, shape, values: () => variable.data() };
}

function noState(optimizer: tf.Optimizer | undefined): TypeError {
  return new TypeError(
    optimizer
      ? `Cannot copy the state of optimizer "${optimizer.getClassName()}": only tf.js' own can be copied`
      : "Cannot copy the state of the optimizer: there is none",
  );
}
