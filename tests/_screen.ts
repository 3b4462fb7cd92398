/**
 * A terminal's window as far as programs here use one: what is written to it
 * appears, wraps, scrolls, and is broken anew when the window is resized.
 *
 * @module
 */

/** A window. */
export interface Screen {
  /** What a program writes. Anything this window does not know throws. */
  write(text: string): void;
  /** The user resizes it. */
  resize(columns: number, rows: number): void;
  /** Its size. */
  size(): { columns: number; rows: number };
  /** All that was written, what scrolled away too: lines as they were before they were wrapped, without the empty ones at the end. */
  lines(): string[];
  /** How many lines of the window are the rest of the line before. */
  wraps(): number;
  /** The line that the cursor is in, among `lines`. */
  cursorLine(): number;
}

/** A row of cells; a wide character is followed by an empty cell. */
interface Row {
  cells: string[];
  /** Whether it is the rest of the row above. */
  rest: boolean;
}

/**
 * An empty window.
 *
 * @param reflow Whether it breaks long lines anew when it is resized, as most do,
 * or cuts them.
 */
export function screen(columns = 80, rows = 24, reflow = true): Screen {
  let buffer: Row[] = [{ cells: [], rest: false }];
  let [x, y, top] = [0, 0, 0];

  function newLine(rest: boolean): void {
    y++;
    if (y >= buffer.length) buffer.push({ cells: [], rest });
    else if (rest) buffer[y]!.rest = true;
    top = Math.max(top, y - rows + 1);
  }

  function put(char: string): void {
    const width = widthOf(char);
    const row = () => buffer[y]!.cells;
    if (width === 0) {
      const at = Math.max(0, x - 1);
      row()[at] = (row()[at] ?? "") + char;
      return;
    }
    if (x + width > columns) {
      newLine(true);
      x = 0;
    }
    while (row().length < x) row().push(" ");
    row()[x++] = char;
    if (width === 2) row()[x++] = "";
  }

  /** Known: colours, synchronized output, the cursor up, erasing what is behind it. */
  function control(sequence: string): void {
    if (/^\[[0-9;]*m$|^\[\?2026[hl]$/.test(sequence)) return;
    const up = /^\[(\d+)A$/.exec(sequence);
    if (up) y = Math.max(top, y - Number(up[1]));
    else if (sequence === "[J") {
      buffer.length = y + 1;
      buffer[y]!.cells.length = Math.min(buffer[y]!.cells.length, x);
    } else throw new Error(`unknown sequence ESC ${sequence}`);
  }

  function logical(): { text: string[]; cursor: boolean }[] {
    const all: { text: string[]; cursor: boolean }[] = [];
    buffer.forEach(({ cells, rest }, at) => {
      if (!rest) all.push({ text: [], cursor: false });
      const line = all.at(-1)!;
      line.text.push(...cells);
      if (at === y) line.cursor = true;
    });
    return all;
  }

  return {
    size: () => ({ columns, rows }),
    write(text) {
      const parts = text.match(
        // deno-lint-ignore no-control-regex
        /\x1b(?:\[[0-?]*[ -/]*[@-~]|.)|[\s\S]/gu,
      ) ?? [];
      for (const part of parts) {
        if (part === "\r") x = 0;
        else if (part === "\n") [x] = [0, newLine(false)]; // As terminals are set up.
        else if (part.startsWith("\x1b")) control(part.slice(1));
        else if (part < " ") throw new Error(`unknown ${JSON.stringify(part)}`);
        else put(part);
      }
    },
    resize(newColumns, newRows) {
      if (reflow) {
        const [at, whole] = [x, logical()];
        buffer = whole.flatMap(({ text, cursor }) => {
          const rows = broken(text, newColumns);
          return rows.map((cells, i) => ({
            cells,
            rest: i > 0,
            cursor: cursor && i === 0,
          }));
        });
        y = buffer.findIndex((row) => (row as { cursor?: boolean }).cursor);
        x = Math.min(at, newColumns - 1);
      } else {
        for (const row of buffer) {
          row.cells.length = Math.min(row.cells.length, newColumns);
        }
        x = Math.min(x, newColumns - 1);
      }
      [columns, rows] = [newColumns, newRows];
      top = Math.min(y, Math.max(0, buffer.length - rows));
      buffer.length = Math.min(buffer.length, top + rows);
    },
    lines() {
      const all = logical().map(({ text }) => text.join("").trimEnd());
      while (all.at(-1) === "") all.pop();
      return all;
    },
    wraps: () => buffer.slice(top).filter(({ rest }) => rest).length,
    cursorLine: () => logical().findIndex(({ cursor }) => cursor),
  };
}

/** Cells in rows; a wide character is not torn apart. */
function broken(cells: readonly string[], columns: number): string[][] {
  const rows: string[][] = [[]];
  for (let i = 0; i < cells.length; i++) {
    const wide = cells[i + 1] === "";
    const row = rows.at(-1)!;
    const to = row.length + (wide ? 2 : 1) > columns ? [] : row;
    if (to !== row) rows.push(to);
    to.push(cells[i]!);
    if (wide) to.push(cells[++i]!);
  }
  return rows;
}

/** Columns of a character, by code point, as most terminals have it. */
function widthOf(char: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]/u.test(char)) return 0;
  const wide =
    /^(?:\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}])/u;
  return wide.test(char) ? 2 : 1;
}
