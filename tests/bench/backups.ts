/**
 * What a backup costs on the step's path: the time from the end of a batch to
 * the begin of the next one, compared with that where there is none.
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
