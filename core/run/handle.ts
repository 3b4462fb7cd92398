/**
 * What hooks may see and ask for. What they ask for is data first (who, what,
 * where, why), then it is carried out, in one place.
 *
 * @module
 */
import type {
  Capability,
  HookName,
  Outcome,
  Plugin,
  Run,
  RunParams,
  Snapshot,
  Weights,
} from "../plugin.ts";
import type { Resources } from "../steps.ts";
import type { Printer } from "../terminal.ts";

/** Something a plugin asked for. */
export interface Act {
  /** Plugin that asks. */
  readonly by: string;
  /** Hook it asks in. */
  readonly hook: HookName;
  /** Epoch, from 0; absent outside of training. */
  readonly epoch: number | undefined;
  /** Batch, from 0; absent outside of batches. */
  readonly batch: number | undefined;
  /** What it asks for. */
  readonly what:
    | { readonly kind: "stop"; readonly reason: string }
    | {
      readonly kind: "set";
      readonly setting: "learningRate" | "momentum";
      readonly value: number;
    }
    | { readonly kind: "restore"; readonly snapshot: Snapshot };
}

/** A run as the loop sees it. */
export interface RunState {
  /** Hook that is running. */
  hook: HookName;
  /** Whether any plugin was switched off, or is not to be told an end. */
  muting: boolean;
  /** Epoch, from 0. */
  epoch: number;
  /** Batch, from 0; undefined outside of batches. */
  batch: number | undefined;
  /** Training batches finished. */
  step: number;
  /** The first request to stop, if there was one. */
  stop: Act | undefined;
  /** How the run ended. */
  outcome: Outcome | undefined;
  /** What is known from the start. */
  params: RunParams;
  /** What plugins may act on. */
  readonly resources: Resources;
  /** Where it prints. */
  readonly printer: Printer;
  /** Folder of the run. */
  readonly dir: string;
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal;
  /** Snapshots not freed yet. */
  readonly snapshots: Set<Snapshot>;
  /** Milliseconds. */
  readonly now: () => number;
  /** When signals and timers last had their turn, on that clock. */
  turned: number;
}

/**
 * What a run can offer, for plugins that say what they use.
 *
 * @param resources What the caller gave.
 */
export function offersOf(resources: Resources): Set<Capability> {
  const { optimizer, weights, model, save } = resources;
  const offers: [Capability, boolean][] = [
    ["learningRate", optimizer !== undefined],
    ["momentum", optimizer !== undefined && "momentum" in optimizer],
    ["weights", weights !== undefined],
    ["model", model !== undefined],
    ["save", save !== undefined],
  ];
  return new Set(offers.filter(([, there]) => there).map(([name]) => name));
}

/**
 * A plugin's handle on a run.
 *
 * @param state The run.
 * @param plugin Whose handle it is.
 * @param keys The keys it sees in a hook.
 */
export function runHandle(
  state: RunState,
  plugin: Plugin,
  keys: (hook: HookName) => readonly string[],
): Run {
  const ask = (what: Act["what"]) => {
    const { hook, epoch, batch, params } = state;
    const training = params.mode === "fit";
    perform(state, {
      by: plugin.name,
      hook,
      epoch: training ? epoch : undefined,
      batch: hook.includes("Batch") ? batch : undefined,
      what,
    });
  };
  const weights = weightsHandle(state, ask);
  const optimizer = optimizerHandle(state, ask);
  return {
    get epoch() {
      return state.epoch;
    },
    get step() {
      return state.step;
    },
    get params() {
      return state.params;
    },
    get outcome() {
      return state.outcome;
    },
    get weights() {
      return weights;
    },
    get optimizer() {
      return optimizer;
    },
    model: state.resources.model,
    dir: state.dir,
    signal: state.signal,
    terminal: state.printer,
    stop: (reason) => ask({ kind: "stop", reason }),
    print: (line) => state.printer.print(line),
    status: (line) => state.printer.status(line),
    save: async (path, { weightsOnly = false } = {}) => {
      const { save } = state.resources;
      if (!save) throw notOffered("save");
      await save(inDir(state.dir, path), { weightsOnly });
    },
    keys,
    now: state.now,
  };
}

/** Carry out what a plugin asked for. */
function perform(state: RunState, act: Act): void {
  const { what } = act;
  switch (what.kind) {
    case "stop":
      state.stop ??= act;
      break;
    case "set":
      settings(state)[what.setting] = what.value;
      break;
    case "restore":
      state.resources.weights!.restore(what.snapshot);
  }
}

function optimizerHandle(
  state: RunState,
  ask: (what: Act["what"]) => void,
): Run["optimizer"] {
  return {
    get learningRate() {
      return settings(state).learningRate;
    },
    set learningRate(value) {
      settings(state);
      ask({ kind: "set", setting: "learningRate", value });
    },
    get momentum() {
      return settings(state, "momentum").momentum;
    },
    set momentum(value) {
      settings(state, "momentum");
      ask({ kind: "set", setting: "momentum", value });
    },
  };
}

function settings(
  { resources: { optimizer } }: RunState,
  setting: "learningRate" | "momentum" = "learningRate",
): Run["optimizer"] {
  if (!optimizer || !(setting in optimizer)) throw notOffered(setting);
  return optimizer as Run["optimizer"];
}

/** The weights, with a record of the snapshots, so that none outlives the run. */
function weightsHandle(
  state: RunState,
  ask: (what: Act["what"]) => void,
): Weights {
  const weights = () => {
    if (!state.resources.weights) throw notOffered("weights");
    return state.resources.weights;
  };
  return {
    snapshot({ keep = false } = {}) {
      const snapshot = weights().snapshot();
      if (!keep) state.snapshots.add(snapshot);
      return snapshot;
    },
    restore(snapshot) {
      weights();
      ask({ kind: "restore", snapshot });
    },
    average: (snapshot, momentum) => weights().average(snapshot, momentum),
  };
}

function notOffered(what: Capability): Error {
  return new Error(
    `this run does not offer "${what}": declare uses: ["${what}"] to be told before it starts`,
  );
}

/** A path of a plugin, which begins in the run's folder unless it is absolute. */
function inDir(dir: string, path: string): string {
  return /^([a-z]:)?[\\/]/i.test(path) || dir === "." ? path : `${dir}/${path}`;
}
