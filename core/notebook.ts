/**
 * Where a run prints in a Jupyter notebook: lines and pictures below the cell.
 *
 * @module
 */
import type { Printer, ShowPicture } from "./terminal.ts";

/** What Deno's kernel offers, so far as it is used here. */
interface Kernel {
  display(
    bundle: Readonly<Record<string, string>>,
    options: { raw: true; display_id: string; update: boolean },
  ): Promise<void>;
}

/**
 * A printer to the cell that runs.
 *
 * @returns Undefined outside of a notebook.
 */
export function notebook(): Printer | undefined {
  const kernel = kernelOf();
  if (!kernel) return undefined;
  return {
    interactive: false,
    pictures: true,
    columns: 80,
    print: (line) => toCell(line.replace(/\n$/, "")),
    status() {},
    picture: () => pictureIn(kernel),
  };
}

/** A kernel shows what the console gets, and drops what goes to standard output. */
// deno-lint-ignore no-console
const toCell = (line: string) => console.log(line);

/** Deno has this namespace in a kernel alone; elsewhere it throws or is not there. */
function kernelOf(): Kernel | undefined {
  try {
    return (Deno as { readonly jupyter?: Kernel }).jupyter;
  } catch {
    return undefined;
  }
}

/** A place in the notebook whose picture can be exchanged. */
function pictureIn(kernel: Kernel): ShowPicture {
  const display_id = crypto.randomUUID();
  let update = false;
  let last = Promise.resolve();
  return ({ text, html }) => {
    const bundle = { "text/plain": text, "text/html": html };
    const options = { raw: true as const, display_id, update };
    update = true;
    // In order; a notebook that was closed is no fault of the run.
    return last = last.then(() => kernel.display(bundle, options))
      .catch(() => {});
  };
}
