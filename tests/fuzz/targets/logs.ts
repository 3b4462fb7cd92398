/**
 * Logs of any numbers, through each built-in plugin.
 *
 * @module
 */
import fc from "fast-check";
import {
  BUILTINS,
  findBuiltin,
} from "../../../core/cli/experiment/builtins.ts";
import {
  type HookName,
  HOOKS,
  type LogRecord,
  type Plugin,
} from "../../../core/plugin.ts";
import { fakeRun, type FakeRunOptions } from "../../../core/testing.ts";
import { type AnyTarget, target } from "../target.ts";
import { number } from "../values.ts";

/** The keys that logs may have. */
const KEYS = ["loss", "accuracy", "val_loss", "val_accuracy"];

const FULL = { loss: 1, accuracy: 0.5, val_loss: 1, val_accuracy: 0.5 };

/** The hooks of a fit of two epochs of one batch, in order. */
const FIT: readonly HookName[] = [
  "onTrainBegin",
  ...[0, 1].flatMap((): HookName[] => [
    ...["onEpochBegin", "onTrainBatchBegin", "onTrainBatchEnd"] as const,
    ...[
      "onTestBegin",
      "onTestBatchBegin",
      "onTestBatchEnd",
      "onTestEnd",
    ] as const,
    "onEpochEnd",
  ]),
  "onTrainEnd",
];

function logsFor(hook: HookName, logs: LogRecord): LogRecord {
  const { logs: kind } = HOOKS[hook];
  if (kind === "none") return {};
  const epoch = hook === "onEpochEnd" || hook === "onTrainEnd";
  return Object.fromEntries(
    Object.entries(logs).filter(([key]) => epoch || !key.startsWith("val_")),
  );
}

/** Let a plugin run through a fit of these logs. */
export async function firedThrough(
  plugin: Plugin,
  dir: string,
  logs: readonly LogRecord[] = [FULL],
  options: FakeRunOptions = {},
): Promise<void> {
  const { fire } = fakeRun(plugin, { dir, ...options });
  let epoch = 0;
  for (const hook of FIT) {
    const given = logsFor(hook, logs[epoch % logs.length]!);
    const { indexed } = HOOKS[hook];
    if (indexed === false) await fire(hook as "onTrainBegin", given);
    else {await fire(
        hook as "onEpochEnd",
        indexed === "epoch" ? epoch : 0,
        given,
      );}
    if (hook === "onEpochEnd") epoch++;
  }
}

/** What each plugin needs to be made at all. */
const NEEDED: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "learning-rate-scheduler": { schedule: "cosine" },
  "stop-on-threshold": { monitor: "loss", threshold: 0.5 },
  "time-limit": { hours: 1 },
};

const numbers = fc.record(
  Object.fromEntries(KEYS.map((key) => [key, number])),
  { requiredKeys: [] },
) as fc.Arbitrary<LogRecord>;

/** They speak to the net. */
const SPEAKING = ["dashboard", "remote-monitor"];

/** Logs of nasty numbers. */
export const logs: AnyTarget = target({
  name: "logs",
  share: 15,
  inputs: fc.record({
    name: fc.constantFrom(
      ...Object.keys(BUILTINS).filter((name) => !SPEAKING.includes(name)),
    ),
    logs: fc.array(numbers, { minLength: 1, maxLength: 3 }),
    learningRate: fc.constantFrom(0.1, 0, 1e-40, NaN, Infinity),
    momentum: fc.constantFrom(0.9, null),
  }),
  async attempt({ name, logs, learningRate, momentum }, dir) {
    const found = await findBuiltin(name);
    const plugin = found!.create(NEEDED[name]);
    await firedThrough(plugin, dir, logs, { learningRate, momentum });
  },
});
