/**
 * What the loop knows of itself before it starts, for the plan.
 *
 * @module
 */
import type { Direction, HookName, Requirement } from "../plugin.ts";
import type { KeysOfHook, Validation } from "./log_keys.ts";
import type { Mode } from "./phases.ts";

/** What the loop knows of itself before it starts. */
export interface Facts {
  /** Which kind of run. */
  readonly mode: Mode;
  /** Whether a hook will run. */
  readonly runs: (hook: HookName) => boolean;
  /** The keys it puts into a hook; undefined if only known as they come. */
  readonly keys: (hook: HookName) => KeysOfHook | undefined;
  /** How often validation runs. */
  readonly validation: Validation;
  /** Directions by log key. */
  readonly directions: Readonly<Record<string, Direction>>;
  /** Whether the run is over, and its recording is replayed. Default false. */
  readonly recorded?: boolean;
  /** What the run can offer. */
  readonly offers: ReadonlySet<Requirement>;
}
