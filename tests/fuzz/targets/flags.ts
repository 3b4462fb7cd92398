/**
 * Command lines, as far as they can be judged without running anything.
 *
 * @module
 */
import fc from "fast-check";
import {
  EXPERIMENT_FLAGS,
  oneFile,
} from "../../../core/cli/commands/experiment_flags.ts";
import { flagOptions } from "../../../core/cli/commands/option_flags.ts";
import { TRAIN_FLAGS } from "../../../core/cli/commands/train_flags.ts";
import { readFlags } from "../../../core/cli/flags.ts";
import { parseUse } from "../../../core/contract/plugin_options.ts";
import { type AnyTarget, target } from "../target.ts";
import { number, word } from "../values.ts";

const text = fc.oneof(
  word,
  number.map(String),
  fc.constantFrom("1", "2", "0.5", "digits", "early-stopping:patience=3"),
);

/** An argument: a flag with a value in either way of writing it, or a word. */
export const argument: fc.Arbitrary<string[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(
      fc.constantFrom(...TRAIN_FLAGS.map(({ name }) => name)),
      text,
    ).map(([name, value]) => [`--${name}=${value}`]),
  },
  {
    weight: 4,
    arbitrary: fc.tuple(
      fc.constantFrom(...TRAIN_FLAGS.map(({ name }) => name)),
      text,
    ).map(([name, value]) => [`--${name}`, value]),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "--_",
      "--no-epochs=7",
      "--no-quiet",
      "--constructor",
      "--__proto__=1",
      "-h",
      "--",
      "--=1",
    ).map((flag) => [flag]),
  },
  { weight: 1, arbitrary: word.map((name) => [`--${name}`]) },
  { weight: 2, arbitrary: text.map((word) => [word]) },
);

/** Arguments of `train`, `plan` and `evaluate`. */
export const flags: AnyTarget = target({
  name: "flags",
  share: 20,
  inputs: fc.record({
    args: fc.array(argument, { maxLength: 5 }).map((args) => args.flat()),
    table: fc.constantFrom(TRAIN_FLAGS, EXPERIMENT_FLAGS),
  }),
  attempt({ args, table }) {
    const { flags, words } = readFlags(args, table);
    oneFile("train", words);
    flagOptions(flags);
    for (const use of flags.use as string[] ?? []) parseUse(use);
  },
});
