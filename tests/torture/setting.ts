/**
 * What is trained, and with which plugins: plain data, so that another process
 * can be told, drawn from a seed.
 *
 * @module
 */
import { type Random, seededRandom } from "../../core/random.ts";

/** Models. */
export const MODELS = ["mlp", "cnn", "lstm", "stateful"] as const;
/** Who loops over epochs and batches. */
export const LOOPS = ["fit", "step", "gradients", "epochs", "hooks"] as const;
/** What the weights are updated by. */
export const OPTIMIZERS = ["sgd", "momentum", "adam", "rmsprop"] as const;
/** What the batches come from. */
export const DATA = ["arrays", "generator", "dataset"] as const;
/** What is done to the gradients. */
export const TRANSFORMS = ["accumulate", "clip"] as const;

/** A plugin's name and its options. */
export type Listed = readonly [name: string, options: object];

/** A run. */
export interface Setting {
  readonly model: typeof MODELS[number];
  readonly loop: typeof LOOPS[number];
  readonly optimizer: typeof OPTIMIZERS[number];
  readonly data: typeof DATA[number];
  /** What `fit` validates with; a data set of which there is a part. */
  readonly validation: "arrays" | "dataset";
  readonly gradients: readonly typeof TRANSFORMS[number][];
  /** Whether it is run from the command line. */
  readonly shell: boolean;
  /** Threads of wasm; 0 for the backend cpu. */
  readonly threads: number;
  readonly epochs: number;
  /** Batches an epoch, which cut the data; undefined for all. */
  readonly stepsPerEpoch?: number | undefined;
  /** Every how many epochs `fit` validates. */
  readonly validationFreq: number;
  /** Of the run. */
  readonly seed: number;
  /** The plugins, but the one that backs the run up. */
  readonly plugins: readonly Listed[];
}

/** The setting with this number. */
export function settingOf(seed: number, index: number): Setting {
  const random = seededRandom(seed, 2 * index);
  const one = <T>(of: readonly T[]): T => of[random.integer(of.length)]!;
  // Each model and loop has its turn; the rest is drawn.
  const loop = ONE_BY_ONE[index % ONE_BY_ONE.length]!;
  const own = loop !== "fit";
  const model = own ? "mlp" : MODELS[Math.floor(index / 2) % MODELS.length]!;
  const optimizer = one(OPTIMIZERS);
  const base = {
    model,
    loop,
    optimizer,
    data: own || model === "stateful" ? "arrays" : one(DATA),
    gradients: loop === "gradients" || (loop === "fit" && chance(random, 0.3))
      ? TRANSFORMS.filter(() => chance(random, 0.7))
      : [],
    threads: chance(random, 0.6) ? 0 : one([1, 1, 2]),
    epochs: 3 + random.integer(3),
    stepsPerEpoch: loop === "fit" && model !== "stateful" &&
        chance(random, 0.25)
      ? 4
      : undefined,
    seed: random.integer(1000),
    validation: loop === "fit" && model !== "stateful"
      ? one(["arrays", "arrays", "dataset"] as const)
      : "arrays" as const,
    validationFreq: loop === "fit" ? one([1, 1, 1, 2]) : 1,
    shell: chance(random, 0.3),
  } as const;
  const alone = loop === "fit" && chance(random, 0.05);
  const plugins = alone
    ? [["lr-finder", { steps: 12, svg: one(["", "a.svg"]) }] as const]
    : pluginsOf(base, random);
  return { ...base, plugins };
}

const ONE_BY_ONE: readonly Setting["loop"][] = [
  ...["fit", "fit", "fit", "step", "fit", "gradients"] as const,
  ...["fit", "epochs", "fit", "hooks"] as const,
];

function pluginsOf(
  { optimizer, loop, model, data, validation }: Omit<Setting, "plugins">,
  random: Random,
): Listed[] {
  const one = <T>(of: readonly T[]): T => of[random.integer(of.length)]!;
  const freq = () => one(["epoch", 1, 3, 5]);
  // What a loop of one's own validates with is not known to the plugins.
  // Nor may they take passes of their own over data that each pass shuffles.
  const looks = loop === "fit" && model !== "stateful" &&
    validation === "arrays";
  // The cosine over batches asks how many there are.
  const counted = data === "arrays" && ["fit", "step"].includes(loop);
  const monitor = loop === "hooks" ? "loss" : "val_loss";
  const all: readonly (Listed | false)[] = [
    ["csv-logger", { separator: one([",", ";"]) }],
    ["early-stopping", {
      monitor,
      patience: random.integer(2),
      restoreBestWeights: chance(random, 0.7),
      startFromEpoch: random.integer(2),
    }],
    ["reduce-lr-on-plateau", {
      monitor,
      patience: random.integer(2),
      cooldown: random.integer(2),
    }],
    ["model-checkpoint", {
      saveFreq: freq(),
      maxToKeep: one([0, 1, 2]),
      filepath: one(["checkpoints/{epoch:02d}", "c/{epoch}-{loss:.3f}"]),
      saveWeightsOnly: chance(random, 0.3),
    }],
    ["model-checkpoint", {
      name: "best",
      filepath: "best",
      saveBestOnly: true,
      ...one([{ monitor }, { saveFreq: 2, monitor: "loss" }]),
    }],
    ["swap-ema-weights", {
      momentum: 0.8,
      swapOnEpoch: chance(random, 0.5),
      emaOverwriteFrequency: one([0, 4]),
    }],
    ["learning-rate-scheduler", {
      schedule: one(["cosine", "exponential"]),
      rate: 0.05,
      startEpoch: 1,
      every: counted ? one(["batch", "epoch"]) : "epoch",
      warmup: random.integer(4),
    }],
    optimizer === "momentum" && ["momentum-schedule", { epochs: 4 }],
    ["batch-lr-decay", {}],
    looks && ["confusion-matrix", { svg: "confusion.svg" }],
    looks && ["sample-predictions", { draw: chance(random, 0.5) }],
    ["print-logs", {}],
    ["progress", {}],
    ["terminate-on-nan", {}],
    ["tensorboard", {
      updateFreq: one(["epoch", "batch", 2]),
      histogramFreq: loop === "hooks" ? 0 : random.integer(3),
      writeImages: chance(random, 0.5),
      writeStepsPerSecond: chance(random, 0.3),
    }],
    ["stop-at", { step: 4 + random.integer(20) }],
    ["diary", {}],
    ["tensor-sum", {}],
    ["hasty", {}],
    ["moody", { step: 2 + random.integer(15) }],
  ];
  return all.filter((it): it is Listed => it !== false && chance(random, 0.5));
}

function chance(random: Random, part: number): boolean {
  return random.next() < part;
}
