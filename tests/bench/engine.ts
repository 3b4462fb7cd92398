/**
 * One tf.js in a worker of its own: with its stock kernels, or with ours. The
 * main thread asks for one measurement at a time, so that the two take turns.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import {
  csvLogger,
  earlyStopping,
  fit,
  progress,
  silent,
  useBackend,
} from "../../mod.ts";
import { backupShare, backupTime } from "./backups.ts";
import { dashboardShare } from "./dashboards.ts";
import { type ModelName, type Subject, subject } from "./models.ts";

/** What the main thread asks for. */
export type Request =
  | {
    readonly kind: "open";
    readonly kernels: "stock" | "hookloop";
    readonly threads: number;
  }
  | {
    readonly kind:
      | "step"
      | "tfjs fit"
      | "fit"
      | "fit with plugins"
      | "backup share"
      | "dashboard share"
      | "backup";
    readonly model: ModelName;
    readonly batches: number;
  }
  | { readonly kind: "memory"; readonly epochs: number };

/** Milliseconds a batch, or what `memory` counts. */
export interface Answer {
  /** Milliseconds, a batch or a product. */
  readonly ms?: number;
  /** Tensors and bytes held. */
  readonly memory?: { readonly tensors: number; readonly bytes: number };
  /** Why it cannot be measured. */
  readonly error?: string;
}

const subjects = new Map<string, Subject>();

/** The worker this runs in, as the types of a page do not know it. */
const worker = self as unknown as {
  onmessage: (event: MessageEvent<Request>) => void;
  postMessage(answer: Answer): void;
};

worker.onmessage = async ({ data }: MessageEvent<Request>) => {
  try {
    worker.postMessage(await answer(data));
  } catch (error) {
    worker.postMessage({
      error: error instanceof Error ? error.message : String(error),
    });
  }
};

async function answer(request: Request): Promise<Answer> {
  switch (request.kind) {
    case "open":
      if (request.kernels === "stock") await tf.setBackend("wasm");
      else await useBackend("wasm", { threads: request.threads });
      return {};
    case "memory":
      return { memory: await memoryAfter(request.epochs) };
    case "backup":
      return {
        ms: await backupTime(subjectOf(request.model, request.batches), EPOCHS),
      };
    case "backup share":
      return {
        ms: await backupShare(subjectOf(request.model, request.batches)),
      };
    case "dashboard share":
      return {
        ms: await dashboardShare(subjectOf(request.model, request.batches)),
      };
    default:
      return {
        ms: await timed(
          request.kind,
          subjectOf(request.model, request.batches),
        ),
      };
  }
}

function subjectOf(name: ModelName, batches: number): Subject {
  const key = `${name} ${batches}`;
  if (!subjects.has(key)) {
    subjects.set(key, subject(tf, name, batches));
  }
  return subjects.get(key)!;
}

/** Epochs of a measurement: what a run costs once is not what is asked for. */
const EPOCHS = 4;

/** Milliseconds a batch. */
async function timed(kind: string, it: Subject): Promise<number> {
  const start = performance.now();
  await WAYS[kind]!(it);
  return (performance.now() - start) / (it.batches * EPOCHS);
}

const WAYS: Readonly<Record<string, (it: Subject) => unknown>> = {
  "step": bareLoop,
  "tfjs fit": ({ model, x, y, batchSize }) =>
    model.fit(x, y, { batchSize, epochs: EPOCHS, verbose: 0, shuffle: false }),
  "fit": ({ model, x, y, batchSize }) =>
    fit(model, { x, y }, {
      batchSize,
      epochs: EPOCHS,
      shuffle: false,
      printer: silent(),
    }),
  "fit with plugins": ({ model, x, y, batchSize }) =>
    fit(model, { x, y }, {
      batchSize,
      epochs: EPOCHS,
      shuffle: false,
      dir: Deno.makeTempDirSync(),
      printer: silent(),
      plugins: [progress(), csvLogger(), earlyStopping({ monitor: "loss" })],
    }),
};

/** What one would write by hand: slices, minimize, accuracy, read the loss. */
function bareLoop({ model, x, y, batchSize, batches }: Subject): void {
  for (let at = 0; at < batches * EPOCHS; at++) {
    const i = at % batches;
    tf.tidy(() => {
      const xs = tf.slice(x, i * batchSize, batchSize);
      const ys = tf.slice(y, i * batchSize, batchSize);
      let outputs: tf.Tensor | undefined;
      const loss = model.optimizer.minimize(() => {
        outputs = tf.keep(model.apply(xs, { training: true }) as tf.Tensor);
        return tf.metrics.categoricalCrossentropy(ys, outputs)
          .mean() as tf.Scalar;
      }, true)!;
      tf.metrics.categoricalAccuracy(ys, outputs!).mean().dataSync();
      loss.dataSync();
      outputs!.dispose();
    });
  }
}

async function memoryAfter(
  epochs: number,
): Promise<NonNullable<Answer["memory"]>> {
  const { model, x, y, batchSize } = subjectOf("mlp", 4);
  await fit(model, { x, y }, { batchSize, epochs, printer: silent() });
  const { numTensors, numBytes } = tf.memory();
  return { tensors: numTensors, bytes: numBytes };
}
