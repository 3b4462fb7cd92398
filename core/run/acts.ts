/**
 * What plugins ask of a run is data first (who, what, where, why); here, and
 * nowhere else, it is carried out.
 *
 * @module
 */
import { placeInRun } from "./files/run_paths.ts";
import { show } from "../contract/show.ts";
import { canBackUp } from "../contract/requirements.ts";
import type { Act, Request } from "../events.ts";
import { HOOKS, type Picture, type Requirement } from "../plugin.ts";
import type { Snapshot } from "../steps.ts";
import { tellingOf } from "./follow.ts";
import { saveInto } from "./saving.ts";
import type { RunState } from "./state.ts";

/** Where a run is, for acts and errors. */
export function placeOf(
  { hook, index, position, params }: RunState,
): Pick<Act, "hook" | "epoch" | "batch"> {
  return {
    hook,
    epoch: params.mode === "fit" ? position.epoch : undefined,
    batch: HOOKS[hook].indexed === "batch" ? index : undefined,
  };
}

/**
 * Carry out what a plugin asks for.
 *
 * @returns A promise only where there is something to wait for.
 * @throws {Error} If the run does not offer it.
 */
export function perform(
  state: RunState,
  by: string,
  what: Request,
): Promise<void> | undefined {
  const act = { by, ...placeOf(state), what };
  if (!state.rejoining) state.onAct?.(act);
  const tell = tellingOf(state, act);
  const doing = carryOut(state, act);
  if (tell && doing) return doing.then(tell);
  tell?.();
  return doing;
}

function carryOut(state: RunState, act: Act): Promise<void> | undefined {
  const { by, what } = act;
  switch (what.kind) {
    case "stop":
      state.stop ??= act;
      return;
    case "set":
      settingsOf(state, what.setting)[what.setting] = what.value;
      return;
    case "save":
      // What is there has been saved before.
      if (state.rejoining) return Promise.resolve();
      return saveInto(
        state,
        act,
        placeInRun(state.dir, what.path),
        what,
        required(state, "save"),
      );
    case "backup":
      if (!canBackUp(state.resources)) throw notOffered("backup");
      state.backupAsked = Math.max(what.keep, state.backupAsked ?? 0);
      return;
    case "print":
      return state.printer.print(what.line) as undefined;
    case "status":
      return state.printer.status(what.line) as undefined;
    case "show":
      return showIn(state, by, what.picture);
    case "write":
    case "remove":
    case "add":
      return;
    default:
      return changeWeights(state, by, what) as undefined;
  }
}

/** Each plugin has one place for its pictures. */
function showIn(
  { pictures, printer }: RunState,
  by: string,
  picture: Picture,
): Promise<void> | undefined {
  if (!pictures.has(by)) pictures.set(by, printer.picture?.() ?? nowhere);
  return pictures.get(by)!(picture);
}

function nowhere(): undefined {}

type OnWeights = Extract<
  Request,
  { kind: "snapshot" | "restore" | "average" | "release" }
>;

function changeWeights(state: RunState, by: string, what: OnWeights): void {
  const { snapshots } = state;
  const { name } = what;
  if (what.kind === "release") return snapshots.release(by, name);
  const weights = required(state, "weights");
  if (what.kind === "snapshot") {
    const { optimizer, trainable, keep } = what;
    if (optimizer && !weights.optimizerState) {
      throw notOffered("optimizerState");
    }
    snapshots.put(by, name, weights.snapshot({ optimizer, trainable }), keep);
    return;
  }
  const snapshot: Snapshot | undefined = snapshots.get(by, name);
  if (!snapshot) {
    throw new Error(
      `there is no snapshot ${show(name)}: take one with run.weights.snapshot(${
        show(name)
      }) first`,
    );
  }
  if (what.kind === "restore") weights.restore(snapshot);
  else weights.average(snapshot, what.momentum);
}

/** The optimizer's settings, if it has the one that is asked for. */
export function settingsOf(
  { resources: { optimizer } }: RunState,
  setting: "learningRate" | "momentum",
): { learningRate: number; momentum: number } {
  if (!optimizer || !(setting in optimizer)) throw notOffered(setting);
  return optimizer as { learningRate: number; momentum: number };
}

/** Something of the run's resources that must be there. */
export function required<
  R extends "weights" | "save" | "predict" | "batchLogs" | "firstNonFinite",
>(
  { resources }: RunState,
  name: R,
): NonNullable<RunState["resources"][R]> {
  const resource = resources[name];
  if (!resource) throw notOffered(name);
  return resource as NonNullable<RunState["resources"][R]>;
}

function notOffered(what: Requirement): Error {
  return new Error(
    `this run does not offer "${what}": declare requires: ["${what}"] to be told before it starts`,
  );
}
