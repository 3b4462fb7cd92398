/**
 * From the folders of runs to pages on the disk.
 *
 * @module
 */
import { existsSync, folderOf } from "../../files.ts";
import { asHere } from "../invocation.ts";
import { type Drawer, drawer } from "./draw_curves.ts";
import { type ComparedRun, comparePage } from "./page/compare_page.ts";
import { reportPage } from "./page/run_page.ts";
import { type PastRun, readRun } from "./past_run.ts";
import { REPORT_FILE, trainingsBelow } from "./run_folder.ts";
import { type RunReport, runReport } from "./run_report.ts";
import { writePage } from "./write_report.ts";

/** Where a page goes. */
export interface Target {
  /** Its path. Default `report.html` in the run's folder. */
  readonly path?: string | undefined;
  /** Whether it may replace a file that is none of our pages. Default false. */
  readonly overwrite?: boolean;
}

/**
 * Make the page of a run, and those of the further trainings of its experiment
 * where it is the first.
 *
 * @returns Where it is.
 * @throws {InputError | FileError} If it cannot be written.
 */
export async function makeReport(
  run: PastRun,
  { path = `${run.dir}/${REPORT_FILE}`, overwrite = false }: Target = {},
): Promise<string> {
  const draw = await drawer();
  writeOne(run, draw, path, overwrite);
  for (const dir of trainingsBelow(run.dir)) {
    const further = readRun(dir);
    if (further) writeOne(further, draw, `${dir}/${REPORT_FILE}`, overwrite);
  }
  return path;
}

function writeOne(
  run: PastRun,
  draw: Drawer,
  path: string,
  overwrite: boolean,
): void {
  const report = reportHere(run);
  writePage(path, reportPage(report, draw.one(report), now()), overwrite);
}

/**
 * Make the page of several runs.
 *
 * @returns Where it is.
 * @throws {InputError | FileError} If it cannot be written.
 */
export async function makeComparison(
  runs: readonly PastRun[],
  { path, overwrite }: Target & { readonly path: string },
): Promise<string> {
  const names = namesOf(runs.map(({ dir }) => dir));
  const compared = runs.map((run, i): ComparedRun => ({
    name: names[i]!,
    report: reportHere(run),
    page: pageFrom(path, run.dir),
  }));
  const figures = (await drawer()).several(compared);
  writePage(path, comparePage(compared, figures, now()), overwrite);
  return path;
}

/** The commands as they can be given here. */
function reportHere(run: PastRun): RunReport {
  const report = runReport(run);
  const here = (command: string | undefined) => command && asHere(command);
  return { ...report, again: here(report.again), goOn: here(report.goOn) };
}

function now(): string {
  return new Date().toISOString();
}

/** As short as they can be told apart: the folders' own names, or their paths. */
function namesOf(dirs: readonly string[]): string[] {
  const parts = dirs.map((dir) => dir.split("/"));
  for (let count = 1; count < 9; count++) {
    const names = parts.map((it) => it.slice(-count).join("/"));
    const clear = names.every((name) => /[^\d/]/.test(name));
    if (clear && new Set(names).size === names.length) return names;
  }
  return [...dirs];
}

/** The page of a run, as an address from another one above it. */
function pageFrom(path: string, dir: string): string | undefined {
  const above = folderOf(path) === "." ? "" : `${folderOf(path)}/`;
  if (!dir.startsWith(above) || !existsSync(`${dir}/${REPORT_FILE}`)) {
    return undefined;
  }
  const below = `${dir.slice(above.length)}/${REPORT_FILE}`;
  if (below.startsWith("/")) return undefined;
  return `./${below.split("/").map(encodeURIComponent).join("/")}`;
}
