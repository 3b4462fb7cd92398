/**
 * Where a run prints: whole lines, and below them a status of a few lines that
 * is rewritten in place.
 *
 * @module
 */
import { aroundConsole } from "./around_console.ts";
import { notebook } from "./notebook.ts";
import { stdout } from "./output.ts";
import type { Picture, Terminal } from "./plugin.ts";
import { cut } from "./text_width.ts";

/** Prints lines and keeps the status below them. */
export interface Printer extends Terminal {
  /** Print a line above the status. */
  print(line: string): void;
  /** Set the status, of one line or several; `""` removes it. No effect without a terminal. */
  status(text: string): void;
  /** Make room for a picture, and get what shows one there, in place of the one before. Default: there is nothing to show it on. */
  picture?(): ShowPicture;
}

/** Shows a picture; a promise settles when it is on its way. */
export type ShowPicture = (picture: Picture) => Promise<void> | undefined;

/** A window of a terminal. */
export interface TextWindow {
  /** Whether colours are wanted. */
  readonly colors: boolean;
  /** Whether `console` prints there too. */
  readonly console?: boolean;
  /** Its size in characters, as it is now. */
  size(): { readonly columns: number; readonly rows: number };
}

/**
 * A printer to standard output; in a Jupyter kernel, below the cell. Where the
 * output is no terminal, or one that cannot rewrite a line (`TERM=dumb`), or
 * where `CI` is set, there is no status. `NO_COLOR` is heeded. `TERM` and `CI`
 * are read only where that is permitted already.
 */
export function terminal(): Printer {
  return notebook() ??
    printerTo(stdout.write, canRewrite() ? consoleWindow : undefined);
}

/**
 * A printer to anything that takes text.
 *
 * @param write Takes text.
 * @param window The window it is shown in. Default: it is not shown in one.
 */
export function printerTo(
  write: (text: string) => void,
  window?: TextWindow,
): Printer {
  if (!window) {
    const print = (line: string) => write(`${line}\n`);
    return { interactive: false, columns: 80, print, status() {} };
  }
  let status: readonly string[] = [];
  let shown = "";
  let leaveConsole: (() => void) | undefined;

  /** In one piece, so that nothing half drawn is seen. */
  function draw(printed: string): void {
    const block = blockOf(status, window!.size());
    if (printed === "" && block === shown) return;
    const text = (shown && CLEAR) + printed + block;
    shown = block;
    write(text.includes("\x1b") ? BEGIN + text + END : text);
    if (window!.console) attend();
  }

  /** While there is a status, what `console` prints goes above it. */
  function attend(): void {
    if (shown !== "") return void (leaveConsole ??= aroundConsole(above));
    leaveConsole?.();
    leaveConsole = undefined;
  }

  function above(call: () => void): void {
    if (shown === "") return call();
    write(BEGIN + CLEAR);
    shown = "";
    try {
      call();
    } finally {
      draw("");
      write(END);
    }
  }
  return {
    interactive: true,
    colors: window.colors,
    get columns() {
      return window.size().columns;
    },
    print: (line) => draw(`${line}\n`),
    status(text) {
      status = text === "" ? [] : text.split("\n");
      draw("");
    },
  };
}

/**
 * A printer that prints nothing.
 */
export function silent(): Printer {
  return { interactive: false, columns: 80, print() {}, status() {} };
}

/** A terminal that knows how shows all in between at once; the others ignore it. */
const [BEGIN, END] = ["\x1b[?2026h", "\x1b[?2026l"];

/** From the cursor's line to the end of the window. */
const CLEAR = "\r\x1b[J";

/**
 * The status on the screen. The cursor waits on an empty line above it: what
 * others write, such as an error, goes there; however a resized window breaks
 * the lines, all of the status is behind the cursor; and nobody has to hide the
 * cursor, who might not live to show it again.
 */
function blockOf(
  status: readonly string[],
  { columns, rows }: { readonly columns: number; readonly rows: number },
): string {
  const lines = status.slice(0, Math.max(0, rows - 1));
  if (lines.length === 0) return "";
  // In the last column the cursor stands on either this line or the next.
  const fitting = lines.map((line) => `\r\n${cut(line, columns - 1)}`);
  return `${fitting.join("")}\x1b[${lines.length}A\r`;
}

const consoleWindow: TextWindow = {
  console: true,
  get colors() {
    return !Deno.noColor;
  },
  size() {
    try {
      const { columns, rows } = Deno.consoleSize();
      if (columns > 0 && rows > 0) return { columns, rows };
    } catch {
      // A terminal that does not report its size.
    }
    return { columns: 80, rows: 24 };
  },
};

/** Whether a line can be written anew. */
function canRewrite(): boolean {
  if (!Deno.stdout.isTerminal() || isSet("CI")) return false;
  if (Deno.build.os === "windows" || !isReadable("TERM")) return true;
  return isSet("TERM") && Deno.env.get("TERM") !== "dumb";
}

function isSet(variable: string): boolean {
  const value = isReadable(variable) ? Deno.env.get(variable) : undefined;
  return value !== undefined && value !== "" && value !== "false";
}

/** Nobody is asked for the permission. */
function isReadable(variable: string): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted";
}
