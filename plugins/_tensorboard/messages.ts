/**
 * The messages of event files, encoded by the definitions in `_tensorboard/`.
 * The library that does it is loaded where it is first used.
 *
 * @module
 */
import event from "./event.proto" with { type: "text" };
import summary from "./summary.proto" with { type: "text" };
import tensor from "./tensor.proto" with { type: "text" };

/** What a tensor holds, numbered as in TensorFlow. */
export const DTYPES = { float32: 1, float64: 2, string: 7 } as const;

/** Numbers or texts. */
export interface TensorMessage {
  /** Of {@linkcode DTYPES}. */
  readonly dtype: typeof DTYPES[keyof typeof DTYPES];
  /** Length of each dimension; none for a scalar. */
  readonly tensorShape: { readonly dim: readonly { readonly size: number }[] };
  /** Numbers, row after row, little-endian. */
  readonly tensorContent?: Uint8Array;
  /** Texts, row after row. */
  readonly stringVal?: readonly Uint8Array[];
}

/** Something to be shown. */
export interface ValueMessage {
  /** Its name. */
  readonly tag: string;
  /** Which plugin of TensorBoard shows it, and what that wants to know. */
  readonly metadata: {
    readonly pluginData: {
      readonly pluginName: string;
      readonly content?: Uint8Array;
    };
  };
  /** What it is. */
  readonly tensor?: TensorMessage;
}

/** A record of an event file. */
export interface EventMessage {
  /** Seconds since 1970. */
  readonly wallTime: number;
  /** The batch or epoch. */
  readonly step?: number;
  /** In a file's first record. */
  readonly fileVersion?: string;
  /** In the others. */
  readonly summary?: { readonly value: readonly ValueMessage[] };
}

/** Encodes a message of the definitions, by its name. */
export type Encode = (name: string, message: object) => Uint8Array;

/**
 * Load the library, and read the definitions.
 *
 * @param definitions More of them, beside those of events.
 */
export async function loadMessages(
  ...definitions: readonly string[]
): Promise<Encode> {
  const { parse, Root } = (await import("protobufjs")).default;
  const root = new Root();
  for (const text of [event, summary, tensor, ...definitions]) {
    parse(text, root);
  }
  root.resolveAll();
  return (name, message) =>
    root.lookupType(`tensorboard.${name}`).encode(message).finish();
}
