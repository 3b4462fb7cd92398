/**
 * What a shadow would have done, in words: a line as it happens, and one at the
 * end.
 *
 * @module
 */
import { HOOKS } from "../../plugin.ts";
import type { Act, Request } from "../../events.ts";

/** What was told of acts of one kind: plain data. */
export interface Tally {
  /** How many there were. */
  times: number;
  /** The last one; of stops the first, which counts. */
  last: Act;
  /** The epoch in which a line on it was last printed. */
  told: number | undefined;
}

/** What was told, by kind of act. */
export type Tallies = Record<string, Tally>;

/**
 * Note an act.
 *
 * @returns What the shadow would have done, if a line is to tell it: not for
 * what nobody else would see, keys that it adds only once, and in the hooks of
 * batches only once an epoch for each kind.
 */
export function noted(tallies: Tallies, act: Act): string | undefined {
  const { what, epoch, hook } = act;
  const kind = kindOf(what);
  if (kind === undefined) return undefined;
  const before = tallies[kind];
  if (!before) tallies[kind] = { times: 1, last: act, told: epoch };
  else {
    before.times++;
    before.last = act;
    const ofBatch = HOOKS[hook].indexed === "batch";
    if (what.kind === "add" || (ofBatch && before.told === epoch)) {
      return undefined;
    }
    before.told = epoch;
  }
  return lineOf(kind, act);
}

/** All that a shadow would have done, in words. */
export function summed(tallies: Tallies): string {
  const parts = Object.entries(tallies).map(([kind, { times, last }]) => {
    if (times === 1) return lineOf(kind, last);
    const detail = detailOf(last.what);
    return `${kind} ${times} times${detail && `, the last time ${detail}`}`;
  });
  return parts.length ? parts.join("; ") : "done nothing";
}

function lineOf(kind: string, act: Act): string {
  const { what } = act;
  const detail = detailOf(what);
  const why = what.kind === "stop" ? `: ${what.reason}` : "";
  return `${kind}${detail && ` ${detail}`}${placeText(act)}${why}`;
}

/** What it would have done, without what changes from one time to the next; undefined for what only the plugin itself would know. */
function kindOf(what: Request): string | undefined {
  switch (what.kind) {
    case "set":
      return what.setting === "momentum"
        ? "set the momentum"
        : "set the learning rate";
    case "save":
      return what.weightsOnly ? "saved the weights" : "saved the model";
    case "add":
      return `added ${Object.keys(what.logs).join(", ")} to the logs`;
    default:
      return KINDS[what.kind];
  }
}

const KINDS: { readonly [K in Request["kind"]]?: string } = {
  stop: "stopped the run",
  restore: "restored the weights",
  backup: "backed the run up",
  print: "printed",
  write: "written",
  remove: "removed",
};

/** What does change. */
function detailOf(what: Request): string {
  switch (what.kind) {
    case "set":
      return `to ${Number(Number(what.value).toPrecision(6))}`;
    case "restore":
      return `kept as "${what.name}"`;
    case "save":
      return `to ${what.path}`;
    case "print":
      return JSON.stringify(what.line);
    case "write":
    case "remove":
      return what.path;
    default:
      return "";
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
