/**
 * What a run knows: its position, which is plain data, and what it works with.
 *
 * @module
 */
import type {
  HookName,
  LogRecord,
  Outcome,
  RunFiles,
  RunParams,
  ValidationData,
} from "../plugin.ts";
import type { Reports, Resources, Sums } from "../steps.ts";
import type { Printer, ShowPicture } from "../terminal.ts";
import type { BestBy } from "../contract/best_by.ts";
import type { Entry } from "../contract/plugin_list.ts";
import type { Act } from "../events.ts";
import type { Waits } from "./awaited.ts";
import type { Beginnings } from "./begun.ts";
import type { MarkedFiles } from "./files/file_marks.ts";
import type { Followers } from "./follow.ts";
import type { Leaks } from "./leaks.ts";
import type { Swaps } from "./measuring/swaps.ts";
import type { Profiling } from "../profile.ts";
import type { RunWatch } from "./run_options.ts";
import type { Saving } from "./saving.ts";
import type { SnapshotStore } from "./snapshots.ts";
import type { Flagged } from "./stopping.ts";

/** How far a pass over batches is. */
export interface PassPosition {
  /** Whether it has begun, so that its begin hook is not called again. */
  begun: boolean;
  /** Whether the data ended with it. */
  ranOut: boolean;
  /** Batches done in this pass. */
  batch: number;
  /** Batches taken of the source since it last began, over several passes where `stepsPerEpoch` cuts it. */
  taken: number;
  /** Epoch in which the source last began, which its order may depend on. */
  epoch: number;
  /** How often the source was read to its end, or left, before that. */
  passes: number;
  /** The sums behind the running means. */
  sums: Sums;
}

/** An epoch that is over. */
export interface EpochRecord {
  /** Its index, from 0. */
  readonly epoch: number;
  /** Its logs, plugins' keys included. */
  readonly logs: LogRecord;
}

/**
 * How far a run is: plain data, which can be written and put back. The whole of
 * it is here; nothing of it hides elsewhere.
 */
export interface Position {
  /** Index of the epoch, from 0. */
  epoch: number;
  /** Training batches finished, over all epochs. */
  step: number;
  /** The pass over the training batches of this epoch. */
  training: PassPosition;
  /** The pass of a validation, an evaluation or a prediction. */
  testing: PassPosition;
  /** The epochs that are over. */
  epochs: EpochRecord[];
  /** The logs of the last of them, without plugins' keys: the end of training gets them. */
  last: LogRecord;
}

/** A run as the loop sees it. */
export interface RunState extends Beginnings, Waits {
  /** How far it is. */
  readonly position: Position;
  /** Hook that is running. */
  hook: HookName;
  /** Index that hook was called with. */
  index: number;
  /** Whether any plugin was switched off, or is not to be told an end. */
  muting: boolean;
  /** What it is made of, to be measured. */
  readonly swaps: Swaps;
  /** The measurements under way. */
  readonly profilings: Set<Profiling>;
  /** Names plugins that leave tensors behind; undefined where they cannot be counted. */
  leaks?: Leaks | undefined;
  /** Whether something was thrown: the end hooks that are left run with what logs there are. */
  failing: boolean;
  /** The first request to stop, if there was one. */
  stop: Act | undefined;
  /** The model, if it has a flag that stops its training. */
  readonly flagged: Flagged | undefined;
  /** How many backups are to be kept, where one was asked for since the last one. */
  backupAsked: number | undefined;
  /** Whether it goes on from a backup that has not been put back yet: what happens has happened before. */
  rejoining: boolean;
  /** How the run ended. */
  outcome: Outcome | undefined;
  /** What is known from the start. */
  params: RunParams;
  /** Its plugins, in order, as they are now. */
  readonly entries: () => readonly Entry[];
  /** What plugins may act on. */
  readonly resources: Resources & Pick<Reports, "batchLogs" | "lastSize">;
  /** Samples of the training data; undefined if they come in batches. */
  readonly samples: number | undefined;
  /** Short texts that tell the data from others. */
  readonly data: (() => Readonly<Record<string, string>>) | undefined;
  /** The data it validates or evaluates with. */
  readonly validation: ValidationData | undefined;
  /** Where it prints. */
  readonly printer: Printer;
  /** What shows a plugin's pictures, by its name. */
  readonly pictures: Map<string, ShowPicture>;
  /** Folder of the run. */
  readonly dir: string;
  /** The files in it. */
  readonly files: RunFiles & Partial<MarkedFiles>;
  /** What is known of the checkpoints that could not be written. */
  saving: Saving;
  /** What of its files could not be written, a sentence each; known at its end. */
  unwritten: readonly string[];
  /** Aborted when the caller gives up. */
  readonly signal: AbortSignal;
  /** Copies of the weights. */
  readonly snapshots: SnapshotStore;
  /** What tells the best epoch; undefined for `val_loss`, or `loss`. */
  best: BestBy | undefined;
  /** Who follows the run from outside. */
  readonly watch: RunWatch;
  /** They, and the plugins that follow it. */
  readonly followers: Followers;
  /** Is told each act before it is carried out. */
  readonly onAct: ((act: Act) => void) | undefined;
  /** Milliseconds. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly time: () => number;
  /** When signals and timers last had their turn, on that clock. */
  turned: number;
}

/** The position before the first step. */
export function startPosition(epoch: number): Position {
  return {
    epoch,
    step: 0,
    training: startOfPass(),
    testing: startOfPass(),
    epochs: [],
    last: {},
  };
}

/** The position before the first batch of a pass. */
export function startOfPass(): PassPosition {
  return {
    ...{ begun: false, ranOut: false },
    ...{ batch: 0, taken: 0, sums: emptySums() },
    ...{ epoch: 0, passes: 0 },
  };
}

/** Sums of nothing. */
export function emptySums(): Sums {
  return { values: {}, weights: {} };
}

/** The epoch at hand, or the next where that one is over. */
export function nextEpoch({ epoch, epochs }: Position): number {
  return epochs.at(-1)?.epoch === epoch ? epoch + 1 : epoch;
}
