/**
 * A plugin's handle on a run: what it may see, and what it may ask for.
 *
 * @module
 */
import type { TfRun } from "../contract/callback.ts";
import { offersOf } from "../contract/requirements.ts";
import { show } from "../contract/show.ts";
import { placeInRun } from "./files/run_paths.ts";
import type { HookName, Run, Weights } from "../plugin.ts";
import { perform, placeOf, required, settingsOf } from "./acts.ts";
import type { Request } from "../events.ts";
import { begin } from "./begun.ts";
import { drawnAgain } from "./draws.ts";
import { profiling } from "./measuring/profiling.ts";
import { bestBy } from "./history.ts";
import type { RunState } from "./state.ts";
import { turn } from "./turn.ts";

/** The keys a plugin gets in a hook. */
export type KeysOf = (hook: HookName) => readonly string[];

/** A handle for the plugin called `name`. */
export function runHandle(
  state: RunState,
  name: string,
  keys: KeysOf,
): TfRun {
  const ask = (what: Request) =>
    state.leaks
      ? state.leaks.excused(() => perform(state, name, what))
      : perform(state, name, what);
  const later = <T>(work: () => T | Promise<T>, target?: string) =>
    begin(state, { by: name, ...placeOf(state) }, work, target);
  const weights = weightsHandle(state, name, ask);
  const optimizer = optimizerHandle(state, ask);
  const { printer } = state;
  // Frozen, with all that is in it, so that no plugin can change what others see.
  return Object.freeze({
    get epoch() {
      return state.position.epoch;
    },
    get step() {
      return state.position.step;
    },
    get params() {
      return Object.freeze(state.params);
    },
    get outcome() {
      return state.outcome;
    },
    get plugins() {
      return state.entries().map(({ name }) => name);
    },
    get tensors() {
      return state.resources.tensors?.();
    },
    samples: state.samples,
    get lastSize() {
      return state.resources.lastSize?.();
    },
    weights,
    optimizer,
    model: state.resources.model,
    validation: state.validation,
    dir: state.dir,
    files: state.files.of?.(name) ?? state.files,
    signal: state.signal,
    terminal: Object.freeze({
      interactive: printer.interactive,
      colors: printer.colors,
      pictures: printer.pictures,
      get columns() {
        return printer.columns;
      },
    }),
    stop(reason, options) {
      const resumable = options?.resumable === true;
      ask({ kind: "stop", reason, ...resumable && { resumable } });
    },
    print: (line) => void ask({ kind: "print", line }),
    status: (line) => void ask({ kind: "status", line }),
    show: (picture) => void later(() => ask({ kind: "show", picture })),
    save(path, options) {
      const weightsOnly = options?.weightsOnly ?? false;
      return later(() => ask({ kind: "save", path, weightsOnly }), path);
    },
    backup(options) {
      const keep = options?.keep ?? 2;
      if (Number.isInteger(keep) && keep >= 0) {
        return void ask({ kind: "backup", keep });
      }
      throw new Error(
        `Cannot back up: 'keep' must be an integer >= 0: current value is ${
          show(keep)
        }`,
      );
    },
    predict: (x) =>
      later(async () => {
        const predict = required(state, "predict");
        checkInputs(x);
        await turn(state); // A plugin may go through all validation data.
        return await predict(x);
      }),
    firstNonFinite: (where) =>
      later(async () => {
        const search = required(state, "firstNonFinite");
        if (where !== "weights" && where !== "step") {
          throw new Error(
            `Cannot search in ${show(where)}: it must be "weights" or "step"`,
          );
        }
        return await drawnAgain(state, () => search(where));
      }),
    batchLogs: () => required(state, "batchLogs")(),
    follow: (listener) => state.followers.add(name, listener),
    bestBy: (logs) => bestBy(state, logs),
    offers: (what) => offersOf(state.resources, state.validation).has(what),
    keys,
    direction(key) {
      const { directions } = state.params;
      if (Object.hasOwn(directions, key)) return directions[key]!;
      throw new Error(
        `it is not known whether lower or higher "${
          String(key)
        }" is better: declare needs: { …: [{ key: "${
          String(key)
        }", direction: true }] } to be told before the run starts`,
      );
    },
    path: (path) => placeInRun(state.dir, path),
    profile: () => profiling(state),
    now: state.now,
    time: state.time,
  });
}

/** Plugins without types may give anything. */
function checkInputs(x: unknown): void {
  if (Array.isArray(x)) return;
  throw new Error(
    "Cannot predict: 'x' must be a list, one entry per input of the model, as in a batch of run.validation",
  );
}

type Ask = (what: Request) => Promise<void> | undefined;

function optimizerHandle(state: RunState, ask: Ask): Run["optimizer"] {
  const set = (setting: "learningRate" | "momentum", value: number) => {
    settingsOf(state, setting);
    ask({ kind: "set", setting, value });
  };
  return Object.freeze({
    get learningRate() {
      return settingsOf(state, "learningRate").learningRate;
    },
    set learningRate(value) {
      set("learningRate", value);
    },
    get momentum() {
      return settingsOf(state, "momentum").momentum;
    },
    set momentum(value) {
      set("momentum", value);
    },
  });
}

function weightsHandle(state: RunState, plugin: string, ask: Ask): Weights {
  return Object.freeze<Weights>({
    snapshot(name, options) {
      const { optimizer = false, trainable = false, keep = false } = options ??
        {};
      ask({ kind: "snapshot", name, optimizer, trainable, keep });
    },
    has: (name) => state.snapshots.get(plugin, name) !== undefined,
    restore: (name) => void ask({ kind: "restore", name }),
    average: (name, momentum) => void ask({ kind: "average", name, momentum }),
    release: (name) => void ask({ kind: "release", name }),
    entries: () => required(state, "weights").entries(),
  });
}
