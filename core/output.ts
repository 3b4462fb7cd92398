/**
 * Standard output and standard error. What cannot be written there is lost, and
 * nothing else: a run does not fail because nobody reads what it prints.
 *
 * @module
 */
import { writeAllSync } from "./files.ts";

/** Where a process prints. */
export interface Output {
  /** Write text, whole, and never throw. */
  write(text: string): void;
  /**
   * Why something could not be written, such as a full disk. A reader that went
   * away, as `head` does, is no problem: then what is written is silently
   * dropped.
   */
  readonly problem: string | undefined;
}

/** What an output writes to. */
export interface Sink {
  /** Write some of the bytes, and return how many. */
  writeSync(bytes: Uint8Array): number;
  /** Whether it is a terminal. */
  isTerminal(): boolean;
}

/**
 * An output to a stream.
 *
 * @param sink The stream; a function, so that this also loads outside of Deno.
 * @param onProblem Is told once why nothing can be written any more.
 */
export function outputTo(
  sink: () => Sink,
  onProblem: (problem: string) => void = () => {},
): Output {
  const encoder = new TextEncoder();
  let lost = false;
  let problem: string | undefined;
  return {
    get problem() {
      return problem;
    },
    write(text) {
      if (lost) return;
      const to = sink();
      try {
        writeAllSync(patient(to), encoder.encode(text));
      } catch (error) {
        lost = true;
        if (isGone(error, to)) return;
        problem = error instanceof Error ? error.message : String(error);
        onProblem(problem);
      }
    },
  };
}

/** Standard error. */
export const stderr: Output = outputTo(() => Deno.stderr);

/** Standard output. */
export const stdout: Output = outputTo(
  () => Deno.stdout,
  (problem) =>
    stderr.write(
      `Cannot write to the standard output: ${problem}; nothing more is printed there\n`,
    ),
);

/** A pipe whose reader is slow may ask to try again, where whoever made it wants so. */
function patient(sink: Sink): Pick<Sink, "writeSync"> {
  return {
    writeSync(bytes) {
      for (;;) {
        try {
          return sink.writeSync(bytes);
        } catch (error) {
          if (!(error instanceof Deno.errors.WouldBlock)) throw error;
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
        }
      }
    },
  };
}

/** Whether the reader went away; a terminal that was closed reports any error. */
function isGone(error: unknown, sink: Sink): boolean {
  const { BrokenPipe, ConnectionReset, ConnectionAborted } = Deno.errors;
  return [BrokenPipe, ConnectionReset, ConnectionAborted].some((gone) =>
    error instanceof gone
  ) || sink.isTerminal();
}
