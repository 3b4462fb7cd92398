/**
 * What gradient transforms keep between steps, for backups.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { Keeper } from "../plugin.ts";
import { keepAll } from "../run/backup/keepers.ts";
import type { GradientTransform } from "./gradients.ts";

/**
 * A keeper of what each transform keeps. Its `load` throws an
 * {@linkcode InputError} if this run has other transforms.
 *
 * @param transforms The transforms, in order.
 */
export function keptTransforms<T>(
  transforms: readonly GradientTransform<T>[],
): Keeper {
  const names = transforms.map(({ name }) => name);
  return keepAll({
    names: {
      save: () => names,
      load(saved) {
        const was = saved as readonly string[];
        if (was.join() === names.join()) return;
        throw new InputError(
          `Cannot go on with the gradient transforms [${
            was.join(", ")
          }]: this run has [${names.join(", ")}]`,
        );
      },
    },
    // In order, since two may have one name.
    kept: keepAll(Object.fromEntries(
      transforms.map(({ keeps }, i) => [`transform ${i}`, keeps]),
    )),
  });
}
