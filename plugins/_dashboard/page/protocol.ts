/**
 * What the dashboard's server tells its pages: each message is an event of the
 * stream, its data this in JSON, its id whatever the server knows its place by.
 */
import type { Direction } from "../../../core/plugin.ts";

/** First of all, and again when something of it changes. */
export interface RunMessage {
  /** The run's name. */
  readonly name: string;
  /** Its folder. */
  readonly dir: string;
  /** What it does, such as `"fit"`. */
  readonly mode: string;
  /** The plugins, by name. */
  readonly plugins: readonly string[];
  /** What the run is given. */
  readonly params: {
    readonly epochs: number;
    readonly initialEpoch: number;
    readonly steps: number | null;
    readonly batchSize: number | null;
    readonly seed: number | null;
    readonly metrics: readonly string[];
    readonly directions: Readonly<Record<string, Direction>>;
  };
  /** What its pages may ask for. */
  readonly can: {
    readonly stop: boolean;
    readonly learningRate: boolean;
    readonly save: boolean;
  };
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** What time the server has now. */
  readonly now: number;
}

/** More points of the curves over batches; what is not finite is null. */
export interface PointsMessage {
  /** Index of the first batch, from 0 over the run. */
  readonly first: number;
  /** Batches that a point stands for. */
  readonly every: number;
  /** The step of each point. */
  readonly step: readonly number[];
  /** Log key -> a value per point. */
  readonly values: Readonly<Record<string, readonly (number | null)[]>>;
  /** Log key -> which of its values are NaN or infinite. */
  readonly nonFinite?: Readonly<
    Record<string, readonly (readonly [index: number, value: string])[]>
  >;
}

/** From here on a point stands for so many batches: pairs of points become one, their mean. */
export interface ThinMessage {
  /** Batches that a point stands for. */
  readonly every: number;
}

/** An epoch that is over. */
export interface EpochMessage {
  /** Its index, from 0. */
  readonly epoch: number;
  /** Batches so far. */
  readonly step: number;
  /** Its logs. */
  readonly logs: Readonly<Record<string, number | null>>;
  /** How long it took. */
  readonly seconds: number;
  /** Whether it is the best so far. */
  readonly best: boolean;
}

/** Something that a plugin did, or that the run warns of. */
export interface ActMessage {
  /** Milliseconds since the start. */
  readonly at: number;
  /** Index of the epoch, from 0; null outside of epochs. */
  readonly epoch: number | null;
  /** Index of the batch, from 0; null outside of batches. */
  readonly batch: number | null;
  /** The plugin; null for the run itself. */
  readonly by: string | null;
  /** The hook it was in. */
  readonly hook: string | null;
  /** What happened. */
  readonly text: string;
  /** Which kind of thing it is, such as `"stop"` or `"warning"`. */
  readonly kind: string;
}

/** Where the run is. */
export interface StatusMessage {
  /** Index of the epoch, from 0. */
  readonly epoch: number;
  /** Index of the batch, from 0. */
  readonly batch: number;
  /** Batches so far. */
  readonly step: number;
  /** Milliseconds since the start. */
  readonly elapsed: number;
  /** Milliseconds to go, as far as can be told. */
  readonly eta: number | null;
  /** What pages asked for and is not done yet, in words. */
  readonly waiting: readonly string[];
}

/** The last message. */
export interface EndMessage {
  /** How the run ended. */
  readonly outcome: {
    readonly status: string;
    readonly by?: string | null;
    readonly reason?: string | null;
    readonly epoch?: number | null;
    readonly batch?: number | null;
  };
  /** Milliseconds since the start. */
  readonly elapsed: number;
  /** The best epoch, as far as there is one. */
  readonly best: {
    readonly epoch: number;
    readonly key: string;
    readonly value: number;
  } | null;
}

/** Event -> what it tells. */
export interface Messages {
  /** Everything again, from the beginning. */
  readonly reset: unknown;
  readonly run: RunMessage;
  readonly points: PointsMessage;
  readonly thin: ThinMessage;
  readonly epoch: EpochMessage;
  readonly act: ActMessage;
  readonly status: StatusMessage;
  readonly end: EndMessage;
}

/** What a page asks for. */
export type PageRequest =
  | { readonly act: "stop" | "unstop" | "save" }
  | { readonly act: "learningRate"; readonly value: number };
