/**
 * Event files of a run, one a folder, as TensorBoard reads them.
 *
 * @module
 */
import type { FileWriter, Run } from "../../core/plugin.ts";
import type { Encode, EventMessage, ValueMessage } from "./messages.ts";
import { tfRecord } from "./tfrecord.ts";

/** Event files. */
export interface EventFiles {
  /** Have the file of a folder, if only with its first record; `""` is the root itself. */
  begin(folder: string): void;
  /** Add a record of each value. */
  add(folder: string, step: number, values: readonly ValueMessage[]): void;
  /** Close them. */
  close(): void;
}

/** Which file each folder has: plain data, which a run that goes on finds again. */
export type EventPaths = Record<string, string>;

/** A file that is open. */
interface Open {
  readonly path: string;
  readonly writer: FileWriter;
}

/**
 * The event files of a run.
 *
 * @param root Folder of the folders.
 * @param paths Where they are, to be added to; of a run that goes on, they are
 * known only once its first hook is over.
 */
export function eventFiles(
  run: Run,
  root: string,
  paths: EventPaths,
  encode: Encode,
): EventFiles {
  const open = new Map<string, Open>();

  function fileOf(folder: string): FileWriter {
    const known = paths[folder];
    const path = paths[folder] ??= newPath(
      run,
      folder ? `${root}/${folder}` : root,
    );
    const file = open.get(folder);
    if (file?.path === path) return file.writer;
    file?.writer.close();
    const writer = run.files.open(path, { append: true });
    open.set(folder, { path, writer });
    if (known === undefined) {
      writer.write(recordOf({ fileVersion: "brain.Event:2" }));
    }
    return writer;
  }

  function recordOf(event: Omit<EventMessage, "wallTime">): Uint8Array {
    return tfRecord(
      encode("Event", { wallTime: run.time() / 1000, ...event }),
    );
  }

  return {
    begin: (folder) => void fileOf(folder),
    add(folder, step, values) {
      const records = values.map((it) =>
        recordOf({ step, summary: { value: [it] } })
      );
      // In one piece, so that a backup finds all of them or none.
      if (records.length) fileOf(folder).write(joined(records));
    },
    close() {
      for (const { writer } of open.values()) writer.close();
      open.clear();
    },
  };
}

/** Pieces as one. */
export function joined(records: readonly Uint8Array[]): Uint8Array {
  if (records.length === 1) return records[0]!;
  const size = records.reduce((sum, { length }) => sum + length, 0);
  const all = new Uint8Array(size);
  let at = 0;
  for (const record of records) {
    all.set(record, at);
    at += record.length;
  }
  return all;
}

/** A path that no other file has, with a name that tells when it was begun. */
function newPath(run: Run, folder: string): string {
  const seconds = String(Math.floor(run.time() / 1000)).padStart(10, "0");
  const begin = `${folder}/events.out.tfevents.${seconds}.hookloop.${Deno.pid}`;
  for (let n = 0;; n++) {
    const path = `${begin}.${n}.v2`;
    if (run.files.read(path) === undefined) return path;
  }
}
