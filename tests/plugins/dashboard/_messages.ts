import type {
  ActMessage,
  EpochMessage,
  PointsMessage,
  RunMessage,
  StatusMessage,
} from "../../../plugins/_dashboard/page/protocol.ts";

/** A run as the server tells of it, but for what a test says otherwise. */
export function runMessage(
  params: Partial<RunMessage["params"]> = {},
): RunMessage {
  return {
    name: "digits-2026-11-21T00-18-22",
    dir: "runs/digits-2026-11-21T00-18-22",
    mode: "fit",
    plugins: ["early-stopping", "model-checkpoint", "dashboard"],
    params: {
      epochs: 50,
      initialEpoch: 0,
      steps: 94,
      batchSize: 64,
      seed: 7,
      metrics: ["loss", "accuracy", "val_loss", "val_accuracy"],
      directions: {
        loss: "min",
        val_loss: "min",
        accuracy: "max",
        val_accuracy: "max",
      },
      ...params,
    },
    can: { stop: true, learningRate: true, save: true },
    startedAt: 1_800_000_000_000,
    now: 1_800_000_000_000,
  };
}

/** The curves of batches `from` to `to`: a loss that falls, with noise, and what belongs to it. */
export function pointsMessage(
  from: number,
  to: number,
  { every = 1, keys = [] as readonly string[], scale = 1000 } = {},
): PointsMessage {
  const count = Math.floor((to - from) / every);
  const step = Array.from({ length: count }, (_, i) => from + (i + 1) * every);
  const of = (f: (step: number) => number) => step.map(f);
  const loss = (at: number) => 0.1 + 0.9 * Math.exp(-at / scale);
  const noise = (at: number, by: number) =>
    1 + by * Math.sin(at * 12.9898 * at);
  return {
    first: from,
    every,
    step,
    values: {
      loss: of((at) => loss(at) * noise(at, 0.2)),
      accuracy: of((at) => 1 - 0.6 * loss(at) * noise(at, 0.2)),
      ...Object.fromEntries(keys.map((key, k) => [
        key,
        of((at) => loss(at / (k + 2)) * noise(at + k, 0.1)),
      ])),
      learning_rate: of((at) => at < 2 * scale ? 0.001 : 0.0005),
      batches_per_second: of((at) => 310 * noise(at, 0.05)),
      memory_bytes: of((at) => 45e6 + 1e6 * noise(at, 0.5)),
    },
  };
}

/** Epoch `epoch` of that run. */
export function epochMessage(
  epoch: number,
  { steps = 94, scale = 1000, best = false } = {},
): EpochMessage {
  const step = (epoch + 1) * steps;
  const loss = 0.1 + 0.9 * Math.exp(-step / scale);
  const tested = loss * 1.15 + 0.01 * Math.sin(epoch) + 0.00004 * step;
  return {
    epoch,
    step,
    seconds: 0.31,
    best,
    logs: {
      loss,
      accuracy: 1 - 0.6 * loss,
      val_loss: tested,
      val_accuracy: 1 - 0.6 * tested,
    },
  };
}

/** Where that run is. */
export function statusMessage(
  step: number,
  waiting: readonly string[] = [],
  steps = 94,
): StatusMessage {
  const epoch = Math.floor((step - 1) / steps);
  return {
    epoch,
    batch: (step - 1) % steps,
    step,
    elapsed: step * 3.2,
    eta: (50 * steps - step) * 3.2,
    waiting,
  };
}

/** Something that a plugin did. */
export function actMessage(act: Partial<ActMessage>): ActMessage {
  return {
    at: 12_000,
    epoch: 3,
    batch: null,
    by: "model-checkpoint",
    hook: "onEpochEnd",
    text: "saved best",
    kind: "save",
    ...act,
  };
}
