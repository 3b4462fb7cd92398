/**
 * The kinds of errors a run can end in: a mistake in what was asked for
 * ({@linkcode InputError}), a plan that cannot work ({@linkcode SetupError}), a
 * plugin that threw ({@linkcode PluginError}), data that threw
 * ({@linkcode DataError}), and a disk that is full or fails
 * ({@linkcode FileError}).
 *
 * @module
 */
import type { HookName } from "./plugin.ts";

/**
 * Something the user gave is wrong: a file, a flag, an option, a shape. Its
 * message is complete in itself; the command line shows it without a stack
 * trace and exits with code 2.
 */
export class InputError extends Error {
  /** Always `"InputError"`. */
  override name = "InputError";
}

/**
 * A run was refused before its first step, with every problem listed at once.
 */
export class SetupError extends InputError {
  /** Always `"SetupError"`. */
  override name = "SetupError";
  /** One entry per problem; an entry may span several lines. */
  readonly problems: readonly string[];

  /**
   * An error that lists one problem per line.
   *
   * @param action What could not be done, such as `"start training"`.
   * @param problems What stands in the way, one entry per problem.
   * @param options The underlying error, as `cause`.
   */
  constructor(
    action: string,
    problems: readonly string[],
    options?: ErrorOptions,
  ) {
    const count = problems.length === 1
      ? "1 problem"
      : `${problems.length} problems`;
    super(
      `Cannot ${action}: ${count}\n` +
        problems.map((problem) => `- ${problem}`).join("\n"),
      options,
    );
    this.problems = problems;
  }
}

/**
 * The system could not do with a file what was right to ask for: the disk is
 * full, or fails. That is no mistake of the user; a run it ends has failed.
 */
export class FileError extends Error {
  /** Always `"FileError"`. */
  override name = "FileError";
}

/** Where in a run something happened. */
export interface Place {
  /** Name of the plugin. */
  readonly plugin: string;
  /** File the plugin came from, if it came from one. */
  readonly file?: string | undefined;
  /** Hook that was running; absent while the plugin was being created. */
  readonly hook?: HookName | undefined;
  /** Epoch, counted from 0; absent outside training. */
  readonly epoch?: number | undefined;
  /** Batch of the epoch, counted from 0; absent outside a batch. */
  readonly batch?: number | undefined;
}

/**
 * A plugin failed: a hook threw or returned something it may not, or its
 * factory threw. The original error is kept as `cause`.
 */
export class PluginError extends Error {
  /** Always `"PluginError"`. */
  override name = "PluginError";
  /** Plugin, file, hook and step. */
  readonly place: Place;

  /**
   * An error that says which plugin failed, and where.
   *
   * @param place Plugin, file, hook and step.
   * @param cause What the plugin threw.
   * @param hint What to do, to stand behind its message. Default nothing.
   */
  constructor(place: Place, cause: unknown, hint = "") {
    super(`${describePlace(place)}: ${messageOf(cause)}${hint}`, { cause });
    this.place = place;
  }
}

/**
 * What gives the data failed: a generator, an iterator or a function of the
 * user's threw. The original error is kept as `cause`.
 */
export class DataError extends Error {
  /** Always `"DataError"`. */
  override name = "DataError";

  /**
   * An error that says which data failed, and where.
   *
   * @param what What failed, and at which epoch and batch.
   * @param cause What it threw.
   */
  constructor(what: string, cause: unknown) {
    super(`${what}: ${messageOf(cause)}`, { cause });
  }
}

/** `Plugin "x" failed in onEpochEnd at epoch 3, batch 7 (plugins/x.ts)`. */
function describePlace({ plugin, file, hook, epoch, batch }: Place): string {
  return `Plugin "${plugin}" failed ${
    hook ? `in ${hook}` : "while it was being made"
  }` + placeText({ epoch, batch }) + (file ? ` (${file})` : "");
}

/** ` at epoch 3, batch 7`; nothing outside of training and batches. */
export function placeText(
  { epoch, batch }: Pick<Place, "epoch" | "batch">,
): string {
  const steps = [
    epoch === undefined ? "" : `epoch ${epoch}`,
    batch === undefined ? "" : `batch ${batch}`,
  ].filter(Boolean).join(", ");
  return steps && ` at ${steps}`;
}

/**
 * `thrown instanceof kind`, of whatever was thrown: a proxy may throw when it is
 * looked at.
 */
export function isA<T>(
  thrown: unknown,
  kind: abstract new (...args: never[]) => T,
): thrown is T {
  try {
    return thrown instanceof kind;
  } catch {
    return false;
  }
}

/** Longer messages are cut: whoever throws may throw anything. */
const LONGEST = 4000;

/** What was thrown, in words: the message of an error, else the value as text. Never throws itself. */
export function messageOf(thrown: unknown): string {
  let text: string;
  try {
    text = thrown instanceof Error
      ? String(thrown.message || thrown.name)
      : String(thrown);
  } catch {
    return "something that cannot be shown";
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
