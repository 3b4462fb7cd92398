/**
 * What a recording offers to plugins, and the session in which they see it.
 *
 * @module
 */
import { allDirections } from "../contract/log_keys.ts";
import { neededKeys } from "../contract/needs.ts";
import { type PluginList, readPluginList } from "../contract/plugin_list.ts";
import { SetupError } from "../errors.ts";
import type { SessionOptions } from "../run/run_options.ts";
import { openSession, type Session } from "../run/session.ts";
import type { WeightStore } from "../steps.ts";
import {
  type Moment,
  recordedKeys,
  recordedValidation,
  type Recording,
} from "./recording.ts";

/** What the caller gives. */
type Host = Pick<
  SessionOptions,
  "plugins" | "printer" | "dir" | "onAct" | "now" | "time"
>;

/**
 * The session of a replay.
 *
 * @param moments What was recorded.
 * @throws {SetupError} If a plugin needs what the recording does not hold.
 */
export function replaySession(
  { events: _, params = {}, settings = {} }: Recording,
  moments: readonly Moment[],
  host: Host,
): Session {
  const keys = recordedKeys(moments);
  const last = moments.at(-1)?.epoch ?? -1;
  const rate = settings.learningRate ?? firstRate(moments);
  const momentum = settings.momentum ?? firstSet(moments, "momentum");
  const { directions, ...known } = params;
  try {
    return openSession({
      ...host,
      steps: {
        directions: { ...allDirections(), ...directions },
        ...rate !== undefined && {
          optimizer: {
            learningRate: rate,
            ...momentum !== undefined && { momentum },
          },
        },
        weights: NO_WEIGHTS,
        save: () => Promise.resolve(),
      },
      recorded: { keys },
      validation: recordedValidation(keys("onEpochEnd")),
      params: {
        epochs: last + 1,
        initialEpoch: moments[0]?.epoch ?? 0,
        steps: undefined,
        validationSteps: undefined,
        batchSize: undefined,
        ...known,
        mode: "fit",
      },
    });
  } catch (error) {
    throw error instanceof SetupError
      ? withReason(error, host.plugins ?? [], keys)
      : error;
  }
}

/** Weights that can be copied and put back, as long as nobody looks. */
const NO_WEIGHTS: WeightStore = {
  optimizerState: true,
  snapshot: () => ({ dispose() {} }),
  restore() {},
  average() {},
  entries: notRecorded,
  write: notRecorded,
  read: notRecorded,
};

function notRecorded(): never {
  throw new Error("a recording does not hold the weights");
}

/** The learning rate at the start, as far as somebody told of it. */
function firstRate(moments: readonly Moment[]): number | undefined {
  const logged = moments.find(({ logs }) => logs?.learning_rate !== undefined);
  return logged?.logs?.learning_rate ?? firstSet(moments, "learningRate");
}

function firstSet(
  moments: readonly Moment[],
  wanted: string,
): number | undefined {
  return moments.flatMap(({ set }) => set)
    .find(([setting]) => setting === wanted)?.[1];
}

/** Logs of batches are recorded only where a plugin read them. */
function withReason(
  error: SetupError,
  plugins: PluginList,
  keys: ReturnType<typeof recordedKeys>,
): SetupError {
  const hooks = (["onTrainBatchEnd", "onTestBatchEnd", "onTestEnd"] as const)
    .filter((hook) =>
      keys(hook).size === 0 &&
      readPluginList(plugins, true).entries.some(({ plugin, hooks }) =>
        hooks[hook] && neededKeys(plugin, hook).length > 0
      )
    );
  if (hooks.length === 0) return error;
  const problems = [
    ...error.problems.slice(0, -1),
    `${error.problems.at(-1)}\nThe recording holds no logs of ${
      hooks.join(", ")
    }: no plugin of that run read them`,
  ];
  return new SetupError("replay the run", problems, { cause: error });
}
