/**
 * One run that does all that can be done with files, for tests of faults.
 *
 * @module
 */
import { type Ended, runTask } from "./child.ts";
import type { Bomb } from "./bomb.ts";
import { filesOf } from "./compare.ts";
import type { Setting } from "./setting.ts";

/** A run of some 1,000 changes of the disk in a second. */
export const BUSY: Setting = {
  ...{ model: "mlp", loop: "fit", optimizer: "adam", data: "arrays" },
  ...{
    gradients: [],
    threads: 0,
    epochs: 5,
    seed: 3,
    validation: "arrays",
    validationFreq: 1,
    shell: false,
  },
  plugins: [
    ["csv-logger", {}],
    ["reduce-lr-on-plateau", { patience: 0 }],
    ["model-checkpoint", { saveFreq: 2, filepath: "c/{epoch}-{batch}" }],
    ["model-checkpoint", {
      ...{ name: "best", filepath: "best", saveBestOnly: true },
      ...{ monitor: "loss" },
    }],
    ["swap-ema-weights", { momentum: 0.8 }],
    ["diary", {}],
    ["tensor-sum", {}],
  ],
};

/** Two backups an epoch. */
export const BACKUP = { saveFreq: 3, everySeconds: 0 };

/** Nothing happens. */
export const NEVER: Bomb = { at: 0, half: false };

/** Run {@linkcode BUSY}, or go on with it. */
export function busy(dir: string, bomb = NEVER): Promise<Ended> {
  return runTask({ setting: BUSY, dir, backup: BACKUP, bomb });
}

let made: Promise<ReadonlyMap<string, string>> | undefined;

/** What it leaves when nothing happens to it. */
export function wholeFiles(): Promise<ReadonlyMap<string, string>> {
  return made ??= (async () => {
    const dir = await Deno.makeTempDir();
    await busy(dir);
    const files = filesOf(dir);
    await Deno.remove(dir, { recursive: true });
    return files;
  })();
}

/** Do something in a folder of its own. */
export async function inFolder(
  act: (dir: string) => Promise<void>,
): Promise<void> {
  const dir = await Deno.makeTempDir();
  try {
    await act(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
