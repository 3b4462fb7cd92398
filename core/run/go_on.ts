/**
 * A run that goes on: what a backup holds is put into a run that has begun.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import { terminal } from "../terminal.ts";
import type { Plugin } from "../plugin.ts";
import {
  type Backup,
  type Identity,
  identityOf,
  markedFiles,
  type SavedPlugin,
} from "./backup.ts";
import { newestBackup } from "./backup_folder.ts";
import type { Listener } from "./dispatch.ts";
import type { PlannedRun } from "./planned_run.ts";
import type { GoesOn, SessionOptions } from "./run_options.ts";
import { nextEpoch, type RunState } from "./state.ts";

/** The folder that a run is to go on in, if it is to; it may have died there before its first backup. */
export function folderToGoOnIn(
  { resume, resumeFrom, dryRun }: SessionOptions,
  { params }: PlannedRun,
): string | undefined {
  if (dryRun || params.mode !== "fit") return undefined;
  return resume ?? resumeFrom?.();
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
): { readonly backup: Backup; readonly from: GoesOn } | undefined {
  const { resumeAnyway, printer = terminal() } = options;
  const { steps, samples, data } = options;
  const found = options.backup
    ? { backup: options.backup, path: "the backup" }
    : dir === undefined
    ? undefined
    : newestBackup(dir, printer.print);
  if (!found) return undefined;
  const { backup, path } = found;
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
  if (backup.weights) weights?.read?.(backup.weights).dispose();
  const epoch = nextEpoch(backup.position);
  const { batch } = backup.position.training;
  return { backup, from: { path, epoch, batch, changes } };
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

function changesOf(was: Identity, is: Identity): string[] {
  const names = (of: Identity) => of.plugins.map(({ name }) => name);
  const [before, now] = [names(was), names(is)];
  const changes = [
    ...before.filter((name) => !now.includes(name))
      .map((name) => `plugin "${name}" is not there any more`),
    ...now.filter((name) => !before.includes(name))
      .map((name) => `plugin "${name}" was not there`),
  ];
  if (changes.length === 0 && before.join() !== now.join()) {
    changes.push(
      `the plugins were in the order ${
        before.join(", ")
      }, and are in the order ${now.join(", ")}`,
    );
  }
  for (const { name, options, source } of is.plugins) {
    const other = was.plugins.find((it) => it.name === name);
    if (other && other.source !== source) {
      changes.push(
        `plugin "${name}" was made of ${other.source ?? "none"}, and is of ${
          source ?? "none"
        }`,
      );
    }
    if (other && other.options !== options) {
      changes.push(
        `plugin "${name}" had the options ${other.options ?? "{}"}, and has ${
          options ?? "{}"
        }`,
      );
    }
  }
  const facts = { ...was.facts, ...is.facts };
  for (const name of Object.keys(facts)) {
    const [then, here] = [was.facts[name], is.facts[name]];
    if (then !== here) {
      changes.push(
        `${name}: it was ${then ?? "none"}, and is ${here ?? "none"}`,
      );
    }
  }
  return changes;
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
  putWeights(state, backup);
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
    await putPlugin(listener.entry.plugin, saved);
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

function putWeights({ resources, snapshots }: RunState, backup: Backup): void {
  const { weights } = resources;
  if (!weights?.read || !backup.weights) return;
  const now = weights.read(backup.weights);
  weights.restore(now);
  now.dispose();
  const copies = backup.snapshots.map(({ saved, ...about }) => ({
    ...about,
    snapshot: weights.read!(saved),
  }));
  snapshots.replace(copies);
}

async function putPlugin(
  { state, keeps }: Plugin,
  saved: SavedPlugin,
): Promise<void> {
  if (state) {
    for (const key of Object.keys(state)) {
      delete (state as Record<string, unknown>)[key];
    }
    Object.assign(state, saved.state);
  }
  await keeps?.load(saved.kept);
}

/** Without what was not known. */
function known<T extends object>(learnt: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(learnt).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
