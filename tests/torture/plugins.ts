/**
 * The plugins of a setting: the built-ins, and some as a user would write them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { BUILTINS } from "../../core/cli/experiment/builtins.ts";
import type { FileWriter, Plugin } from "../../mod.ts";
import type { Listed } from "./setting.ts";

/** Make the plugins of a list. */
export async function pluginsOf(list: readonly Listed[]): Promise<Plugin[]> {
  const plugins: Plugin[] = [];
  for (const [name, options] of list) {
    const own = OWN[name];
    const make = own ?? (await BUILTINS[name]!.load()).default;
    plugins.push((make as (options: object) => Plugin)(options));
  }
  return plugins;
}

const OWN: Readonly<Record<string, (options: never) => Plugin>> = {
  "stop-at": stopAt,
  diary,
  "tensor-sum": tensorSum,
  forgetful,
  hasty,
  moody,
};

/** Stops in the middle of an epoch. */
function stopAt({ step }: { readonly step: number }): Plugin {
  const state = { steps: 0 };
  return {
    name: "stop-at",
    needs: {},
    state,
    onTrainBatchEnd(_batch, _logs, run) {
      if (++state.steps === step) run.stop(`step ${step}`);
    },
  };
}

/** Does all that can be done with files, and has a state of all kinds. */
function diary(): Plugin {
  const state = {
    worst: -Infinity,
    last: NaN as number | undefined,
    when: new Map<string, number[]>(),
    lines: 0,
  };
  let writer: FileWriter;
  let epochs: FileWriter | undefined;
  return {
    name: "diary",
    state,
    onTrainBegin(_logs, run) {
      writer = run.files.open("diary/steps.txt");
      run.files.write("diary/begun.json", JSON.stringify(run.params));
    },
    onEpochBegin(epoch, _logs, run) {
      run.files.write("diary/epoch.txt", `${epoch}`);
      state.when.set(`epoch ${epoch}`, []);
    },
    onTrainBatchEnd(batch, { loss }, run) {
      const drift = loss! - (state.last ?? NaN);
      state.worst = Math.max(state.worst, loss!);
      state.last = batch % 3 ? loss : undefined;
      state.when.get(`epoch ${run.epoch}`)?.push(drift);
      writer.write(`${run.epoch} ${batch} ${loss} ${drift}\n`);
      // Opened where it is needed: a run that goes on does not begin its epoch.
      epochs ??= run.files.open(`diary/${run.epoch}/steps.txt`);
      epochs.write(`${batch} ${state.lines++}\n`);
      if (batch % 4 === 1) {
        const before = run.files.read("diary/some.txt") ?? "";
        run.files.write("diary/some.txt", `${before}${batch},`);
      }
    },
    onEpochEnd(epoch, _logs, run) {
      epochs?.close();
      epochs = undefined;
      const entries = [...state.when];
      run.files.write("diary/when.json", JSON.stringify(entries));
      if (epoch % 2) run.files.remove("diary/some.txt");
      if (epoch === 2) run.files.remove("diary/0");
    },
    onTrainEnd(_logs, run) {
      const { status, by, epoch } = run.outcome!;
      epochs?.close();
      writer.close();
      run.files.write("diary/end.txt", `${status} ${by} ${epoch}\n`);
    },
  };
}

/** Does not wait for what it saves. */
function hasty(): Plugin {
  return {
    name: "hasty",
    needs: {},
    requires: ["save"],
    onTrainBatchEnd(batch, _logs, run) {
      if (batch % 2) void run.save(`hasty/${run.step % 3}`);
    },
    onEpochBegin: (_epoch, _logs, run) => void run.save("hasty/last"),
  };
}

/** Fails once, and is switched off for it. */
function moody({ step }: { readonly step: number }): Plugin {
  const state = { steps: 0 };
  return {
    name: "moody",
    onError: "disable",
    needs: {},
    state,
    async onTrainBatchEnd(_batch, _logs, run) {
      await Promise.resolve();
      run.files.write("moody.txt", `${++state.steps}`);
      if (state.steps >= step) throw new Error("enough of it");
    },
  };
}

/** What an author must not do: keep something where nobody finds it. */
function forgetful(): Plugin {
  let steps = 0;
  return {
    name: "forgetful",
    needs: {},
    onTrainBatchEnd: () => void steps++,
    onTrainEnd: (_logs, run) => run.files.write("steps.txt", `${steps}`),
  };
}

/** Keeps a tensor, as only `keeps` can. */
function tensorSum(): Plugin {
  let sum: tf.Tensor | undefined;
  const become = (next: tf.Tensor) => {
    sum?.dispose();
    sum = tf.keep(next);
  };
  return {
    name: "tensor-sum",
    needs: { onTrainBatchEnd: ["loss"] },
    keeps: {
      save: () => sum?.dataSync(),
      load: (saved) => become(tf.tensor1d(saved as Float32Array)),
    },
    onTrainBegin: () => become(tf.tensor1d([0, 1 / 3])),
    onTrainBatchEnd(_batch, { loss }) {
      become(tf.tidy(() => sum!.mul(0.9).add(loss!)));
    },
    onTrainEnd(_logs, run) {
      run.files.write("tensor-sum.txt", [...sum!.dataSync()].join());
      sum!.dispose();
      sum = undefined;
    },
  };
}
