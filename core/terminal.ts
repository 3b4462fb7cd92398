/**
 * Where a run prints: whole lines, and one status line at the bottom that is
 * rewritten in place.
 *
 * @module
 */
import { writeAllSync } from "./files.ts";
import type { Terminal } from "./plugin.ts";

/** Prints lines and keeps the status line below them. */
export interface Printer extends Terminal {
  /** Print a line above the status line. */
  print(line: string): void;
  /** Set the status line; `""` removes it. No effect without a terminal. */
  status(line: string): void;
}

const CLEAR_LINE = "\r\x1b[2K";

/**
 * A printer to standard output.
 */
export function terminal(): Printer {
  const encoder = new TextEncoder();
  return printerTo(
    (text) => writeAllSync(Deno.stdout, encoder.encode(text)),
    Deno.stdout.isTerminal(),
  );
}

/**
 * A printer to anything that takes text.
 *
 * @param write Takes text.
 * @param interactive Whether it is a terminal.
 */
export function printerTo(
  write: (text: string) => void,
  interactive: boolean,
): Printer {
  let status = "";
  return {
    interactive,
    get columns() {
      return interactive ? consoleColumns() : 80;
    },
    print(line) {
      write(status ? `${CLEAR_LINE}${line}\n${status}` : `${line}\n`);
    },
    status(line) {
      if (!interactive || line === status) return;
      status = line;
      write(CLEAR_LINE + line);
    },
  };
}

/**
 * A printer that prints nothing.
 */
export function silent(): Printer {
  return { interactive: false, columns: 80, print() {}, status() {} };
}

function consoleColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80; // A terminal that does not report its size.
  }
}
