/**
 * Where a run prints: whole lines, and one status line at the bottom that is
 * rewritten in place.
 *
 * @module
 */
import { stdout } from "./output.ts";
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
 * A printer to standard output; in a Jupyter kernel, below the cell.
 */
export function terminal(): Printer {
  return inJupyter()
    ? printerTo((text) => toCell(text.replace(/\n$/, "")), false)
    : printerTo(stdout.write, Deno.stdout.isTerminal());
}

/** A kernel shows what the console gets, and drops what goes to standard output. */
// deno-lint-ignore no-console
const toCell = (line: string) => console.log(line);

/** Deno has this namespace in a kernel alone; elsewhere it throws or is not there. */
function inJupyter(): boolean {
  try {
    return (Deno as { readonly jupyter?: unknown }).jupyter !== undefined;
  } catch {
    return false;
  }
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
