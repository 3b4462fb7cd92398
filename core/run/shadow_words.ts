/**
 * What a shadow would have done, in words: a line as it happens, and one at the
 * end.
 *
 * @module
 */
import { HOOKS } from "../plugin.ts";
import type { Act, Request } from "./acts.ts";

/** What was told of acts of one kind: plain data. */
export interface Tally {
  /** How many there were. */
  times: number;
  /** The last one, in words. */
  last: string;
  /** What about it changes from one to the next, in words. */
  detail: string;
  /** The epoch in which a line on it was last printed. */
  told: number | undefined;
}

/** What was told of each kind of act. */
export type Tallies = Record<string, Tally>;

/**
 * Note an act.
 *
 * @returns What the shadow would have done, if a line is to tell it: not for
 * what nobody else would see, and in the hooks of batches only once an epoch
 * for each kind.
 */
export function noted(tallies: Tallies, act: Act): string | undefined {
  const words = wordsFor(act.what);
  if (!words) return undefined;
  const [kind, detail = ""] = words;
  const last = `${kind}${detail && ` ${detail}`}${placeText(act)}`;
  const before = tallies[kind];
  const often = HOOKS[act.hook].indexed === "batch" || act.what.kind === "add";
  const silent = before !== undefined && often &&
    (act.what.kind === "add" || before.told === act.epoch);
  tallies[kind] = {
    times: (before?.times ?? 0) + 1,
    last,
    detail,
    told: silent ? before.told : act.epoch,
  };
  if (silent) return undefined;
  return act.what.kind === "stop" ? `${last}: ${act.what.reason}` : last;
}

/** All that a shadow would have done, in words. */
export function summed(tallies: Tallies): string {
  const parts = Object.entries(tallies).map(([kind, { times, last, detail }]) =>
    times === 1 || kind === "stopped the run"
      ? last
      : `${kind} ${times} times${detail && `, the last time ${detail}`}`
  );
  return parts.length ? parts.join("; ") : "done nothing";
}

/** What it would have done, apart from what changes from one time to the next; undefined where only the plugin itself would know. */
function wordsFor(what: Request): [kind: string, detail?: string] | undefined {
  switch (what.kind) {
    case "stop":
      return ["stopped the run"];
    case "set":
      return [
        what.setting === "momentum"
          ? "set the momentum"
          : "set the learning rate",
        `to ${Number(what.value.toPrecision(6))}`,
      ];
    case "restore":
      return ["restored the weights", `kept as "${what.name}"`];
    case "save":
      return [
        what.weightsOnly ? "saved the weights" : "saved the model",
        `to ${what.path}`,
      ];
    case "backup":
      return ["backed the run up"];
    case "print":
      return ["printed", JSON.stringify(what.line)];
    case "write":
      return ["written", what.path];
    case "remove":
      return ["removed", what.path];
    case "add":
      return [`added ${Object.keys(what.logs).join(", ")} to the logs`];
    default:
      return undefined;
  }
}

/** ` in epoch 4, batch 2`, both counted from 1, as where progress is shown. */
function placeText({ hook, epoch, batch, what }: Act): string {
  const { phase, side } = HOOKS[hook];
  if (phase === "train") {
    return side === "begin" ? " at the start" : " at the end";
  }
  const places = [
    epoch === undefined ? "" : `epoch ${epoch + 1}`,
    batch === undefined ? "" : `batch ${batch + 1}`,
  ].filter(Boolean);
  if (places.length === 0) return "";
  const after = what.kind === "stop" && side === "end";
  return ` ${after ? "after" : "in"} ${places.join(", ")}`;
}
