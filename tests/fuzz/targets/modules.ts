/**
 * Modules in a plugins folder, with any exports.
 *
 * @module
 */
import fc from "fast-check";
import { discover } from "../../../core/contract/discover.ts";
import { HOOK_NAMES } from "../../../core/plugin.ts";
import { type AnyTarget, target } from "../target.ts";
import { record, thrown, value, word } from "../values.ts";

const FIELDS = [
  ...HOOK_NAMES,
  "name",
  "needs",
  "provides",
  "requires",
  "order",
  "onError",
  "state",
];

/** An object that is almost a plugin. */
export const almostPlugin: fc.Arbitrary<Record<string, unknown>> = fc.tuple(
  record(FIELDS),
  fc.constantFrom({}, { name: "good", onEpochEnd() {} }, { onTrainBegin() {} }),
).map(([odd, good]) => ({ ...good, ...odd }));

const main = fc.oneof(
  { weight: 3, arbitrary: almostPlugin },
  { weight: 1, arbitrary: almostPlugin.map((made) => () => made) },
  { weight: 1, arbitrary: value.map((made) => () => made) },
  {
    weight: 1,
    arbitrary: thrown.map((error) => () => {
      throw error;
    }),
  },
  { weight: 2, arbitrary: value },
);

const module = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ default: main, defaults: value, help: value }, {
      requiredKeys: ["default"],
    }),
  },
  { weight: 1, arbitrary: fc.constant({}) },
);

/** Discovery of a folder of them, and what each makes. */
export const modules: AnyTarget = target({
  name: "plugin-modules",
  share: 20,
  inputs: fc.record({
    files: fc.dictionary(
      fc.oneof(fc.constantFrom("a", "b", "c_d"), word).map((name) =>
        `${name}.ts`
      ),
      fc.oneof({ weight: 9, arbitrary: module }, {
        weight: 1,
        arbitrary: thrown.map((error) => ({ rejects: error })),
      }),
      { maxKeys: 3, noNullPrototype: true },
    ),
    options: record(["patience", "monitor"]),
  }),
  async attempt({ files, options }) {
    const { found, broken } = await discover("plugins", {
      list: () => Promise.resolve(Object.keys(files)),
      load(path) {
        const module = files[path.slice("plugins/".length)] as Record<
          string,
          unknown
        >;
        return "rejects" in module
          ? Promise.reject(module.rejects)
          : Promise.resolve(module);
      },
    });
    for (const { problem } of broken) {
      if (/\n\s+at .*:\d+:\d+/.test(problem)) throw new Error(problem);
    }
    for (const plugin of found) plugin.create(plugin.on ? undefined : options);
    return broken.length ? "broken" : "fine";
  },
});
