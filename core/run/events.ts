/**
 * What happens in a run, as plain data for those who follow it. It does not tell
 * of backups, nor that a run was taken up again: a run that was broken off has
 * the events of one that was not.
 *
 * @module
 */
import type { HookName, LogRecord } from "../plugin.ts";
import type { Act, Request } from "./acts.ts";

/** Where in a run something happened. */
export type EventPlace = {
  /** The hook that was running. */
  readonly hook: HookName;
  /** Index of the epoch, from 0; absent outside of training. */
  readonly epoch?: number | undefined;
  /** Index of the batch, from 0; absent outside of batches. */
  readonly batch?: number | undefined;
};

/**
 * The logs of a hook, with what plugins added; behind the acts that were asked
 * for in it. Epochs, tests and the end of training are always told of, batches
 * only where a plugin reads their logs: nothing waits for the device because
 * somebody follows.
 */
export interface LogsEvent extends EventPlace {
  /** Which kind of event it is. */
  readonly kind: "logs";
  /** The logs. */
  readonly logs: LogRecord;
}

/** What plugins ask for that changes something, or keeps it. */
export type ToldRequest = Exclude<
  Request,
  { readonly kind: "print" | "status" | "backup" | "average" }
>;

/**
 * A plugin asked for something, and got it: a checkpoint, for one, is told of
 * once it is whole. Where `model.stopTraining` was set, `by` is `"a callback"`.
 */
export interface ActEvent extends EventPlace, Pick<Act, "by"> {
  /** Which kind of event it is. */
  readonly kind: "act";
  /** What it asked for. */
  readonly what: ToldRequest;
  /** The learning rate or momentum before, where it was set. */
  readonly was?: number;
  /** Whether it was a shadow that asked, and did not get it. */
  readonly shadow?: true;
}

/** A line that begins with `Warning: `. */
export interface WarningEvent extends Partial<EventPlace> {
  /** Which kind of event it is. */
  readonly kind: "warning";
  /** The plugin that printed it; absent where the run did. */
  readonly by?: string;
  /** The rest of the line. */
  readonly text: string;
  /** Whether a shadow would have printed it. */
  readonly shadow?: true;
}

/** A plugin failed and is switched off for the rest of the run. */
export interface OffEvent extends EventPlace {
  /** Which kind of event it is. */
  readonly kind: "off";
  /** The plugin. */
  readonly by: string;
  /** How it failed. */
  readonly reason: string;
}

/** Something that happened. */
export type RunEvent = LogsEvent | ActEvent | WarningEvent | OffEvent;
