/**
 * What an isolated plugin and the run tell each other: plain data, both ways.
 *
 * @module
 */
import type { Outcome, Plugin, RunParams } from "../../../plugin.ts";

/** A plugin without its functions. */
export interface Description extends
  Pick<
    Plugin,
    | "needs"
    | "provides"
    | "requires"
    | "order"
    | "onError"
    | "state"
    | "permissions"
  > {
  /** Its name, if it has one. */
  readonly name?: string | undefined;
  /** Whether it keeps something beside its state. */
  readonly keeps: boolean;
  /** Its hooks: the properties named like one, and whether they are functions. */
  readonly hooks: Readonly<Record<string, boolean>>;
}

/** What a module exports. */
export interface ModuleDescription {
  /** Its default export: none, a factory, a plugin, or what else it is. */
  readonly main: "none" | "factory" | "plugin" | "other";
  /** The plugin, if it is one. */
  readonly plugin?: Description | undefined;
  /** Its options. */
  readonly defaults?: Readonly<Record<string, unknown>> | undefined;
  /** A line on each. */
  readonly help?: Readonly<Record<string, string>> | undefined;
  /** What it says it needs. */
  readonly permissions?: unknown;
}

/** The run as far as an isolated plugin sees it, as it is when a hook is called. */
export interface RunView {
  /** Epoch, from 0. */
  readonly epoch: number;
  /** Training batches finished. */
  readonly step: number;
  /** What is known from the start. */
  readonly params: RunParams;
  /** How it ended; an error as its message. */
  readonly outcome: Outcome | undefined;
  /** Folder of the run. */
  readonly dir: string;
  /** The terminal. */
  readonly terminal: {
    readonly interactive: boolean;
    readonly columns: number;
  };
  /** Learning rate, if it is required. */
  readonly learningRate?: number | undefined;
  /** Momentum, if it is required. */
  readonly momentum?: number | undefined;
  /** The keys of the hook. */
  readonly keys: readonly string[];
  /** The run's clock. */
  readonly now: number;
  /** What time it is. */
  readonly time: number;
  /** Whether the caller has given up. */
  readonly aborted: boolean;
}

/** To the worker. */
export type Question =
  | {
    readonly ask: "create";
    readonly id: number;
    readonly options: Readonly<Record<string, unknown>>;
    /** Where the answer goes, for the run waits for it: its length, then JSON. */
    readonly answer: SharedArrayBuffer;
  }
  | {
    readonly ask: "hook";
    readonly id: number;
    readonly plugin: number;
    readonly hook: string;
    readonly args: readonly unknown[];
    readonly state: object | undefined;
    readonly view: RunView;
  }
  | {
    /** Save what the plugin keeps, or load what was saved. */
    readonly ask: "save" | "load";
    readonly id: number;
    readonly plugin: number;
    readonly saved?: unknown;
  };

/** An error, across threads. */
export interface PlainError {
  /** Name of its class. */
  readonly name: string;
  /** Its message. */
  readonly message: string;
  /** Its stack. */
  readonly stack?: string | undefined;
}

/** What `create` writes. */
export type Created =
  | { readonly plugin: Description }
  | { readonly error: PlainError };

/** From the worker: what its module is or why it cannot be loaded, then how each hook went, and what was saved. */
export type Answer =
  | { readonly module: ModuleDescription }
  | { readonly failed: PlainError }
  | {
    readonly id: number;
    readonly result?: unknown;
    readonly acts: readonly unknown[];
    readonly state?: object | undefined;
    readonly error?: PlainError | undefined;
  };
