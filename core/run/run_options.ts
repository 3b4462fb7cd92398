/**
 * What a run may be given: by everybody, by the program around it, by a loop.
 *
 * @module
 */
import type { KeysOfHook, Validation } from "../contract/log_keys.ts";
import type { PluginList } from "../contract/plugin_list.ts";
import type {
  HookName,
  Keeper,
  RunFiles,
  RunParams,
  ValidationData,
} from "../plugin.ts";
import type { Reports, Resources } from "../steps.ts";
import type { Printer } from "../terminal.ts";
import type { Act, RunEvent } from "../events.ts";
import type { Backup } from "./backup/backup.ts";
import type { History } from "./history.ts";
import type { PlannedRun } from "./planned_run.ts";
import type { EpochRecord, Position } from "./state.ts";

/** What every kind of run may be given. */
export interface RunOptions {
  /** The plugins, in order; falsy entries are left out, lists may nest. Default none. */
  readonly plugins?: PluginList | undefined;
  /** Folder where the plugins' relative paths begin. Default `"."`. */
  readonly dir?: string | undefined;
  /** Abort it to end the run after the batch at hand. */
  readonly signal?: AbortSignal | undefined;
  /** Where the run prints. Default the standard output. */
  readonly printer?: Printer | undefined;
  /**
   * What a fault of the disk does, such as one that is full, a folder that is
   * gone or a permission that is lost: `"go on"`, or `"fail"`, which fails what
   * the plugin does, as its `onError` says. To go on means: it is said once;
   * what plugins write to `run.files` waits in memory, up to 16 MiB a file, and
   * is written in order once that is possible; a checkpoint is tried again when
   * the plugin next asks for one; and what is missing at the end is told, in
   * `History.unwritten` too. In the first hook every fault fails. Default
   * `"go on"`.
   */
  readonly onFileError?: "go on" | "fail" | undefined;
  /**
   * Milliseconds after which it is said, once for each, what the run still waits
   * for: a hook whose promise has not settled, the data, or a step. Nothing is
   * ended by it. 0 or Infinity for never. Default 30000.
   */
  readonly hookTimeout?: number | undefined;
}

/** What a training run may be given to go on with. */
export interface ResumeOptions {
  /**
   * Folder of a run that is to go on from its newest backup, and so the folder
   * of this one. Where there is no backup, the run begins as usual: the same
   * line starts a run and takes it up. Default: a new run.
   */
  readonly resume?: string | undefined;
  /** Whether to go on even if the model, the plugins or the data are not those of the backup. Default false: such a run is refused. */
  readonly resumeAnyway?: boolean | undefined;
}

/**
 * What the program around a run may give besides, such as the command line:
 * every loop, `fit` and its like take these too.
 */
export interface HostOptions extends RunOptions {
  /**
   * Called with the plan once it is proven, before the first hook, and with what
   * steers the run; what it throws ends the run there. Where the run goes on,
   * it is told from where. What it returns follows the run.
   */
  readonly onPlan?:
    | ((
      planned: PlannedRun,
      control: RunControl,
      from: GoesOn | undefined,
    ) => RunWatch | void)
    | undefined;
  /** Folder of a run that is to go on, as `resume`, but asked for when a training begins. */
  readonly resumeFrom?: (() => string | undefined) | undefined;
  /** What else must be the same in a run that goes on, by name. Default nothing. */
  readonly identity?: (() => Readonly<Record<string, string>>) | undefined;
  /** Called with each act of a plugin, before it is carried out. */
  readonly onAct?: ((act: Act) => void) | undefined;
  /** The run's files, for its plugins. Default those on the disk, in `dir`. */
  readonly files?: RunFiles | undefined;
  /** The run's clock, in milliseconds from any start. Default the system's. */
  readonly now?: (() => number) | undefined;
  /** What time it is, in milliseconds since 1970. Default the system's. */
  readonly time?: (() => number) | undefined;
  /** Plan alone: `onPlan` is called, no hook runs, and the run ends, as aborted, before its first batch. Default false. */
  readonly dryRun?: boolean | undefined;
  /** What to go on from, in place of what `resume` finds in a folder. */
  readonly backup?: Backup | undefined;
  /** Where to begin, as another run's position was: the run goes on from there, and changes it. Default the start. */
  readonly position?: Position | undefined;
}

/** From where a run goes on. */
export interface GoesOn {
  /** File of the backup. */
  readonly path: string;
  /** Index of the epoch, from 0. */
  readonly epoch: number;
  /** Batches of it that are done. */
  readonly batch: number;
  /** What has changed and was taken all the same: a sentence each. */
  readonly changes: readonly string[];
}

/** Follows one run from outside, as its record does. Nothing here may throw. */
export interface RunWatch {
  /** Folder of the run, unless its options name one. */
  readonly dir?: string;
  /** What it must know again in a run that goes on. */
  readonly keeps?: Keeper;
  /** A backup is to be written: what the files of its `keeps` hold is on the disk when this settles. */
  flush?(): Promise<void>;
  /** Something happened. */
  event?(event: RunEvent): void;
  /** The run warned of what is no event, such as that a plugin is slow. */
  note?(text: string): void;
  /** An epoch is over. */
  epoch?(run: RunSoFar): void;
  /** The run is over, and its backups are of no use to it any more: who takes this removes them when the time has come. Default: at once. */
  later?(removeBackups: () => void): void;
  /** The run is over, its end hooks included. */
  end?(run: RunSoFar): void;
}

/** How far a run is, for those who follow it. */
export interface RunSoFar {
  /** The epochs that are over. */
  readonly epochs: readonly EpochRecord[];
  /** Its history so far. */
  history(): History;
}

/** Steers a run from outside. */
export interface RunControl {
  /**
   * Run with other plugins from the next epoch on. Plugins that are in both
   * lists go on as they are; `onTrainEnd` is called for those that leave,
   * `onTrainBegin` for those that come.
   *
   * @throws {SetupError} With every problem, if they cannot run; then all stays as it is.
   */
  replacePlugins(plugins: PluginList): void;
}

/** What a recording holds. */
export interface Recorded {
  /** The log keys of a hook, and whether they are there each time. */
  keys(hook: HookName): KeysOfHook;
}

/** What a session is opened with. */
export interface SessionOptions extends HostOptions, ResumeOptions {
  /** What can be acted on, and the keys of a step. */
  readonly steps: Partial<Reports> & Resources;
  /** Short texts that tell the data from others, by what they are for. Default none. */
  readonly data?: (() => Readonly<Record<string, string>>) | undefined;
  /** The seed, if one was given. */
  readonly seed?: number | undefined;
  /** Samples of the training data. Default: not known. */
  readonly samples?: number | undefined;
  /** How often validation runs. */
  readonly validation: Validation;
  /** The data it validates or evaluates with. */
  readonly validationData?: ValidationData | undefined;
  /** What is known from the start, save for the keys and directions. */
  readonly params: Omit<RunParams, "metrics" | "directions">;
  /** Whether hooks of all kinds of runs may be called. Default false. */
  readonly anyHook?: boolean;
  /** The run is over, and its recording is replayed: all plugins are shadows, under their own names. Default: it is a run. */
  readonly recorded?: Recorded;
}
