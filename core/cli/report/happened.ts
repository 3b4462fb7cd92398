/**
 * What happened in a run besides its logs, gathered from its log for a page:
 * what happened often is told once.
 *
 * @module
 */
import type { ActEvent } from "../../events.ts";
import type { PastEvent } from "./past_events.ts";
import { eventLine } from "./event_lines.ts";
import { short } from "../../number_text.ts";

const KINDS = [
  "stop",
  "set",
  "restore",
  "save",
  "warning",
  "off",
  "lost",
] as const;

/** What sort of thing happened. */
export type HappenedKind = typeof KINDS[number];

/** Something that happened, once or many times. */
export interface Happened {
  /** What sort of thing it is. */
  readonly kind: HappenedKind;
  /** Who did it; `"the run"` where no plugin did. */
  readonly by: string;
  /** What, in words. */
  readonly text: string;
  /** How often. */
  readonly times: number;
  /** Milliseconds since the run began, the first time. */
  readonly at: number;
  /** Index of the epoch, from 0, the first time and the last; undefined outside of training. */
  readonly epochs: readonly [first: number, last: number] | undefined;
  /** Index of the batch, from 0, where it happened once. */
  readonly batch: number | undefined;
}

/** A checkpoint that was saved. */
export interface SavedCheckpoint {
  /** Its path, as the plugin gave it. */
  readonly path: string;
  /** The plugin. */
  readonly by: string;
  /** How often it was saved there. */
  readonly times: number;
  /** The epoch whose weights it holds, from 0, and the batch if it was saved within one. */
  readonly epoch: number | undefined;
  readonly batch: number | undefined;
  /** Whether it holds the weights alone. */
  readonly weightsOnly: boolean;
}

/** What is gathered. */
export interface Gathered {
  /** In order. */
  readonly happened: readonly Happened[];
  /** The checkpoints, in the order of their last saves. */
  readonly saved: readonly SavedCheckpoint[];
}

/** What happened more often than this is told once; checkpoints, which are listed elsewhere, more than that. */
const [FEW, FEW_SAVES] = [8, 3];

interface Group {
  times: number;
  readonly all: Happened[];
  first: PastEvent;
  last: PastEvent;
}

/**
 * Gather events. What is no event, in a log that is damaged or not ours, is left
 * out. Of what happened often only the first and the last are kept, so
 * that a run may have millions.
 */
export function gather(): {
  /** Take the next one. */
  take(event: PastEvent): void;
  /** What has been taken. */
  result(): Gathered;
} {
  const groups = new Map<string, Group>();
  const saved = new Map<string, SavedCheckpoint>();

  function add(event: PastEvent): void {
    const kind = kindOf(event);
    if (kind === undefined) return;
    noteCheckpoint(saved, event);
    const key = keyOf(event, kind);
    const group = groups.get(key);
    if (!group) {
      const all = [once(event, kind)];
      groups.set(key, { times: 1, all, first: event, last: event });
      return;
    }
    group.times++;
    group.last = event;
    if (group.all.length < FEW) group.all.push(once(event, kind));
  }

  return {
    take(event) {
      try {
        add(event);
      } catch {
        // It says something else than events do.
      }
    },
    result: () => ({
      happened: [...groups.values()]
        .flatMap((it) => isMany(it) ? [many(it)] : it.all)
        .sort((a, b) => a.at - b.at),
      saved: [...saved.values()],
    }),
  };
}

function isMany({ times, all }: Group): boolean {
  return times > (all[0]!.kind === "save" ? FEW_SAVES : FEW);
}

function kindOf(event: PastEvent): HappenedKind | undefined {
  const kind = event.kind === "act" ? event.what?.kind : event.kind;
  return KINDS.find((it) => it === kind);
}

/** What is the same thing again. */
function keyOf(event: PastEvent, kind: HappenedKind): string {
  const { by } = event as { readonly by?: string };
  const what = event.kind === "act"
    ? sameAct(event.what)
    : event.kind === "warning"
    ? withoutNumbers(event.text)
    : "";
  const shadow = "shadow" in event;
  return JSON.stringify([kind, by, shadow, what]);
}

/** Whatever the value, the reason, or the number of a checkpoint. */
function sameAct(what: ActEvent["what"]): unknown {
  return what.kind === "save"
    ? { ...what, path: withoutNumbers(what.path) }
    : { ...what, value: undefined, reason: undefined };
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+(\.\d+)?/g, "");
}

function once(event: PastEvent, kind: HappenedKind): Happened {
  const { epoch, batch } = placeOf(event);
  return {
    kind,
    by: byOf(event),
    text: textOf(event),
    times: 1,
    at: Number(event.at) || 0,
    epochs: epoch === undefined ? undefined : [epoch, epoch],
    batch,
  };
}

function many({ times, all, first, last }: Group): Happened {
  const [begun, ended] = [all[0]!, once(last, all[0]!.kind)];
  return {
    ...begun,
    text: rangeText(first, last) ?? ended.text,
    times,
    epochs: begun.epochs && ended.epochs
      ? [begun.epochs[0], ended.epochs[1]]
      : undefined,
    batch: undefined,
  };
}

/** Where a log that is not ours says something else, it says nothing. */
function placeOf(
  event: PastEvent,
): { readonly epoch: number | undefined; readonly batch: number | undefined } {
  const { epoch, batch } = event as unknown as Record<string, unknown>;
  const index = (value: unknown) =>
    Number.isSafeInteger(value) ? value as number : undefined;
  return { epoch: index(epoch), batch: index(batch) };
}

function byOf(event: PastEvent): string {
  const { by } = event as { readonly by?: unknown };
  return by === undefined ? "the run" : String(by);
}

/** The line that `runs` shows, without when and who: these have columns of their own. */
function textOf(event: PastEvent): string {
  const { epoch: _, batch: __, ...here } = event as PastEvent & {
    readonly epoch?: number;
    readonly batch?: number;
  };
  const by = byOf(event);
  const line = eventLine(here as PastEvent) ?? "";
  const own = event.kind === "warning" ? `${by}: ` : `${by} `;
  return line.startsWith(own) ? line.slice(own.length) : line;
}

/** From which learning rate, or which checkpoint, to which. */
function rangeText(first: PastEvent, last: PastEvent): string | undefined {
  if (first.kind !== "act" || last.kind !== "act") return undefined;
  if (first.what.kind === "save" && last.what.kind === "save") {
    const [from, to] = [first.what.path, last.what.path];
    const path = from === to ? from : `${from} to ${to}`;
    return `${first.shadow ? "would have saved" : "saved"} ${path}`;
  }
  if (first.what.kind !== "set" || last.what.kind !== "set") return undefined;
  const name = first.what.setting === "momentum" ? "momentum" : "learning rate";
  const would = first.shadow ? "would have set" : "set";
  const from = first.was ?? first.what.value;
  return `${would} the ${name}, from ${short(from)} to ${
    short(last.what.value)
  }`;
}

function noteCheckpoint(
  saved: Map<string, SavedCheckpoint>,
  event: PastEvent,
): void {
  if (event.kind !== "act" || event.what.kind !== "save" || event.shadow) {
    return;
  }
  const { by, what: { path, weightsOnly } } = event;
  const times = (saved.get(path)?.times ?? 0) + 1;
  saved.delete(path);
  saved.set(path, {
    path: String(path),
    by: String(by),
    times,
    ...placeOf(event),
    weightsOnly: weightsOnly === true,
  });
}
