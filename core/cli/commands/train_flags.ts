/**
 * The flags of `deno task train` and `deno task plan`, and their help.
 *
 * @module
 */
import { type Flag, flagsHelp, HELP_FLAG } from "../flags.ts";
import { EXPERIMENT_FLAGS } from "./experiment_flags.ts";

const OPTIONS: readonly Flag[] = [
  {
    name: "epochs",
    kind: "count",
    value: "N",
    help: "index after the last epoch",
  },
  {
    name: "initial-epoch",
    kind: "count",
    value: "N",
    help: "index of the first epoch",
  },
  { name: "batch-size", kind: "count", value: "N", help: "samples per batch" },
  {
    name: "steps-per-epoch",
    kind: "count",
    value: "N",
    help: "batches per epoch",
  },
  {
    name: "validation-freq",
    kind: "text",
    value: "N|N,N,…",
    help: "validate every N epochs, or after the listed epochs",
  },
  {
    name: "learning-rate",
    kind: "number",
    value: "X",
    help: "learning rate of the optimizer",
  },
  {
    name: "from",
    kind: "text",
    value: "CHECKPOINT",
    help: "start from a checkpoint: its model and optimizer, or its weights",
  },
];

/** The flags; `plan` takes the same ones, so that a command line can be tried out with it. */
export const TRAIN_FLAGS: readonly Flag[] = [
  ...OPTIONS,
  ...EXPERIMENT_FLAGS,
  {
    name: "run-dir",
    kind: "text",
    value: "DIR",
    help: "folder of the run (default: a new one under runs)",
  },
  {
    name: "overwrite",
    kind: "switch",
    help: "let --run-dir be the folder of an earlier run, and replace that",
  },
  {
    name: "resume",
    kind: "text",
    value: "[RUN]",
    optional: true,
    help:
      "go on with a run that was broken off: its folder or name (default: the newest that can)",
  },
  {
    name: "resume-anyway",
    kind: "switch",
    help: "go on even if the experiment, a plugin, the data … have changed",
  },
  {
    name: "dashboard",
    kind: "switch",
    help:
      "serve a page on this machine that follows the run live; its address is printed",
  },
  { name: "quiet", kind: "switch", help: "print only the summary" },
  {
    name: "replay",
    kind: "text",
    value: "RUN",
    help:
      "train nothing: what the plugins of --use would have done in a run that is over",
  },
  {
    name: "plan",
    kind: "switch",
    help: "print what runs when and what it reads, without training",
  },
  HELP_FLAG,
];

/** The help of `train`. */
export const TRAIN_HELP: string = `Train a model with plugins.

Usage: deno task train [FILE] [flags]

FILE is a module whose default export gives model, data, options and plugins, or
is a function that runs its own loop. Without it, experiment.ts runs; where there
is none, a small network learns to read synthetic digits.

${flagsHelp(TRAIN_FLAGS)}

A run writes log.csv and its best checkpoint, is backed up and shows a progress
bar, unless the experiment lists plugins of those names itself (csv-logger,
model-checkpoint, backup-and-restore, progress), --use gives them other options,
or --without takes them off. A comma in a value of --use is written \\, and a
plugin that is used twice needs two names, as below. Behind shadow: a plugin is on
trial: it runs beside the others, and what it asks for is told and not carried out.

Examples:
  deno task train
  deno task train --epochs 10 --use early-stopping:patience=3,restoreBestWeights
  deno task train --use learning-rate-scheduler:schedule=cosine --without csv-logger
  deno task train --use model-checkpoint:name=last,filepath=last
  deno task train --dashboard
  deno task train --data mnist --backend wasm
  deno task train --from runs/NAME/best --learning-rate 0.0001
  deno task train experiment.ts --plan
  deno task train --resume runs/NAME --epochs 20
  deno task train --use shadow:reduce-lr-on-plateau:patience=2
  deno task train --replay RUN --use early-stopping:patience=5`;

/** The help of `plan`. */
export const PLAN_HELP: string =
  `Print what runs when in a training run and what it reads, without running it.

Usage: deno task plan [FILE] [flags]

${
    flagsHelp(
      TRAIN_FLAGS.filter(({ name }) => !["plan", "replay"].includes(name)),
    )
  }`;
