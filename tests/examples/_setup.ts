/**
 * What the command line gives an experiment, for tests: a folder, in which each
 * training has its own, and a record of the printed lines.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  type ExperimentOptions,
  type Plugin,
  type PluginList,
  type Setup,
  silent,
  useBackend,
} from "@hookloop/hookloop";
import { setupOf } from "../../core/cli/experiment/context.ts";
import { experimentRuns } from "../../core/cli/experiment/experiment_runs.ts";

await useBackend("wasm");

/** What a test of an example inspects. */
export interface TestSetup {
  /** Pass this to the example. */
  readonly setup: Setup;
  /** The lines it printed. */
  readonly lines: string[];
}

/**
 * A setup for tests.
 *
 * @param dir Folder of the run.
 * @param options The flags.
 * @param used Plugins that the command line adds.
 */
export function testSetup(
  dir: string,
  options: ExperimentOptions = {},
  used: readonly Plugin[] = [],
): TestSetup {
  const lines: string[] = [];
  const printer = { ...silent(), print: (line: string) => lines.push(line) };
  const context = {
    seed: 42,
    options,
    dir,
    named: true,
    printer,
    plugins: (own: PluginList = []) => [own, used],
    about: {},
  };
  const { folder, follow } = experimentRuns(context);
  const setup = setupOf(context, {
    folder,
    onPlan: (planned, _control, from) => follow(planned, from),
  });
  return { setup, lines };
}

/**
 * Run `work` in a temporary folder.
 *
 * @param work Receives the folder's path.
 * @returns By how many the number of tensors grew.
 */
export async function inTempDir(
  work: (dir: string) => Promise<void>,
): Promise<number> {
  const dir = await Deno.makeTempDir();
  const before = tf.memory().numTensors;
  try {
    await work(dir);
    return tf.memory().numTensors - before;
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}
