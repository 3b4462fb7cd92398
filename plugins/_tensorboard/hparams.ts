/**
 * The hyper-parameters of a run, as TensorBoard's table of runs reads them: what
 * `hp.hparams_config`, `hp.hparams` and the end of `hp.KerasCallback` write.
 *
 * @module
 */
import definitions from "./hparams.proto" with { type: "text" };
import { OptionError, type Run } from "../../core/plugin.ts";
import { learningRateOf } from "./learning_rate.ts";
import { shown } from "../_shown.ts";
import { DTYPES, type Encode, type ValueMessage } from "./messages.ts";

/** Name -> value. */
export type Hparams = Readonly<Record<string, number | string | boolean>>;

/** What the messages are, for `loadMessages`. */
export const HPARAMS_DEFINITIONS: string = definitions;

/**
 * Reject what are no hyper-parameters.
 *
 * @param plugin Name of the plugin.
 * @param value The option `hparams`: more of them; or false or null for none at all.
 * @returns undefined for none at all.
 * @throws {OptionError} If it is something else.
 */
export function readHparams(
  plugin: string,
  value: unknown,
): Hparams | undefined {
  if (value === false || value === null) return undefined;
  if (value === undefined || value === true) return {};
  const isObject = typeof value === "object" && !Array.isArray(value);
  if (isObject && Object.values(value).every(isHparam)) return value as Hparams;
  throw new OptionError(
    `Cannot create ${plugin} as 'hparams' must be an object of numbers, texts and truth values such as {"units":64}, or false for none: current value is ${
      shown(value)
    }`,
  );
}

function isHparam(value: unknown): boolean {
  return ["number", "string", "boolean"].includes(typeof value);
}

/** What a `tf.LayersModel` tells, once it is compiled. */
interface Model {
  readonly optimizer?: { getClassName?(): string };
}

/**
 * What a run knows of itself, as hyper-parameters.
 *
 * @param run The run, at its start.
 * @param more Others, which take precedence.
 */
export function hparamsOf(run: Run, more: Hparams): Hparams {
  const { batchSize, epochs, seed } = run.params;
  const { optimizer } = (run.model ?? {}) as Model;
  const known = {
    optimizer: optimizer?.getClassName?.(),
    learning_rate: learningRateOf(run),
    batch_size: batchSize,
    epochs,
    seed,
  };
  const told = Object.entries({ ...known, ...more })
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(told) as Hparams;
}

/**
 * The run begins, with these.
 *
 * @param encode With {@linkcode HPARAMS_DEFINITIONS}.
 */
export function startValues(
  encode: Encode,
  hparams: Hparams,
  run: Run,
): ValueMessage[] {
  const values = Object.entries(hparams)
    .map(([name, value]) => [name, { [FIELDS[typeof value as Kind]]: value }]);
  const start = valueOf(encode, "session_start_info", {
    sessionStartInfo: {
      hparams: Object.fromEntries(values),
      startTimeSecs: seconds(run),
    },
  });
  return run.dir === "." ? [columns(encode, hparams, run), start] : [start];
}

/**
 * The run is over, well or not; nothing if it is to go on.
 *
 * @param encode With {@linkcode HPARAMS_DEFINITIONS}.
 */
export function endValues(encode: Encode, run: Run): ValueMessage[] {
  const { status, resumable } = run.outcome ?? {};
  if (resumable) return [];
  const well = status === "completed" || status === "stopped";
  const sessionEndInfo = { status: well ? 1 : 2, endTimeSecs: seconds(run) };
  return [valueOf(encode, "session_end_info", { sessionEndInfo })];
}

/**
 * The table's columns: the hyper-parameters, and the metrics of epochs in the
 * folders `train` and `validation`. TensorBoard takes them from one run alone,
 * so that those of others would be missing; where no run says, it finds them
 * all, but no metrics of a run that it is given by itself.
 */
function columns(encode: Encode, hparams: Hparams, run: Run): ValueMessage {
  const hparamInfos = Object.entries(hparams)
    .map(([name, value]) => ({ name, type: TYPES[typeof value as Kind] }));
  const metricInfos = run.params.metrics.map((key) =>
    key.startsWith("val_")
      ? metricInfo("validation", key.slice("val_".length), 2)
      : metricInfo("train", key, 1)
  );
  return valueOf(encode, "experiment", {
    experiment: { hparamInfos, metricInfos, timeCreatedSecs: seconds(run) },
  });
}

type Kind = "number" | "string" | "boolean";
const TYPES = { string: 1, boolean: 2, number: 3 } as const;
const FIELDS = {
  string: "stringValue",
  boolean: "boolValue",
  number: "numberValue",
} as const;

function metricInfo(group: string, key: string, datasetType: 1 | 2): object {
  return { name: { group, tag: `epoch_${key}` }, datasetType };
}

/** All that matters is in the metadata; the tensor is there because there must be one. */
function valueOf(encode: Encode, tag: string, data: object): ValueMessage {
  const content = encode("HParamsPluginData", { version: 0, ...data });
  return {
    tag: `_hparams_/${tag}`,
    metadata: { pluginData: { pluginName: "hparams", content } },
    tensor: { dtype: DTYPES.float32, tensorShape: { dim: [{ size: 0 }] } },
  };
}

function seconds(run: Run): number {
  return run.time() / 1000;
}
