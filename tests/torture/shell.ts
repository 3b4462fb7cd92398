/**
 * A run from the command line: `train`, and where it was killed, `train
 * --resume`.
 *
 * @module
 */
import { type Ended, type Killed, spawnedToEnd } from "./child.ts";
import type { Task } from "./experiments.ts";

const ROOT = new URL("../..", import.meta.url).pathname;

/** Run a task to its end; see `runTask`. */
export async function runInShell(
  task: Task,
  killed?: Killed,
): Promise<Ended> {
  const { setting, dir, backup, bomb } = task;
  const { threads, seed } = setting;
  const [, cwd, run] = /^(.*)\/(.*)$/.exec(dir)!;
  const place = `${cwd}/${run}-project`;
  Deno.mkdirSync(place, { recursive: true });
  Deno.writeTextFileSync(`${place}/bomb.json`, JSON.stringify(bomb));
  Deno.writeTextFileSync(
    `${place}/experiment.ts`,
    `import { experimentOf } from "file://${ROOT}tests/torture/shell_experiment.ts";
export default await experimentOf(${JSON.stringify(setting)});
`,
  );
  Deno.mkdirSync(`${place}/plugins`, { recursive: true });
  Deno.writeTextFileSync(`${place}/plugins/notes.ts`, NOTES);
  Deno.writeTextFileSync(`${place}/plugins/apart.ts`, APART);
  const command = (...args: string[]) =>
    spawnedToEnd(
      [
        ...["run", "--cached-only", "--no-prompt", "--no-check"],
        `--config=${ROOT}deno.json`,
        `--allow-read=${ROOT},${cwd}`,
        `--allow-write=${cwd}`,
        "--allow-sys=cpus",
        "--unstable-worker-options",
        ...[`${ROOT}core/cli/main.ts`, "train", ...args],
      ],
      { cwd: place, killed },
    );
  const options = Object.entries(backup).map(([name, it]) => `${name}=${it}`);
  const begin = [
    ...["experiment.ts", "--run-dir", dir, "--seed", String(seed)],
    ...["--use", `backup-and-restore:${options.join(",")}`],
    ...threads
      ? ["--backend", "wasm", "--threads", String(threads)]
      : ["--backend", "cpu"],
  ];
  if (!await isBegun(dir)) return await command(...begin);
  const ended = await command("--resume", dir);
  if (ended.code !== 2) return ended;
  if (/: it is over/.test(ended.err)) return { ...ended, code: 0 };
  if (!/it has no backup|is not the record of a run/.test(ended.err)) {
    return ended;
  }
  // There is nothing to go on with: as a user would, begin in an empty folder.
  Deno.removeSync(dir, { recursive: true });
  return await command(...begin);
}

function isBegun(dir: string): Promise<boolean> {
  return Deno.stat(`${dir}/run.json`).then(() => true, () => false);
}

/** A plugin as a user writes it. */
const NOTES = `
const state = { losses: [], by: new Map() };
export default {
  name: "notes",
  state,
  onTrainBatchEnd(batch, { loss }, run) {
    state.losses.push(loss);
    state.by.set(run.step, batch);
  },
  onEpochEnd(epoch, logs, run) {
    const all = [state.losses, [...state.by]];
    run.files.write("notes/" + epoch + ".json", JSON.stringify(all));
  },
};
`;

/** One that runs in a worker, and steers the run from there. */
const APART = `
export const isolate = true;
const state = { sum: 0 };
let kept = new Float64Array(2);
export default {
  name: "apart",
  needs: { onTrainBatchEnd: ["loss"] },
  requires: ["learningRate"],
  state,
  keeps: { save: () => kept, load: (saved) => void (kept = saved) },
  onTrainBatchEnd(batch, { loss }, run) {
    state.sum += loss;
    kept[batch % 2] += loss;
    run.optimizer.learningRate *= 0.99 + 0.01 * (state.sum % 1) * (kept[0] % 1);
  },
};
`;
