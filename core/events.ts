/**
 * What happens in a run, as plain data: what plugins ask for, and what those who
 * follow it are told. Events do not tell of backups, nor that a run was taken up
 * again: a run that was broken off has the events of one that was not.
 *
 * @module
 */
import type { HookName, LogRecord, Picture } from "./plugin.ts";

/** What is asked for. */
export type Request =
  | {
    readonly kind: "stop";
    readonly reason: string;
    /** Whether a later process is to go on as if nobody had asked. Default false. */
    readonly resumable?: boolean;
  }
  | {
    readonly kind: "set";
    readonly setting: "learningRate" | "momentum";
    readonly value: number;
  }
  | {
    readonly kind: "snapshot";
    readonly name: string;
    readonly optimizer: boolean;
    readonly trainable: boolean;
    readonly keep: boolean;
  }
  | { readonly kind: "restore"; readonly name: string }
  | {
    readonly kind: "average";
    readonly name: string;
    readonly momentum: number;
  }
  | { readonly kind: "release"; readonly name: string }
  | {
    readonly kind: "save";
    readonly path: string;
    readonly weightsOnly: boolean;
  }
  | { readonly kind: "backup"; readonly keep: number }
  | { readonly kind: "print"; readonly line: string }
  | { readonly kind: "status"; readonly line: string }
  | { readonly kind: "show"; readonly picture: Picture }
  | Held;

/** What others do without asking, and a shadow would do: it is told, and that is all. */
export type Held =
  | { readonly kind: "write"; readonly path: string }
  | { readonly kind: "remove"; readonly path: string }
  | { readonly kind: "add"; readonly logs: LogRecord };

/** Something a plugin asked for. */
export interface Act {
  /** Plugin that asks. */
  readonly by: string;
  /** Hook it asks in. */
  readonly hook: HookName;
  /** Epoch, from 0; absent outside of training. */
  readonly epoch: number | undefined;
  /** Batch, from 0; absent outside of batches. */
  readonly batch: number | undefined;
  /** What it asks for. */
  readonly what: Request;
  /** Whether it is a shadow that asks, so that nothing is carried out. */
  readonly shadow?: true;
}

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
  { readonly kind: "print" | "status" | "show" | "backup" | "average" }
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
