/**
 * Plugins on trial: one that runs as a shadow sees what the others see, and what
 * it asks for is told and not carried out.
 *
 * @module
 */
import type { Hooks, Plugin } from "../plugin.ts";
import type { TfCallback } from "./callback.ts";

/** Stands before the name of a plugin that runs as a shadow. */
export const SHADOW = "shadow:";

/** A plugin that runs as a shadow: an entry of a list of plugins. */
export interface Shadow {
  /** The plugin. */
  readonly plugin: Plugin | Hooks | TfCallback;
  /** That it is one. */
  readonly shadow: true;
}

/**
 * A plugin on trial: it runs beside the others, under the name `shadow:NAME`,
 * with the same logs and the same run, but what it asks for is not carried out:
 * no stop, no learning rate, no weights, no files, no printing, no log keys. A
 * line tells what it would have done, as it happens, and another one sums up at
 * the end.
 *
 * It is none the wiser: it reads back the learning rate that it set and the
 * files that it wrote, has its own snapshots, and is not called any more once it
 * would have stopped the run, save for the run's end. An error of it switches it
 * off, and does not end the run. Only what goes through `run` is held back: a
 * request to a host is made, and a change of `run.model` itself is one.
 *
 * @example What would less patience have done?
 * ```ts
 * import * as hookloop from "@hookloop/hookloop";
 *
 * const losses = [3, 2, 2, 1];
 * const { epoch } = await hookloop.train(
 *   { metrics: ["loss"], trainStep: (loss: number) => ({ loss }) },
 *   (epoch) => [losses[epoch]!],
 *   {
 *     epochs: 4,
 *     plugins: [
 *       hookloop.shadow(hookloop.earlyStopping({ monitor: "loss" })),
 *     ],
 *   },
 * );
 * // shadow:early-stopping would have stopped the run after epoch 3: loss has …
 * console.log(epoch.length); // 4
 * ```
 *
 * @param plugin The plugin; the same object must not run besides.
 * @returns An entry for a list of plugins.
 */
export function shadow(plugin: Plugin | Hooks | TfCallback): Shadow {
  return { plugin, shadow: true };
}
