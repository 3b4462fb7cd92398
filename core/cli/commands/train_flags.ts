/**
 * The flags of `deno task train`, and its help.
 *
 * @module
 */
import { type Flag, flagsHelp } from "../flags.ts";

/** The flags. */
export const TRAIN_FLAGS: readonly Flag[] = [
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
  { name: "batch-size", kind: "count", value: "N", help: "samples a batch" },
  {
    name: "steps-per-epoch",
    kind: "count",
    value: "N",
    help: "batches an epoch",
  },
  {
    name: "validation-freq",
    kind: "text",
    value: "N|N,N,…",
    help: "validate every N epochs, or after the epochs listed",
  },
  {
    name: "learning-rate",
    kind: "number",
    value: "X",
    help: "learning rate of the optimizer",
  },
  {
    name: "data",
    kind: "text",
    value: "NAME|PATH",
    help: "digits, exotic, mnist, fashion-mnist, a folder of IDX files, a .csv",
  },
  {
    name: "label",
    kind: "text",
    value: "COLUMN",
    help: "label column of a CSV: its name, or its index from 0",
  },
  {
    name: "backend",
    kind: "text",
    value: "NAME",
    help: "auto (default), wasm, cpu or webgpu",
  },
  {
    name: "threads",
    kind: "count",
    value: "N",
    help: "threads of the wasm backend (default the cores, at most 4)",
  },
  {
    name: "seed",
    kind: "count",
    value: "N",
    help: "seed of everything random (default 42)",
  },
  {
    name: "use",
    kind: "list",
    value: "NAME:OPT=VALUE,…",
    help: "use a plugin with these options; may be given often",
  },
  {
    name: "without",
    kind: "list",
    value: "NAME",
    help: "leave a plugin out; may be given often",
  },
  {
    name: "plugins",
    kind: "text",
    value: "DIR",
    help: "folder of plugins (default plugins)",
  },
  {
    name: "run-dir",
    kind: "text",
    value: "DIR",
    help: "folder of the run (default a new one under runs)",
  },
  { name: "quiet", kind: "switch", help: "print the summary alone" },
  {
    name: "plan",
    kind: "switch",
    help: "print who runs when and reads what, and train nothing",
  },
  { name: "help", kind: "switch", help: "print this" },
];

/** The help. */
export const TRAIN_HELP: string = `Train a model with plugins.

Usage: deno task train [FILE] [flags]

FILE is a module whose default export gives model, data, options and plugins, or
is a function that runs a loop of its own. Without it, a small network learns to
read made digits.

${flagsHelp(TRAIN_FLAGS)}

Examples:
  deno task train
  deno task train --epochs 10 --use early-stopping:patience=3,restoreBestWeights
  deno task train --use learning-rate-scheduler:schedule=cosine --without csv-logger
  deno task train --data mnist --backend wasm
  deno task train examples/001_tour.ts --plan`;
