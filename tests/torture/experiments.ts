/**
 * One run in a process of its own, which may be killed: begins it, or goes on
 * with it where there is a backup.
 *
 * The argument is a {@linkcode Task} as JSON. What the run ended with goes into
 * `final.txt` in its folder, how much it changed the disk is printed.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { eventLog, type EventMark } from "../../core/cli/report/event_log.ts";
import { backupNumbers } from "../../core/run/backup/backup_folder.ts";
import type { RunWatch } from "../../core/run/run_options.ts";
import {
  backupAndRestore,
  type BackupAndRestoreOptions,
  type History,
  terminal,
  tfResources,
  useBackend,
} from "../../mod.ts";
import { type Bomb, setBomb } from "./bomb.ts";
import { sameNaNs } from "./compare.ts";
import { loop } from "./loops.ts";
import { modelOf } from "./models.ts";
import { pluginsOf } from "./plugins.ts";
import type { Setting } from "./setting.ts";

/** What a process is to do. */
export interface Task {
  readonly setting: Setting;
  /** Folder of the run. */
  readonly dir: string;
  readonly backup: BackupAndRestoreOptions;
  readonly bomb: Bomb;
}

/** Name of the file that says what the run ended with. */
export const FINAL = "final.txt";

async function main({ setting, dir, backup, bomb }: Task): Promise<void> {
  const changes = setBomb(bomb);
  const { threads } = setting;
  await useBackend(threads ? "wasm" : "cpu", threads ? { threads } : {});
  const model = modelOf(setting);
  const history = await loop({
    setting,
    model,
    options: {
      resume: dir,
      plugins: [await pluginsOf(setting.plugins), backupAndRestore(backup)],
      onPlan: () => follow(dir),
    },
  });
  Deno.writeTextFileSync(
    `${dir}/${FINAL}`,
    await endOf(setting, model, history),
  );
  terminal().print(`changes ${changes.count}`);
}

/** The events of the run, as the command line writes them. */
function follow(dir: string): RunWatch {
  const resumed = backupNumbers(dir).length > 0;
  const log = eventLog(dir, terminal().print, { resumed });
  return {
    event: log.tell,
    flush: log.sync,
    epoch: log.flush,
    end: log.flush,
    keeps: { save: log.mark, load: (it) => log.goOn(it as EventMark) },
  };
}

/** Weights and slots bit for bit, and the history, a fact a line. */
async function endOf(
  setting: Setting,
  model: tf.LayersModel,
  { history, epoch, best, outcome }: History,
): Promise<string> {
  const written = await tfResources({ model }).weights!.write!();
  const text = (it: unknown) =>
    JSON.stringify(
      it,
      (_key, value) => typeof value === "number" ? String(value) : value,
    );
  const { dir: _dir, ...how } = { ...outcome } as Record<string, unknown>;
  return [
    ...written.tensors.map(({ name, shape, data }) =>
      `${name} [${shape}] ${sameNaNs(data).toHex()}`
    ),
    text(written.rest),
    ...Object.entries(history).map(([key, values]) => `${key} ${text(values)}`),
    `epochs ${epoch}`,
    `best ${text(best)}`,
    `outcome ${text(how)}`,
    tensorsOf(setting),
    "",
  ].join("\n");
}

/**
 * A run that went on leaves no more behind than one that did not; save for
 * tf.js, which keeps the states of all steps, and what it has shuffled.
 */
function tensorsOf({ model, data, validation }: Setting): string {
  const all = model !== "stateful" && data !== "dataset" &&
    validation !== "dataset";
  return all ? `${tf.memory().numTensors} tensors` : "";
}

if (import.meta.main) await main(JSON.parse(Deno.args[0]!));
