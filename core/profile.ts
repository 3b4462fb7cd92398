/**
 * What took how long in a run, as plain data: what `run.profile()` gives.
 *
 * @module
 */

/** What a span of time was spent on. */
export type SpanKind =
  | "data"
  | "step"
  | "logs"
  | "hook"
  | "backup"
  | "kernel";

/** Something that took its time. */
export interface Span {
  /**
   * What it was: the next batch of the data; a step; reading its logs, which
   * may wait for the device; a plugin's hook, with all that the run waits for
   * because of it; the run's own part of a backup; a kernel of the engine.
   */
  readonly kind: SpanKind;
  /** The name of the hook or of the kernel; for any other the kind of its pass: `"train"`, `"test"` or `"predict"`. */
  readonly name: string;
  /** The plugin whose hook it was. */
  readonly by?: string;
  /** Its file, if it came from one. */
  readonly file?: string | undefined;
  /** Whether it is the run's wait for what the hook had begun and did not wait for. */
  readonly begun?: true;
  /** When it began, in milliseconds on the run's clock. */
  readonly at: number;
  /** How long it took, in milliseconds. */
  readonly took: number;
  /** Index of the epoch, from 0; absent outside of training. */
  readonly epoch?: number | undefined;
  /** Index of the batch, from 0; absent outside of batches. */
  readonly batch?: number | undefined;
  /** How many kernels it was called within: 0 for one that no other called. Kernels alone have it. */
  readonly depth?: number;
  /** The kind of what a kernel ran in, if it ran in something. */
  readonly within?: Exclude<SpanKind, "kernel">;
  /** The shapes of a kernel's inputs, by name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** The shapes of its outputs. */
  readonly outputs?: readonly (readonly number[])[];
  /** The bytes of its outputs. */
  readonly bytes?: number;
}

/** What the engine held at a moment. */
export interface MemorySample {
  /** When, in milliseconds on the run's clock. */
  readonly at: number;
  /** Bytes of all tensors. */
  readonly bytes: number;
  /** How many there were. */
  readonly tensors: number;
}

/** What was measured. */
export interface Profile {
  /** When it began, in milliseconds on the run's clock. */
  readonly began: number;
  /** When it ended. */
  readonly ended: number;
  /** When it began, in milliseconds since 1970. */
  readonly time: number;
  /** The spans in the order in which they began. What was under way at the end is cut there; kernels lie within steps and hooks. */
  readonly spans: readonly Span[];
  /** The engine's memory over time; empty where nobody can tell. */
  readonly memory: readonly MemorySample[];
  /** The engine, such as `"wasm"`; undefined where its kernels could not be measured. */
  readonly engine: string | undefined;
  /** Whether the kernels' times are those of handing them over to a device, which computes later. */
  readonly submitted: boolean;
  /** Whether it ended by itself because there were too many spans, half a million. */
  readonly cut: boolean;
}

/** A measurement under way. */
export interface Profiling {
  /** End it. Where the run ended before, so did it. Stopping twice gives the same. */
  stop(): Profile;
}
