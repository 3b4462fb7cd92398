import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Plugin } from "../../../core/plugin.ts";
import type { HostOptions } from "../../../core/run/run_options.ts";
import { silent } from "../../../core/terminal.ts";
import { fit, type FitOptions } from "../../../core/tf/fit.ts";
import csvLogger from "../../../plugins/csv_logger.ts";
import timeLimit from "../../../plugins/time_limit.ts";
import { linear } from "./_models.ts";

const x = tf.tensor2d(Array.from({ length: 16 }, (_, i) => Math.sin(i)), [
  16,
  1,
]);
const data = { x, y: x.mul(3).add(1) };

/** Train in jobs of so many seconds, in which a batch takes one, and a validation two. */
async function inJobs(seconds: number) {
  const dir = await Deno.makeTempDir();
  const reasons: (string | undefined)[] = [];
  const model = () => linear({ optimizer: tf.train.adam(0.1) });
  for (;;) {
    let now = 0;
    const slow: Plugin = {
      name: "slow",
      onTrainBatchEnd: () => void (now += 1000),
      onTestEnd: () => void (now += 2000),
    };
    const made = model();
    const options: FitOptions & HostOptions = {
      ...{ epochs: 4, batchSize: 4, seed: 5, validationSplit: 0.25 },
      ...{ resume: dir, printer: silent(), now: () => now },
      plugins: [
        slow,
        csvLogger(),
        timeLimit({ minutes: seconds / 60, margin: 0 }),
      ],
    };
    const { outcome, history } = await fit(made, data, options);
    assert(now <= seconds * 1000, `${now} ms of ${seconds} s`);
    reasons.push(outcome.reason);
    if (outcome.status === "stopped") continue;
    const weights = made.getWeights().map((it) => Array.from(it.dataSync()));
    const csv = await Deno.readTextFile(`${dir}/log.csv`);
    await Deno.remove(dir, { recursive: true });
    return { jobs: reasons.length, run: { weights, csv, history } };
  }
}

Deno.test("a run in many short jobs equals one in one, and no job takes longer than its limit", async () => {
  const whole = await inJobs(100);
  assertEquals(whole.jobs, 1);
  for (const seconds of [6, 7, 11]) {
    const { jobs, run } = await inJobs(seconds);
    assert(jobs > 1);
    assertEquals(run, whole.run, `${jobs} jobs of ${seconds} s`);
  }
});
