/**
 * What a run may offer to plugins, and what to say where it does not.
 *
 * @module
 */
import type { Requirement, ValidationData } from "../plugin.ts";
import type { Reports, Resources } from "../steps.ts";
import type { Mode } from "./phases.ts";

const ALL: readonly Mode[] = ["fit", "evaluate", "predict"];

/** Each requirement: the runs it counts in, and what stands behind "requires" in a message: what it is, and what to say of a run without it. */
export const REQUIREMENTS: Readonly<
  Record<
    Requirement,
    {
      readonly modes: readonly Mode[];
      readonly what: string;
      readonly missing: string;
    }
  >
> = {
  learningRate: {
    modes: ["fit"],
    what: "the learning rate",
    missing: "which this run does not offer: pass `optimizer`",
  },
  momentum: {
    modes: ["fit"],
    what: "the optimizer's momentum",
    missing:
      "which this optimizer does not have: take SGD with momentum (tf.train.momentum) or RMSProp",
  },
  weights: {
    modes: ALL,
    what: "the model's weights",
    missing: "which this run does not offer: pass `weights`",
  },
  optimizerState: {
    modes: ["fit"],
    what: "copies of the optimizer's slots",
    missing: "which this run does not offer: pass `weights` that can take them",
  },
  save: {
    modes: ALL,
    what: "saving",
    missing: "which this run does not offer: pass `save`",
  },
  model: {
    modes: ALL,
    what: "the model",
    missing: "which this run does not offer: pass `model`",
  },
  predict: {
    modes: ALL,
    what: "predictions inside of hooks",
    missing: "which this run does not offer: pass `predict`",
  },
  backup: {
    modes: ["fit"],
    what: "backups",
    missing:
      "which this run does not offer: pass `weights` that can be written and read, such as those of `tfResources`, or `keeps`",
  },
  validation: {
    modes: ["fit", "evaluate"],
    what: "validation data",
    missing:
      "which this run does not have: pass `validationData` or `validationSplit`",
  },
  batchLogs: {
    modes: ["fit"],
    what: "what each batch reports for itself",
    missing: "which these steps do not tell: give them `batchLogs`",
  },
  firstNonFinite: {
    modes: ["fit"],
    what: "a search for numbers that are not finite",
    missing:
      "which this run does not offer: `fit` does, or pass `firstNonFinite`",
  },
};

/** Whether what steps train can be written and read: as weights, or by themselves. */
export function canBackUp(
  { weights, keeps }: Pick<Resources, "weights" | "keeps">,
): boolean {
  const written = weights?.write !== undefined && weights.read !== undefined;
  return written || (weights === undefined && keeps !== undefined);
}

/** What a run can offer. */
export function offersOf(
  resources: Resources & Partial<Reports>,
  validation: ValidationData | undefined,
): ReadonlySet<Requirement> {
  const { optimizer, weights, model, save, predict, batchLogs } = resources;
  const offers: Readonly<Record<Requirement, boolean>> = {
    learningRate: optimizer !== undefined,
    momentum: optimizer !== undefined && "momentum" in optimizer,
    weights: weights !== undefined,
    optimizerState: weights?.optimizerState === true,
    save: save !== undefined,
    model: model !== undefined,
    predict: predict !== undefined,
    backup: canBackUp(resources),
    validation: validation !== undefined,
    batchLogs: batchLogs !== undefined,
    firstNonFinite: resources.firstNonFinite !== undefined,
  };
  return new Set(
    (Object.keys(offers) as Requirement[]).filter((name) => offers[name]),
  );
}
