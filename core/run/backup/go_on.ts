/**
 * A run that goes on: what a backup holds is put into a run that has begun.
 *
 * @module
 */
import type { Entry } from "../../contract/plugin_list.ts";
import { InputError, messageOf } from "../../errors.ts";
import { terminal } from "../../terminal.ts";
import type { SavedSnapshot, Snapshot, WeightStore } from "../../steps.ts";
import {
  type Backup,
  identityOf,
  markedFiles,
  type SavedPlugin,
} from "./backup.ts";
import { newestBackup } from "./backup_folder.ts";
import { changesOf } from "./changes.ts";
import type { Listener } from "../dispatch.ts";
import { failureOf } from "../failure.ts";
import type { PlannedRun } from "../planned_run.ts";
import { putState } from "../plugin_state.ts";
import type { GoesOn, SessionOptions } from "../run_options.ts";
import { nextEpoch, type RunState } from "../state.ts";

/** The folder that a run is to go on in, if it is to; it may have died there before its first backup. */
export function folderToGoOnIn(
  { resume, resumeFrom, dryRun }: SessionOptions,
  { params }: PlannedRun,
): string | undefined {
  if (dryRun || params.mode !== "fit") return undefined;
  return resume ?? resumeFrom?.();
}

/** What a run goes on from. */
interface Found {
  /** The backup. */
  readonly backup: Backup;
  /** Its number. */
  readonly number: number;
  /** The same for those who follow the run. */
  readonly from: GoesOn;
}

/**
 * The backup that a run is to go on from, if there is one.
 *
 * @param dir The folder that it is to go on in.
 * @throws {InputError} If none is whole, or it is one of another run.
 */
export function whatToGoOnFrom(
  options: SessionOptions,
  { params, entries }: PlannedRun,
  dir: string | undefined,
): Found | undefined {
  const { resumeAnyway, printer = terminal() } = options;
  const { steps, samples, data } = options;
  const found = options.backup
    ? { backup: options.backup, path: "the backup", number: 0 }
    : dir === undefined
    ? undefined
    : newestBackup(dir, printer.print);
  if (!found) return undefined;
  const { backup, path, number } = found;
  const now = identityOf(
    { resources: steps, samples, params, data },
    entries,
  );
  const changes = [
    ...changesOf(backup.identity, now),
    ...seedChange(backup, options),
  ];
  if (changes.length && !resumeAnyway) throw anotherRun(path, changes);
  // Weights of another model are told now, before anything is done.
  const { weights } = steps;
  if (backup.weights) copyOf(weights, backup.weights, resumeAnyway)?.dispose();
  const epoch = nextEpoch(backup.position);
  const { batch } = backup.position.training;
  return { backup, number, from: { path, epoch, batch, changes } };
}

function anotherRun(from: string, changes: readonly string[]): InputError {
  return new InputError(
    `Cannot go on from ${from}: this is another run\n${
      changes.map((it) => `- ${it}`).join("\n")
    }\nMake it the same again, or go on all the same with resumeAnyway (--resume-anyway)`,
  );
}

/** A seed that was drawn stays as it was; one that is given must be the same. */
function seedChange(
  { learnt }: Backup,
  { seed }: SessionOptions,
): string[] {
  return seed === undefined || seed === learnt.seed
    ? []
    : [`seed: it was ${learnt.seed}, and is ${seed}`];
}

/**
 * Put what a backup holds into a run whose plugins have been told of its begin.
 *
 * @param backup What it goes on from, if it does.
 * @param options Whether it goes on with what cannot be put back.
 * @returns Undefined if there is nothing to put back.
 * @throws {InputError} If its weights, or what its steps keep, are those of
 * another model.
 */
export function rejoin(
  state: RunState,
  listeners: readonly Listener[],
  backup: Backup | undefined,
  { resumeAnyway = false }: Pick<SessionOptions, "resumeAnyway">,
): Promise<void> | undefined {
  if (!backup || !state.rejoining) return undefined;
  return putBack(state, listeners, backup, resumeAnyway);
}

async function putBack(
  state: RunState,
  listeners: readonly Listener[],
  backup: Backup,
  anyway: boolean,
): Promise<void> {
  const { resources, position, watch } = state;
  putWeights(state, backup, anyway);
  Object.assign(resources.optimizer ?? {}, backup.settings);
  const { training, testing, ...rest } = backup.position;
  Object.assign(position, rest);
  // Whoever feeds the loop holds these two.
  Object.assign(position.training, training);
  Object.assign(position.testing, testing);
  state.stop = backup.stop;
  state.backupAsked = undefined;
  state.params = { ...state.params, ...known(backup.learnt) };
  for (const saved of backup.plugins) {
    const listener = listeners.find(({ entry }) => entry.name === saved.name);
    if (!listener) continue;
    await putPlugin(state, listener.entry, saved);
    if (saved.shadow) listener.shadow?.load(saved.shadow);
    if (!saved.off) continue;
    listener.muted = "all";
    state.muting = true;
  }
  try {
    await resources.keeps?.load(backup.steps);
  } catch (error) {
    if (!anyway || !(error instanceof InputError)) throw error;
    state.printer.print(
      `Warning: ${error.message}; the run goes on without it`,
    );
  }
  await watch.keeps?.load(backup.watch);
  markedFiles(state.files)?.goOn();
  state.rejoining = false;
}

function putWeights(
  { resources: { weights }, snapshots, printer }: RunState,
  backup: Backup,
  anyway: boolean,
): void {
  if (!weights?.read || !backup.weights) return;
  const now = copyOf(weights, backup.weights, anyway, printer.print)!;
  weights.restore(now);
  now.dispose();
  const copies = backup.snapshots.map(({ saved, ...about }) => ({
    ...about,
    snapshot: copyOf(weights, saved, anyway)!,
  }));
  snapshots.replace(copies);
}

/**
 * What was saved, as a snapshot.
 *
 * @param anyway Whether the weights alone will do, where the optimizer is another.
 * @param warn Takes a line if they had to.
 */
function copyOf(
  weights: WeightStore | undefined,
  saved: SavedSnapshot,
  anyway: boolean | undefined,
  warn?: (line: string) => void,
): Snapshot | undefined {
  try {
    return weights?.read?.(saved);
  } catch (error) {
    if (!anyway || !(error instanceof InputError)) throw error;
    const alone = weights!.read!(saved, { optimizer: false });
    warn?.(`Warning: ${error.message}\nThe run goes on with the weights alone`);
    return alone;
  }
}

async function putPlugin(
  run: RunState,
  { name, file, plugin: { state, keeps } }: Entry,
  saved: SavedPlugin,
): Promise<void> {
  if (state) putState(state, saved.state as object);
  try {
    await keeps?.load(saved.kept);
  } catch (error) {
    const reason = new Error(
      `what it had kept cannot be loaded: ${messageOf(error)}`,
      { cause: error },
    );
    const { hook } = run;
    const at = { by: name, hook, epoch: undefined, batch: undefined };
    throw failureOf(at, reason, file);
  }
}

/** Without what was not known. */
function known<T extends object>(learnt: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(learnt).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
