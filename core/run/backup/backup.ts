/**
 * A run at one moment, as plain data: all that it takes to go on from there, in
 * this process or in another.
 *
 * @module
 */
import type { Entry, PluginSource } from "../../contract/plugin_list.ts";
import { messageOf } from "../../errors.ts";
import type { RunFiles } from "../../plugin.ts";
import type { SavedSnapshot } from "../../steps.ts";
import { placeOf } from "../acts.ts";
import type { Act } from "../../events.ts";
import type { Listener } from "../dispatch.ts";
import { failureOf } from "../failure.ts";
import type { FileMarks, MarkedFiles } from "../files/file_marks.ts";
import { encode, type Encoded } from "./plain_data.ts";
import type { Position, RunState } from "../state.ts";

/** A run at one moment. */
export interface Backup {
  /** What the run is, which one that goes on must be too. */
  readonly identity: Identity;
  /** How far it is. */
  readonly position: Position;
  /** The request to stop, if there was one. */
  readonly stop: Act | undefined;
  /** What the run has learnt of itself. */
  readonly learnt: Learnt;
  /** Learning rate and momentum. */
  readonly settings: Readonly<Record<string, number>>;
  /** The weights, with the optimizer's slots; undefined if the steps keep theirs themselves. */
  readonly weights: SavedSnapshot | undefined;
  /** Copies of the weights that plugins took. */
  readonly snapshots: readonly SavedCopy[];
  /** The plugins, in order. */
  readonly plugins: readonly SavedPlugin[];
  /** What the steps keep beside the weights. */
  readonly steps: unknown;
  /** What the run's follower keeps. */
  readonly watch: unknown;
  /** How its files are; undefined if they cannot be marked. */
  readonly files: FileMarks;
}

/** What must be the same in a run that goes on. */
export interface Identity {
  /** Names of the plugins, in order, with the options and the code they were made of; without those of the process. */
  readonly plugins: readonly {
    readonly name: string;
    readonly options: Readonly<Record<string, unknown>> | undefined;
    readonly source: string | undefined;
  }[];
  /** What the run works with, by name, such as the batch size and the backend. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Parameters that a run learns on its way. */
export interface Learnt {
  /** Batches an epoch. */
  readonly steps: number | undefined;
  /** Batches a validation. */
  readonly validationSteps: number | undefined;
  /** Seed of all that is random, which may have been drawn. */
  readonly seed: number | undefined;
}

/** A copy of the weights. */
export interface SavedCopy {
  /** Plugin that took it. */
  readonly plugin: string;
  /** Its name. */
  readonly name: string;
  /** Whether it outlives the run. */
  readonly keep: boolean;
  /** The numbers. */
  readonly saved: SavedSnapshot;
}

/** A plugin. */
export interface SavedPlugin {
  /** Its name. */
  readonly name: string;
  /** Its `state`. */
  readonly state: unknown;
  /** What its `keeps` saved. */
  readonly kept: unknown;
  /** Whether it was switched off. */
  readonly off: boolean;
  /** What it would have changed, if it is a shadow. */
  readonly shadow: unknown;
}

/**
 * Capture a run between two hooks. What comes back is a copy: the run may go on.
 *
 * @param listeners Its plugins.
 * @param number The backup's number.
 * @throws {PluginError} If what a plugin keeps cannot be saved.
 */
export async function capture(
  state: RunState,
  listeners: readonly Listener[],
  number: number,
): Promise<Encoded> {
  const { resources, position, params, watch } = state;
  const { weights } = resources;
  const written = await weights?.write?.();
  const snapshots: SavedCopy[] = [];
  for (const { snapshot, ...about } of state.snapshots.all()) {
    const saved = await weights?.write?.(snapshot);
    if (saved) snapshots.push({ ...about, saved });
  }
  const plugins: SavedPlugin[] = [];
  for (const listener of listeners) {
    plugins.push(await savedPlugin(state, listener));
  }
  const backup: Backup = {
    identity: identityOf(state, listeners.map(({ entry }) => entry)),
    position,
    stop: isPause(state.stop) ? undefined : state.stop,
    learnt: {
      steps: params.steps,
      validationSteps: params.validationSteps,
      seed: params.seed,
    },
    settings: { ...resources.optimizer },
    weights: written,
    snapshots,
    plugins,
    steps: structuredClone(await resources.keeps?.save()),
    watch: structuredClone(await watch.keeps?.save()),
    files: markedFiles(state.files)?.mark(number),
  };
  return encode(backup);
}

async function savedPlugin(
  state: RunState,
  { entry, muted, shadow }: Listener,
): Promise<SavedPlugin> {
  const { name, file, plugin } = entry;
  try {
    const kept = structuredClone(await plugin.keeps?.save());
    const data = structuredClone(plugin.state);
    return {
      name,
      state: data,
      kept,
      off: muted === "all",
      shadow: structuredClone(shadow?.save()),
    };
  } catch (error) {
    const reason = new Error(
      `what it keeps cannot be saved: ${messageOf(error)}`,
      { cause: error },
    );
    throw failureOf({ by: name, ...placeOf(state) }, reason, file);
  }
}

/** Whether a stop is one that the run goes on from: it is no part of it then. */
export function isPause(stop: Act | undefined): boolean {
  return stop?.what.kind === "stop" && stop.what.resumable === true;
}

/** The run as far as another one must be like it to go on from here. */
export function identityOf(
  { resources, samples, params, data }: Pick<
    RunState,
    "resources" | "samples" | "params" | "data"
  >,
  entries: readonly Entry[],
): Identity {
  return {
    plugins: entries.filter(isOfRun).map(({ name, options, source }) => ({
      name,
      options: options && optionsInWords(options),
      source: source && sourceInWords(source),
    })),
    facts: {
      "batch size": params.batchSize,
      "number of training samples": samples,
      "log keys": params.metrics.join(", "),
      ...data?.(),
      ...resources.about,
    },
  };
}

/** What asks for backups has to do with when a process ends, not with what its run does; and who looks on, with nothing of it. */
function isOfRun({ plugin }: Entry): boolean {
  return !plugin.requires?.includes("backup") && plugin.onlooker !== true;
}

/** Such as `hookloop 0.1.0, 5f0c1a2b`, or `5f0c1a2b, plugins/_x.ts 0a1b2c3d`. */
function sourceInWords(
  { version, sha256, imports = {} }: PluginSource,
): string {
  const imported = Object.entries(imports)
    .map(([file, sha256]) => `${file} ${sha256.slice(0, 8)}`);
  return [version, sha256?.slice(0, 8), ...imported].filter(Boolean).join(", ");
}

/** Each option as text: a function is what it says. */
function optionsInWords(options: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, inWords(value)]),
  );
}

function inWords(value: unknown): string {
  return JSON.stringify(
    value,
    (_key, it) =>
      typeof it === "function" ||
        (typeof it === "number" && !Number.isFinite(it))
        ? String(it)
        : it,
  ) ?? "undefined";
}

/** The files of a run, if they can be marked: those that a caller brings may not be. */
export function markedFiles(
  files: RunFiles & Partial<MarkedFiles>,
): MarkedFiles | undefined {
  return files.mark && files as RunFiles & MarkedFiles;
}
