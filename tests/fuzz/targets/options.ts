/**
 * Options of the built-in plugins, as an experiment and as a command line give
 * them. What is accepted must then run.
 *
 * @module
 */
import fc from "fast-check";
import {
  BUILTINS,
  findBuiltin,
} from "../../../core/cli/experiment/builtins.ts";
import {
  catalogue,
  choosePlugins,
} from "../../../core/cli/experiment/choose_plugins.ts";
import type { Use } from "../../../core/cli/experiment/experiment.ts";
import type { Plugin } from "../../../core/plugin.ts";
import { type AnyTarget, target } from "../target.ts";
import { number, record, word } from "../values.ts";
import { firedThrough } from "./logs.ts";

const NAMES = Object.keys(BUILTINS);

/** The options that each has. */
const OPTIONS = new Map(
  await Promise.all(
    NAMES.map(async (name) =>
      [name, Object.keys((await findBuiltin(name))!.defaults!)] as const
    ),
  ),
);

const named = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 1, arbitrary: word },
);

async function chosen(
  dir: string,
  choice: { readonly named?: readonly Use[]; readonly use?: readonly string[] },
): Promise<readonly Plugin[]> {
  await Deno.mkdir(`${dir}/plugins`);
  const merge = await choosePlugins(await catalogue(`${dir}/plugins`), choice);
  return merge().map((entry) =>
    (entry && "plugin" in entry ? entry.plugin : entry) as Plugin
  );
}

/** Let plugins run that were accepted, without their folder or a network. */
async function run(plugins: readonly Plugin[], dir: string): Promise<string> {
  for (const plugin of plugins) {
    if (plugin.name !== "remote-monitor") await firedThrough(plugin, dir);
  }
  return plugins.length ? "accepted" : "none";
}

/** Options as values. */
export const optionValues: AnyTarget = target({
  name: "option-values",
  share: 20,
  inputs: named.chain((name) =>
    fc.tuple(fc.constant(name), record(OPTIONS.get(name) ?? []))
  ),
  async attempt([name, options], dir) {
    return await run(await chosen(dir, { named: [[name, options]] }), dir);
  },
});

const text = fc.oneof(
  word,
  number.map(String),
  fc.constantFrom(
    "a+b",
    "[1,2]",
    '{"a":"b"}',
    "[",
    "cosine",
    "min",
    "max",
    "5",
  ),
);

/** Options as text. */
export const optionTexts: AnyTarget = target({
  name: "option-texts",
  share: 20,
  inputs: fc.oneof(
    {
      weight: 8,
      arbitrary: named.chain((name) =>
        fc.array(
          fc.tuple(
            fc.oneof({
              weight: 8,
              arbitrary: fc.constantFrom("name", ...OPTIONS.get(name) ?? []),
            }, { weight: 1, arbitrary: word }),
            fc.option(text),
          ),
          { maxLength: 3 },
        ).map((pairs) =>
          [
            name,
            pairs.map(([key, value]) =>
              value === null ? key : `${key}=${value}`
            ).join(","),
          ].join(":")
        )
      ),
    },
    { weight: 1, arbitrary: word },
  ),
  async attempt(use, dir) {
    return await run(await chosen(dir, { use: [use] }), dir);
  },
});
