/**
 * A notebook's cells: as a module that runs without Jupyter, and as Jupyter ran
 * them.
 *
 * @module
 */
import ts from "typescript";

/** A notebook's file, so far as it is used here. */
export interface Notebook {
  /** The cells. */
  readonly cells: readonly {
    readonly cell_type: "markdown" | "code" | "raw";
    readonly source: string | readonly string[];
    readonly outputs?: readonly Output[];
  }[];
}

/** What a cell put out. */
export interface Output {
  /** What it is. */
  readonly output_type: "stream" | "display_data" | "execute_result" | "error";
  /** What was printed. */
  readonly text?: string | readonly string[];
  /** What is shown, by MIME type. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Why it failed. */
  readonly evalue?: string;
}

/** Notebooks hold texts as lists of lines. */
export function joined(text: string | readonly string[] = ""): string {
  return typeof text === "string" ? text : text.join("");
}

/** Shows the value of a cell as Deno's kernel does, in one line. */
const SHOW = `
function shown(value: unknown): void {
  const display = (value as Record<symbol, () => Record<string, string>>)?.[
    Symbol.for("Jupyter.display")
  ];
  const text = display ? display.call(value)["text/plain"] : Deno.inspect(value);
  console.log("shown: " + text);
}
`;

/**
 * The code cells as one module: what a notebook shows of a cell, the value of
 * its last expression, is printed.
 */
export function moduleOf({ cells }: Notebook): string {
  const code = cells.filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => showing(joined(source)));
  return [...code, SHOW].join("\n");
}

function showing(cell: string): string {
  const { statements } = ts.createSourceFile(
    "cell.ts",
    cell,
    ts.ScriptTarget.Latest,
  );
  const last = statements.at(-1);
  if (!last || !ts.isExpressionStatement(last)) return cell;
  const { pos, end } = last.expression;
  return `${cell.slice(0, pos)}\nshown(${cell.slice(pos, end)});`;
}
