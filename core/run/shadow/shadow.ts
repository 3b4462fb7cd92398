/**
 * A shadow's run: the real one, save for what the shadow would have changed,
 * which changes for the shadow alone.
 *
 * @module
 */
import { type Mode, WHOLE } from "../../contract/phases.ts";
import type { Content } from "../../files.ts";
import {
  type HookName,
  HOOKS,
  type LogRecord,
  type Phase,
} from "../../plugin.ts";
import type { Resources } from "../../steps.ts";
import { perform } from "../acts.ts";
import type { Act, RunEvent } from "../../events.ts";
import { outcomeOf } from "../outcome.ts";
import { type OwnFiles, shadowFiles, writtenOf } from "./shadow_files.ts";
import { noted, summed, type Tallies } from "./shadow_words.ts";
import type { Followers } from "../follow.ts";
import type { RunState } from "../state.ts";

/** A shadow's run. */
export interface ShadowRun {
  /** The run as the shadow sees it; what it asks for changes this alone. */
  readonly state: RunState;
  /** Whether a hook would not be called any more, because the shadow stopped the run. */
  isOver(hook: HookName): boolean;
  /** A hook of it returned keys. */
  adds(logs: LogRecord): void;
  /** What it would have done, in a line. */
  summary(): string;
  /** The files that it would have written, by path in the run's folder. */
  files(): ReadonlyMap<string, Content>;
  /** What it has changed so far: plain data. */
  save(): unknown;
  /** Take back what `save` returned. */
  load(saved: unknown): void;
}

/** What a shadow has changed: plain data. */
interface Own {
  /** Learning rate and momentum, where it has set them. */
  settings: { learningRate?: number; momentum?: number };
  /** Its request to stop. */
  stop: Act | undefined;
  /** How far the run would have come: its last epoch, and the batches done by then. */
  end: { readonly epoch: number; readonly done: number } | undefined;
  /** Its files. */
  files: OwnFiles;
  /** What was told. */
  tallies: Tallies;
}

/** Hooks after which one more batch comes before a stop takes effect. */
const BEFORE_A_BATCH: Readonly<Record<Mode, readonly HookName[]>> = {
  fit: ["onTrainBegin", "onEpochBegin", "onTrainBatchBegin"],
  evaluate: ["onTestBegin", "onTestBatchBegin"],
  predict: ["onPredictBegin", "onPredictBatchBegin"],
};

/** The batches after which a stop takes effect. */
const BATCHES: Readonly<Record<Mode, Phase>> = {
  fit: "trainBatch",
  evaluate: "testBatch",
  predict: "predictBatch",
};

/**
 * The run of a shadow.
 *
 * @param real The real run.
 * @param name The shadow's name.
 */
export function shadowRun(real: RunState, name: string): ShadowRun {
  const own: Own = {
    settings: {},
    stop: undefined,
    end: undefined,
    files: new Map(),
    tallies: {},
  };
  const { mode } = real.params;
  const done = () =>
    mode === "fit" ? real.position.step : real.position.testing.batch;
  const isPast = () => own.end && real.position.epoch > own.end.epoch;

  function stop(act: Act): void {
    const more = BEFORE_A_BATCH[mode].includes(act.hook) ? 1 : 0;
    own.stop = { ...act, shadow: true };
    own.end = { epoch: real.position.epoch, done: done() + more };
    real.muting = true;
  }

  function tell(act: Act): void {
    const told: Act = { ...act, shadow: true };
    real.onAct?.(told);
    if (act.what.kind === "stop" && own.stop) return; // The first one counts.
    const did = noted(own.tallies, told);
    if (did) real.printer.print(`${name} would have ${did}`);
  }

  const changes: Partial<RunState> = {
    get position() {
      if (!isPast()) return real.position;
      const { epoch, done: step } = own.end!;
      return { ...real.position, epoch, step };
    },
    get stop() {
      return own.stop;
    },
    set stop(act) {
      if (act && !own.stop) stop(act);
    },
    get outcome() {
      return real.outcome && own.stop
        ? outcomeOf(state, undefined)
        : real.outcome;
    },
    resources: resourcesOf(real.resources, own),
    files: shadowFiles(
      real.dir,
      real.files,
      own.files,
      (what) => void perform(state, name, what),
    ),
    printer: instead(real.printer, {
      print() {},
      status() {},
      picture: () => () => undefined,
    }),
    onAct: tell,
    followers: markedAs(real.followers),
    // What it begins, the run waits for.
    get begun() {
      return real.begun;
    },
    set begun(begun) {
      real.begun = begun;
    },
    backupAsked: undefined,
  };
  const state: RunState = Object.setPrototypeOf(changes, real);

  return {
    state,
    isOver(hook) {
      const { phase, side } = HOOKS[hook];
      if (!own.end || phase === WHOLE[mode]) return false;
      if (isPast()) return true;
      if (phase !== BATCHES[mode]) return false;
      return side === "begin" ? done() >= own.end.done : done() > own.end.done;
    },
    adds: (logs) =>
      void perform(state, name, { kind: "add", logs: { ...logs } }),
    summary: () => `${name} would have ${summed(own.tallies)}`,
    files: () => writtenOf(own.files),
    save: () => own,
    load(saved) {
      const { files, ...rest } = saved as Own;
      Object.assign(own, rest);
      own.files.clear();
      for (const [path, text] of files) own.files.set(path, text);
      if (own.stop) real.muting = true;
    },
  };
}

/** Followers who are told of a shadow's acts that they are. */
function markedAs(real: Followers): Followers {
  return instead(real, {
    tell: (event) => real.tell({ ...event, shadow: true } as RunEvent),
  });
}

/** The same, save for what stands in place of its own: its methods find it as they know it. */
function instead<T extends object>(real: T, changes: Partial<T>): T {
  return new Proxy({} as T, {
    get(_, key) {
      if (Object.hasOwn(changes, key)) return changes[key as keyof T];
      const value = real[key as keyof T];
      return typeof value === "function" ? value.bind(real) : value;
    },
  });
}

/** Nothing is put into the weights, and nothing saved. */
function resourcesOf(
  real: RunState["resources"],
  own: Pick<Own, "settings">,
): RunState["resources"] {
  const { optimizer, weights, model, save } = real;
  return instead(real, {
    model,
    optimizer: optimizer && settingsOf(optimizer, own),
    weights: weights && instead(weights, { restore() {} }),
    save: save && (() => Promise.resolve()),
  });
}

/** The optimizer's settings, or those that the shadow has set. */
function settingsOf(
  real: NonNullable<Resources["optimizer"]>,
  own: Pick<Own, "settings">,
): NonNullable<Resources["optimizer"]> {
  const settings = {};
  for (const setting of ["learningRate", "momentum"] as const) {
    if (!(setting in real)) continue;
    Object.defineProperty(settings, setting, {
      enumerable: true,
      get: () => own.settings[setting] ?? real[setting as "learningRate"],
      set: (value: number) => void (own.settings[setting] = value),
    });
  }
  return settings as NonNullable<Resources["optimizer"]>;
}
