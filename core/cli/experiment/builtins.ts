/**
 * The built-in plugins by name. Each is loaded where it is named, so that nothing
 * waits for the others; written out one by one, so that whatever installs the
 * package finds their files.
 *
 * @module
 */
import { type Found, inspect } from "../../contract/discover.ts";
import { InputError } from "../../errors.ts";

/** What stands in messages in place of a file, which the user has not. */
export const BUILT_IN = "built in";

/** A plugin of this package. */
interface Builtin {
  /** What it does, as in the README. */
  readonly about: string;
  /** Its module. */
  readonly load: () => Promise<Readonly<Record<string, unknown>>>;
}

/** The table. */
export const BUILTINS: Readonly<Record<string, Builtin>> = {
  "backup-and-restore": {
    about:
      "backs the run up, so that it can go on after a crash as if nothing had happened",
    load: () => import("../../../plugins/backup_and_restore.ts"),
  },
  "batch-lr-decay": {
    about: "divides the learning rate by 1.0000002 per batch, down to 1e-6",
    load: () => import("../../../plugins/batch_lr_decay.ts"),
  },
  "confusion-matrix": {
    about:
      "counts which classes are mistaken for which, with precision and recall, as a table, a CSV file and a drawing",
    load: () => import("../../../plugins/confusion_matrix.ts"),
  },
  "csv-logger": {
    about: "writes the logs of each epoch to a CSV file",
    load: () => import("../../../plugins/csv_logger.ts"),
  },
  "dashboard": {
    about:
      "serves a page that follows a run live, with buttons to stop it, set its learning rate and save it",
    async load() {
      // Its page is loaded now, while a run may still import.
      await import("../../../plugins/_dashboard/assets.ts");
      return await import("../../../plugins/dashboard.ts");
    },
  },
  "early-stopping": {
    about:
      "stops when a metric no longer improves, and may restore the best weights",
    load: () => import("../../../plugins/early_stopping.ts"),
  },
  "learning-rate-scheduler": {
    about:
      "sets the learning rate by a function of (epoch, lr), or by a named schedule, per epoch or batch, after a warm-up",
    load: () => import("../../../plugins/learning_rate_scheduler.ts"),
  },
  "lr-finder": {
    about:
      "tries rising learning rates, draws the loss over them, suggests one, and undoes its training",
    load: () => import("../../../plugins/lr_finder.ts"),
  },
  "model-checkpoint": {
    about:
      "saves the model after epochs or batches, optionally only the best, and keeps the last few",
    load: () => import("../../../plugins/model_checkpoint.ts"),
  },
  "momentum-schedule": {
    about: "raises the momentum from 0.9 to 0.99 over 200 epochs",
    load: () => import("../../../plugins/momentum_schedule.ts"),
  },
  "print-logs": {
    about: "prints the logs of each batch and each epoch",
    load: () => import("../../../plugins/print_logs.ts"),
  },
  "profile": {
    about:
      "measures some batches: which kernels, and which plugin in which hook, took how long, as a table and a trace",
    load: () => import("../../../plugins/profile.ts"),
  },
  "progress": {
    about:
      "a live view: rate, time left, logs, the loss's curve; in a notebook a table; elsewhere one row per epoch",
    load: () => import("../../../plugins/progress.ts"),
  },
  "reduce-lr-on-plateau": {
    about:
      "lowers the learning rate when a metric stagnates, by a factor or exponentially",
    load: () => import("../../../plugins/reduce_lr_on_plateau.ts"),
  },
  "remote-monitor": {
    about: "posts the logs of each epoch to a server, beside the training",
    load: () => import("../../../plugins/remote_monitor.ts"),
  },
  "sample-predictions": {
    about:
      "prints what the model predicts for a few validation samples, and optionally draws them",
    load: () => import("../../../plugins/sample_predictions.ts"),
  },
  "stop-on-threshold": {
    about: "stops when a metric passes a threshold",
    load: () => import("../../../plugins/stop_on_threshold.ts"),
  },
  "swap-ema-weights": {
    about:
      "keeps a moving average of the weights, tests with it, and leaves it in the model",
    load: () => import("../../../plugins/swap_ema_weights.ts"),
  },
  "tensorboard": {
    about:
      "writes what TensorBoard shows: scalars, the model's graph, its weights, embeddings and hyper-parameters",
    load: () => import("../../../plugins/tensorboard.ts"),
  },
  "terminate-on-nan": {
    about: "stops when the loss is NaN or infinite",
    load: () => import("../../../plugins/terminate_on_nan.ts"),
  },
  "time-limit": {
    about:
      "stops in time for a job's end, at a time of day or after so many hours, so that the run can be resumed",
    load: () => import("../../../plugins/time_limit.ts"),
  },
};

/**
 * The built-in plugin of a name; in place of a file, which the user has not,
 * messages say that it is built in.
 *
 * @throws {InputError} If its file is broken.
 */
export async function findBuiltin(name: string): Promise<Found | undefined> {
  if (!Object.hasOwn(BUILTINS, name)) return undefined;
  const { load } = BUILTINS[name]!;
  const host = { list: () => Promise.resolve([]), load };
  const found = await inspect(BUILT_IN, host, name);
  if ("problem" in found) throw new InputError(found.problem);
  return found;
}
