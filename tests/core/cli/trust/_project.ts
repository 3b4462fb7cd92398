/**
 * A project with plugins in it, and the command line run there as its task runs
 * it: with the permissions of the task, and no others.
 *
 * @module
 */
import config from "../../../../deno.json" with { type: "json" };
import { TASKS } from "../../../../core/cli/tasks.ts";
import { folder, type Result } from "../_command.ts";

const ROOT = new URL("../../../..", import.meta.url).pathname;

/** A project with an experiment, an earlier run and data. */
export async function project(
  files: Readonly<Record<string, string>>,
): Promise<string> {
  return await folder({
    "experiment.ts": EXPERIMENT,
    "deno.json": JSON.stringify({ tasks: TASKS }),
    "runs/earlier/run.json": "{}",
    "data/mnist/note.txt": "mine",
    ...files,
  });
}

/** The flags of a task. */
export function flagsOf(task: "train" | "plugins"): string[] {
  const { command } = config.tasks[task];
  const [, flags = ""] = /deno run (.*) core\/cli\/main\.ts/.exec(command) ??
    [];
  return flags.split(" ");
}

/**
 * Run a task's command in a project.
 *
 * @param more Further flags of Deno.
 */
export async function task(
  name: "train" | "plugins",
  args: readonly string[],
  cwd: string,
  ...more: readonly string[]
): Promise<Result> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", `--config=${ROOT}deno.json`, ...flagsOf(name)],
      ...more,
      ...[`${ROOT}core/cli/main.ts`, name, ...args],
    ],
    cwd,
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

/** Trains for an epoch on four numbers. */
const EXPERIMENT = `
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
export default {
  name: "tiny",
  options: { epochs: 1, batchSize: 2 },
  data: () => ({
    train: { x: [[0], [1], [2], [3]], y: [0, 2, 4, 6] },
    validation: { x: [[4]], y: [8] },
  }),
  model() {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    return model;
  },
};
`;
