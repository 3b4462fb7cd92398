/**
 * What happens in a run, as plain data for those who follow it.
 *
 * @module
 */
import type { HookName, LogRecord } from "../plugin.ts";
import type { Act } from "./acts.ts";

/** Something that happened. */
export type RunEvent =
  | {
    /** Logs that plugins could see. */
    readonly kind: "logs";
    /** The hook that they were for, such as `onEpochEnd`. */
    readonly hook: HookName;
    /** Index of the epoch, from 0. */
    readonly epoch: number;
    /** Index of the batch, from 0; absent outside of batches. */
    readonly batch?: number;
    /** The logs, with what plugins added. */
    readonly logs: LogRecord;
  }
  | (Act & {
    /** A plugin asked for something, and got it. */
    readonly kind: "act";
  })
  | {
    /** A line that warns. */
    readonly kind: "warning";
    /** What it says. */
    readonly text: string;
  };
