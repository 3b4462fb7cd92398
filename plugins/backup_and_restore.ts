/**
 * Backs a run up while it trains, so that it can go on after a crash, a kill or
 * a power cut as if nothing had happened: with `resume` in code, with `--resume`
 * on the command line.
 *
 * @example A backup after every second batch
 * ```ts
 * import backupAndRestore from "@hookloop/hookloop/plugins/backup-and-restore";
 * import { fakeRun } from "@hookloop/hookloop/testing";
 *
 * const { fire, acts } = fakeRun(backupAndRestore({ saveFreq: 2 }));
 * await fire("onTrainBegin");
 * for (const batch of [0, 1, 2]) await fire("onTrainBatchEnd", batch);
 * console.log(acts.map(({ what }) => what)); // [ { kind: "backup", keep: 2 } ]
 * ```
 *
 * @module
 */
import type { Plugin } from "../core/plugin.ts";
import { checkNumber } from "./_ranges.ts";
import { readSaveFreq } from "./_save_freq.ts";

/** Options of {@linkcode backupAndRestore}. */
export interface BackupAndRestoreOptions {
  /** `"epoch"`, or every this many batches, counted over all epochs. Default `"epoch"`. */
  readonly saveFreq?: "epoch" | number;
  /** Whether the backup before the newest is kept, for the case that the newest is damaged. Default true; in Keras false. */
  readonly doubleCheckpoint?: boolean;
  /** Whether the backups are removed when training has come to its end. Default true. */
  readonly deleteCheckpoint?: boolean;
  /** Seconds after which there is a backup in any case, whatever `saveFreq` says; 0 for none. Default 60. */
  readonly everySeconds?: number;
  /** Its name in this run. Default `"backup-and-restore"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<BackupAndRestoreOptions> = {
  saveFreq: "epoch",
  doubleCheckpoint: true,
  deleteCheckpoint: true,
  everySeconds: 60,
  name: "backup-and-restore",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof BackupAndRestoreOptions, string>> = {
  saveFreq: "epoch, or every this many batches",
  doubleCheckpoint: "keep the backup before the newest too",
  deleteCheckpoint: "remove the backups when training has come to its end",
  everySeconds: "seconds after which there is a backup in any case; 0: none",
  name: "its name in this run",
};

/**
 * Back the run up after epochs or batches, and after some time in any case. A
 * run that is aborted is backed up a last time whatever the options say. Where
 * epochs are so short that backups would take more than a twentieth of the
 * training's time, some are left out.
 *
 * @param options How often, and what is kept.
 * @throws {OptionError} If `saveFreq` is neither `"epoch"` nor an integer >= 1,
 * or `everySeconds` is not a number >= 0.
 */
export default function backupAndRestore(
  options: BackupAndRestoreOptions = {},
): Plugin {
  const { doubleCheckpoint, deleteCheckpoint, everySeconds, name, ...rest } = {
    ...defaults,
    ...options,
  };
  const saveFreq = readSaveFreq(defaults.name, rest.saveFreq);
  checkNumber(
    defaults.name,
    "everySeconds",
    everySeconds,
    (seconds) => seconds >= 0,
    ">= 0",
  );
  const keep = doubleCheckpoint ? 2 : 1;
  const state = { batches: 0 };
  // When the last backup was, on the clock of this process.
  let last = 0;

  const plugin: Plugin = {
    name,
    needs: {},
    requires: ["backup"],
    state,
    onTrainBegin(_logs, run) {
      last = run.now();
    },
    onTrainBatchEnd(_batch, _logs, run) {
      state.batches++;
      const now = run.now();
      // A clock that was set back would keep it waiting until it is there again.
      if (now < last) last = now;
      const due = everySeconds > 0 && now - last >= 1000 * everySeconds;
      if (!due && (saveFreq === "epoch" || state.batches % saveFreq !== 0)) {
        return;
      }
      last = now;
      run.backup({ keep });
    },
    onEpochEnd(_epoch, _logs, run) {
      if (saveFreq !== "epoch") return;
      last = run.now();
      run.backup({ keep });
    },
    onTrainEnd(_logs, run) {
      if (deleteCheckpoint) run.backup({ keep: 0 });
    },
  };
  return plugin;
}
