/**
 * Several things that outlive the process, as one.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { Keeper } from "../../plugin.ts";
import { isPromise } from "../dispatch.ts";

/**
 * One keeper of several things, each under a name.
 *
 * @example What `tfResources` keeps, and a count of one's own
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { keepAll, tfResources } from "@hookloop/hookloop";
 *
 * await tf.setBackend("cpu");
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 1, inputShape: [1] })],
 * });
 * const resources = tfResources({ model });
 * let seen = 0;
 * const keeps = keepAll({
 *   model: resources.keeps,
 *   seen: { save: () => seen, load: (saved) => void (seen = saved as number) },
 * });
 * const options = { ...resources, keeps }; // for callbackList or train
 * console.log(Object.keys(options));
 * ```
 *
 * @param keepers The keepers, by name; what is undefined is left out.
 * @returns A keeper whose `load` throws an {@linkcode InputError} if what was
 * saved has other names.
 */
export function keepAll(
  keepers: Readonly<Record<string, Keeper | undefined>>,
): Keeper {
  const list = Object.entries(keepers).flatMap(([name, keeper]) =>
    keeper ? [{ name, keeper }] : []
  );
  return {
    save() {
      const saved = list.map(({ keeper }) => keeper.save());
      const named = (all: readonly unknown[]) =>
        Object.fromEntries(list.map(({ name }, i) => [name, all[i]]));
      return saved.some(isPromise)
        ? Promise.all(saved).then(named)
        : named(saved);
    },
    async load(saved) {
      const by = saved as Record<string, unknown> ?? {};
      const errors: unknown[] = otherNames(
        Object.keys(by),
        list.map(({ name }) => name),
      );
      for (const { name, keeper } of list) {
        if (!(name in by)) continue;
        // The others are loaded all the same: a run may go on without one.
        try {
          await keeper.load(by[name]);
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

function otherNames(
  saved: readonly string[],
  wanted: readonly string[],
): InputError[] {
  const problems = [
    ...wanted.filter((name) => !saved.includes(name))
      .map((name) => `nothing was saved of "${name}"`),
    ...saved.filter((name) => !wanted.includes(name))
      .map((name) => `there is no "${name}" that takes what was saved`),
  ];
  if (problems.length === 0) return [];
  return [
    new InputError(
      "Cannot take back what was kept: it is of another run\n" +
        problems.map((problem) => `- ${problem}`).join("\n"),
    ),
  ];
}
