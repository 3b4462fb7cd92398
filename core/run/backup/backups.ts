/**
 * When a run is backed up: where a plugin asked for it, once all hooks of the
 * batch or epoch are done; and a last time where it ends to go on later.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { fileReason } from "../../files.ts";
import { capture, isPause, markedFiles } from "./backup.ts";
import { backupNumbers, removeBackups, writeBackup } from "./backup_folder.ts";
import type { Listener } from "../dispatch.ts";
import { BEGINNING } from "../files/file_marks.ts";
import type { Encoded } from "./plain_data.ts";
import type { RunState } from "../state.ts";

/** The backups of a run. */
export interface Backups {
  /**
   * The run begins anew: from now on what it does to its files can be undone.
   * The backups of an earlier run are not those of this one.
   *
   * @param takenUp Whether it takes up a run that died before its first backup:
   * its files are put back as they were before it.
   * @returns What could not be put back, one sentence each.
   */
  begin(takenUp: boolean): readonly string[];
  /** Take the one that was asked for, if one was: to be called between two hooks. While one is being written, the system gets a turn. */
  take(): Promise<void> | undefined;
  /** Take the last one, which is on the disk when this settles. Only the first call counts, and none is taken afterwards. */
  last(): Promise<void>;
  /**
   * The run is over: what is being written is finished, or all are removed where
   * that was asked for.
   *
   * @param failed Whether an end hook failed, so that it did not come to its end.
   * @returns Undefined if there is nothing to do.
   */
  close(failed: boolean): Promise<void> | undefined;
}

/** Backups may take this part of the training's time, */
const SHARE = 1 / 20;
/** and this many milliseconds beside. */
const FREE = 500;

/**
 * The backups of a run that begins or goes on. What cannot be written is told
 * once, and tried again with the next one: the training matters more.
 *
 * @param listeners The plugins of now.
 * @param from Number of the backup that the run goes on from: what is newer was
 * damaged, and is replaced. Default: it begins.
 */
export function backups(
  state: RunState,
  listeners: () => readonly Listener[],
  from?: number,
): Backups {
  const { dir, printer, now } = state;
  const files = markedFiles(state.files);
  let number = from;
  let keep = 2;
  /** The one that is being written. */
  let writing: Promise<void> | undefined;
  let over = false;
  let removing = false;
  let failing = false;
  let told = false;
  const start = now();
  /** Milliseconds that the training waited. */
  let spent = 0;

  function failed(error: unknown): void {
    if (!failing) {
      printer.print(
        `Warning: the run cannot be backed up: ${
          fileReason(error, "write", dir)
        }; it goes on, and it is tried again`,
      );
    }
    failing = true;
  }

  async function write(encoded: Encoded, number: number): Promise<void> {
    try {
      await aTurn(); // The next step goes first.
      await Promise.all([files?.flush(), state.watch.flush?.()]);
      const oldest = await writeBackup(dir, number, encoded, keep);
      files?.forget(oldest);
      if (failing) printer.print("The run is backed up again");
      failing = false;
    } catch (error) {
      failed(error);
    } finally {
      writing = undefined;
    }
  }

  async function takeNow(): Promise<void> {
    const began = now();
    // One is written at a time: the training waits where the disk is slower.
    await writing;
    try {
      const next = (number ?? backupNumbers(dir)[0] ?? 0) + 1;
      const encoded = await capture(state, listeners(), next);
      if (!told) tellWhatIsMissing(state);
      told = true;
      number = next;
      writing = write(encoded, next);
    } catch (error) {
      failed(error);
    }
    spent += now() - began;
  }

  async function closeNow(failed: boolean): Promise<void> {
    await writing;
    const ended = !failed &&
      ["completed", "stopped"].includes(state.outcome!.status);
    if (!removing || !ended || isPause(state.stop)) return;
    const remove = () => {
      // First those that need what is kept of files.
      removeBackups(dir);
      files?.forget(Infinity);
    };
    if (state.watch.later) state.watch.later(remove);
    else remove();
  }

  const on = () =>
    listeners().some(({ entry: { plugin, shadow } }) =>
      !shadow && plugin.requires?.includes("backup")
    );

  return {
    begin(takenUp) {
      if (!on()) return [];
      const lost = takenUp ? files?.putBack(BEGINNING) ?? [] : [];
      files?.goOn();
      try {
        removeBackups(dir);
        files?.mark(0);
      } catch (error) {
        failed(error);
      }
      return lost;
    },
    take() {
      const asked = state.backupAsked;
      if (asked === undefined) return writing && aTurn();
      state.backupAsked = undefined;
      removing = asked === 0;
      if (removing) return undefined;
      // Where epochs are short and the disk is slow, another one will do.
      if (spent > FREE + SHARE * (now() - start)) return undefined;
      keep = asked;
      return takeNow();
    },
    async last() {
      if (over || !on()) return;
      over = true;
      await takeNow();
      await writing;
    },
    close(failed) {
      removing ||= state.backupAsked === 0;
      return writing || removing ? closeNow(failed) : undefined;
    },
  };
}

/** What the disk has done is heard of, in microseconds; a loop that computes without a pause would hear of it too late. */
function aTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function tellWhatIsMissing({ printer, resources }: RunState): void {
  const missing = resources.weights?.unwritten;
  if (!missing) return;
  printer.print(
    `Warning: backups are without ${missing}: a run that goes on from one will not equal an unbroken one`,
  );
}
