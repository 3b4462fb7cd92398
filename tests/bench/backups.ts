/**
 * What backups cost: on the step's path, the time from the end of a batch to the
 * begin of the next one, compared with that where there is none; and as a part
 * of training, blocks of epochs with one backup and without in turns.
 *
 * @module
 */
import { fit, type Plugin, silent } from "../../mod.ts";
import { median } from "./measure.ts";
import type { Subject } from "./models.ts";

/** Batches between two backups: time enough to write one beside the training. */
const APART = 30;

/**
 * Milliseconds by which a backup delays the next batch.
 *
 * @param it The model, with so many batches that some are backed up.
 * @param epochs How often they are gone through.
 */
export async function backupTime(
  { model, x, y, batchSize }: Subject,
  epochs: number,
): Promise<number> {
  const gaps = { with: [] as number[], without: [] as number[] };
  let into = gaps.without;
  let ended = 0;
  const watch: Plugin = {
    name: "watch",
    order: "post",
    needs: {},
    requires: ["backup"],
    onTrainBatchBegin(batch) {
      if (batch > 0) into.push(performance.now() - ended);
    },
    onTrainBatchEnd(_batch, _logs, run) {
      const backUp = run.step % APART === 0;
      into = backUp ? gaps.with : gaps.without;
      ended = performance.now();
      if (backUp) run.backup();
    },
  };
  const dir = Deno.makeTempDirSync();
  await fit(model, { x, y }, {
    ...{ batchSize, epochs, dir, plugins: [watch] },
    shuffle: false,
    printer: silent(),
  });
  Deno.removeSync(dir, { recursive: true });
  return median(gaps.with) - median(gaps.without);
}

/** Epochs of a block. */
export const BLOCK = 7;
/** Blocks of each kind. */
const BLOCKS = 20;

/**
 * By how much longer a block of epochs takes in which the run is backed up once:
 * the ratio of the medians.
 */
export async function backupShare(
  { model, x, y, batchSize }: Subject,
): Promise<number> {
  const took = { with: [] as number[], without: [] as number[] };
  let began = 0;
  const watch: Plugin = {
    name: "watch",
    needs: {},
    requires: ["backup"],
    onEpochBegin(epoch, _logs, run) {
      if (epoch % BLOCK) return;
      const block = epoch / BLOCK;
      const now = performance.now();
      // The first two warm up.
      if (block > 2) (block % 2 ? took.without : took.with).push(now - began);
      began = now;
      if (block % 2) run.backup(); // Taken in this block, behind its first batch.
    },
  };
  const dir = Deno.makeTempDirSync();
  await fit(model, { x, y }, {
    ...{ batchSize, epochs: BLOCK * (2 * BLOCKS + 3), dir, plugins: [watch] },
    shuffle: false,
    printer: silent(),
  });
  Deno.removeSync(dir, { recursive: true });
  return median(took.with) / median(took.without);
}
