/**
 * What two runs have left in their folders, file by file.
 *
 * @module
 */
import { REPORT_FILE } from "../../core/cli/report/run_folder.ts";
import { BACKUP_FOLDER } from "../../core/run/files/run_paths.ts";
import {
  eventsIn,
  type ReadValue,
} from "../plugins/tensorboard/_events_read.ts";

/** The files of a run that another one like it has too, by path. */
export function filesOf(dir: string): Map<string, string> {
  const files = new Map<string, string>();
  walk(dir, "", files);
  return new Map([...files].sort());
}

function walk(dir: string, at: string, files: Map<string, string>): void {
  for (const { name, isDirectory } of Deno.readDirSync(`${dir}/${at}`)) {
    const path = at + name;
    if (IGNORED.includes(path) || name === REPORT_FILE) continue;
    if (isDirectory) {
      files.set(`${path}/`, "");
      walk(dir, `${path}/`, files);
    } else {
      // A run that begins anew must not leave the file of the one before.
      let timeless = path.replace(/tfevents\.\d+\.hookloop\.\d+/, "tfevents");
      while (files.has(timeless)) timeless += "+";
      files.set(timeless, contentOf(`${dir}/${path}`, path));
    }
  }
}

/** These tell how the run went, not what came of it. */
const IGNORED: readonly string[] = [BACKUP_FOLDER, "lock", "report.html"];

/** A character a byte; without the clock. */
function contentOf(file: string, path: string): string {
  const bytes = Deno.readFileSync(file);
  if (path.endsWith("weights.bin")) sameNaNs(bytes);
  if (path.includes("tfevents")) return eventsOf(bytes);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  if (path === "events.jsonl") return text.replaceAll(/^\{"at":\d+,/gm, "{");
  // The checksum of weights, which are compared themselves.
  if (path.endsWith("model.json")) return text.replaceAll(/[0-9a-f]{64}/g, "");
  return path === "run.json" ? factsOf(text) : text;
}

/** The events of a file, without the clock. */
function eventsOf(bytes: Uint8Array): string {
  return eventsIn(bytes).map(({ step, fileVersion, values }) =>
    JSON.stringify(
      { step, fileVersion, values: values.map(timeless) },
      (_key, value) => Number.isNaN(value) ? "NaN" : value,
    )
  ).join("\n");
}

function timeless(value: ReadValue): unknown {
  const { tag, content } = value;
  if (tag.endsWith("steps_per_second")) return tag;
  // Among hyper-parameters there is when the run began, and when it ended.
  if (tag.startsWith("_hparams_/")) return [tag, content.length];
  return value;
}

/** What a record says of what came of the run. */
function factsOf(record: string): string {
  const { epoch, history, best, outcome, params, seed } = JSON.parse(record);
  const facts = { epoch, history, best, outcome, params, seed };
  return JSON.stringify(facts, null, 1);
}

/**
 * Give all NaNs the same bits: which of them an operation gives is left open,
 * and may change with what the engine has compiled.
 */
export function sameNaNs(bytes: Uint8Array): Uint8Array {
  const { buffer, byteOffset, length } = bytes;
  const view = new DataView(buffer, byteOffset, length);
  for (let at = 0; at + 4 <= length; at += 4) {
    if (Number.isNaN(view.getFloat32(at, true))) view.setFloat32(at, NaN, true);
  }
  return bytes;
}

/**
 * The first difference.
 *
 * @param whole What the unbroken run left.
 * @param broken What the other one left.
 * @returns Undefined if there is none.
 */
export function differenceOf(
  whole: ReadonlyMap<string, string>,
  broken: ReadonlyMap<string, string>,
): string | undefined {
  for (const path of broken.keys()) {
    if (!whole.has(path)) return `${path} is not there in the unbroken run`;
  }
  for (const [path, content] of whole) {
    const other = broken.get(path);
    if (other === undefined) return `${path} is missing`;
    if (other !== content) return `${path}, ${lineOf(content, other)}`;
  }
  return undefined;
}

function lineOf(whole: string, broken: string): string {
  const [lines, others] = [whole.split("\n"), broken.split("\n")];
  const at = lines.findIndex((line, i) => line !== others[i]);
  const line = at < 0 ? lines.length : at;
  const [own, other] = [lines[line], others[line]];
  return `line ${line + 1}:\n  unbroken ${shown(own, other)}\n  resumed  ${
    shown(other, own)
  }`;
}

/** A line, from shortly before the place where it differs. */
function shown(line: string | undefined, other: string | undefined): string {
  if (line === undefined) return "(no such line)";
  let same = 0;
  while (same < line.length && line[same] === other?.[same]) same++;
  const from = same < 60 ? 0 : same - 40;
  const part = line.slice(from, from + 200);
  return `${from ? "…" : ""}${JSON.stringify(part)}${
    from + 200 < line.length ? "…" : ""
  }`;
}
