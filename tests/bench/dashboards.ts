/**
 * What a dashboard with three viewers costs: as a part of training, a `fit` with
 * it and one without in turns; and in memory, over many batches. The viewers are
 * a process of their own, as browsers are.
 *
 * @module
 */
import { dashboard, fit, type Plugin, silent, train } from "../../mod.ts";
import { median } from "./measure.ts";
import type { Subject } from "./models.ts";

const VIEWERS = `
let seen = 0;
await Promise.all([1, 2, 3].map(async () => {
  const { body } = await fetch(Deno.args[0].replace("/?", "/stream?"));
  let first = true;
  for await (const _ of body) {
    if (first && ++seen === 3) console.log("ready");
    first = false;
  }
}));`;

/** Three viewers, who see it to its end. */
async function look(address: string): Promise<Deno.ChildProcess> {
  const viewers = new Deno.Command(Deno.execPath(), {
    args: ["eval", VIEWERS, address],
    stdout: "piped",
  }).spawn();
  const reader = viewers.stdout.getReader();
  await reader.read();
  reader.releaseLock();
  return viewers;
}

/** A plugin that has the dashboard of its run looked at from the first epoch on, and one that is it. */
function lookedAt(on: boolean): {
  readonly plugins: Plugin[];
  readonly printer: ReturnType<typeof silent>;
  readonly over: () => Promise<unknown>;
} {
  let address = "";
  let viewers: Deno.ChildProcess | undefined;
  const looking: Plugin = {
    name: "looking",
    needs: {},
    async onEpochBegin(epoch) {
      if (epoch === 0 && on) viewers = await look(address);
    },
  };
  return {
    plugins: on ? [dashboard({ port: 0 }), looking] : [looking],
    printer: {
      ...silent(),
      print: (line) => void (address = line.slice("Dashboard: ".length)),
    },
    async over() {
      await viewers?.stdout.cancel();
      await viewers?.status;
    },
  };
}

/** Epochs of a training, of which the first does not count. */
const EPOCHS = 20;
/** Trainings of each kind. */
const TURNS = 12;

/**
 * By how much longer a `fit` takes with a dashboard that three look at: the
 * ratio of the medians. Both read the logs of each batch.
 */
export async function dashboardShare(
  { model, x, y, batchSize }: Subject,
): Promise<number> {
  const took = { with: [] as number[], without: [] as number[] };
  for (let turn = 0; turn < 2 * TURNS; turn++) {
    const on = turn % 2 === 0;
    const looked = lookedAt(on);
    let began = 0;
    let ended = 0;
    const watch: Plugin = {
      name: "watch",
      onTrainBatchEnd() {},
      onEpochEnd(epoch) {
        ended = performance.now();
        if (epoch === 0) began = ended;
      },
    };
    await fit(model, { x, y }, {
      ...{ batchSize, epochs: EPOCHS, printer: looked.printer },
      plugins: [...looked.plugins, watch],
    });
    await looked.over();
    (on ? took.with : took.without).push(ended - began);
  }
  return median(took.with) / median(took.without);
}

/** What is held after so many batches, in MB. */
export interface Held {
  readonly batches: number;
  readonly mb: number;
}

/** The memory of the process at some moments of 500,000 batches that three look at. */
export async function dashboardMemory(): Promise<Held[]> {
  const looked = lookedAt(true);
  const held: Held[] = [];
  const batches = Array.from({ length: 50_000 }, (_, i) => i);
  await train(
    {
      metrics: ["loss", "accuracy"],
      trainStep: (batch: number) => ({ loss: 1 / batch, accuracy: batch }),
    },
    batches,
    {
      ...{ epochs: 10, printer: looked.printer },
      plugins: [...looked.plugins, {
        name: "watch",
        async onEpochEnd(epoch) {
          await new Promise((rest) => setTimeout(rest, 1000));
          (globalThis as { gc?: () => void }).gc?.();
          const mb = Deno.memoryUsage().rss / 2 ** 20;
          held.push({ batches: (epoch + 1) * batches.length, mb });
        },
      }],
    },
  );
  await looked.over();
  return held;
}
