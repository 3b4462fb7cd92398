/**
 * What a run without a model works on: weights that are a list of numbers.
 *
 * @module
 */
import type {
  NonFinite,
  TestBatch,
  ValidationData,
  Values,
} from "../plugin.ts";
import type { Resources, Snapshot, WeightStore } from "../steps.ts";

/** What the fakes start from. */
export interface FakeParts {
  /** Learning rate. Default 0.01. */
  readonly learningRate?: number;
  /** Momentum; `null` for none. Default 0.9. */
  readonly momentum?: number | null;
  /** Handed out as `run.model`. */
  readonly model?: unknown;
  /** What `run.predict` gives. Default: the inputs. */
  readonly predict?: (x: readonly Values[]) => readonly Values[];
  /** What `run.firstNonFinite` finds. Default: nothing. */
  readonly firstNonFinite?: (
    where: "weights" | "step",
  ) => NonFinite | undefined;
}

/** An optimizer, weights, and predictions. */
export function fakeResources(
  { learningRate = 0.01, momentum = 0.9, model, ...parts }: FakeParts,
  weights: number[],
  alive: Set<Snapshot>,
): Resources {
  return {
    optimizer: momentum === null
      ? { learningRate }
      : { learningRate, momentum },
    weights: fakeWeights(weights, alive),
    model,
    predict: parts.predict ?? ((x) => x),
    firstNonFinite: (where) => Promise.resolve(parts.firstNonFinite?.(where)),
  };
}

/** What each snapshot holds, for the runs of a plugin that keeps one, too. */
const copies = new WeakMap<Snapshot, number[]>();

function fakeWeights(weights: number[], alive: Set<Snapshot>): WeightStore {
  function hold(copy: number[]): Snapshot {
    const snapshot = { dispose: () => void alive.delete(snapshot) };
    copies.set(snapshot, copy);
    alive.add(snapshot);
    return snapshot;
  }
  return {
    optimizerState: true,
    snapshot: () => hold([...weights]),
    restore(snapshot) {
      weights.splice(0, weights.length, ...copies.get(snapshot)!);
    },
    average(snapshot, momentum) {
      const mean = copies.get(snapshot)!;
      weights.forEach((value, i) => {
        mean[i] = momentum * mean[i]! + (1 - momentum) * value;
      });
    },
    entries: () => [{
      layer: "weights",
      name: "weights",
      shape: [weights.length],
      values: () => Promise.resolve([...weights]),
    }],
    write(snapshot) {
      const copy = new Float64Array(snapshot ? copies.get(snapshot)! : weights);
      const data = new Uint8Array(copy.buffer);
      const shape = [copy.length];
      return {
        tensors: [{ name: "weights", shape, dtype: "float64", data }],
        rest: undefined,
      };
    },
    read({ tensors }) {
      const { data } = tensors[0]!;
      return hold([...new Float64Array(data.slice().buffer)]);
    },
  };
}

/** Validation data of some batches. */
export function batchesOf(batches: readonly TestBatch[]): ValidationData {
  return {
    steps: batches.length,
    async *batches() {
      yield* batches;
    },
  };
}
