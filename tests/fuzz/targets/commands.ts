/**
 * Whole command lines, each in a program of its own.
 *
 * @module
 */
import fc from "fast-check";
import { hookloop, TINY } from "../../core/cli/_command.ts";
import { type AnyTarget, target, Wrong } from "../target.ts";
import { word } from "../values.ts";
import { argument } from "./flags.ts";

/** What lies in the folder, good and bad. */
const FILES: Readonly<Record<string, string>> = {
  "tiny.ts": TINY,
  "broken.ts": "export default {",
  "throws.ts": 'throw new Error("on import");',
  "number.ts": "export default 5;",
  "empty.ts": "",
  "hand.ts": "export default () => undefined;",
  "failing.ts": 'export default () => { throw new Error("own loop"); };',
  "flowers.csv": "1,2,rose\n3,4,tulip\n5,6,rose\n7,8,tulip\n2,1,rose\n",
  "sick.csv": "a,b,y\n1,?,3\n",
  "folder/x": "",
};

const PLUGINS: Readonly<Record<string, string>> = {
  "fine.ts": "export default { onEpochEnd() {} };",
  "hook.ts": "export default { onEpochEnd: 5 };",
  "throwing.ts":
    'export default { onEpochEnd() { throw new Error("hook"); } };',
  "syntax.ts": "export default {{",
  "then.ts": "export const then = 5; export default { onEpochEnd() {} };",
  "factory.ts": "export default (options) => ({ onEpochEnd() {} });",
};

/** A long run is no mistake; these stay short. */
const SHORT = ["--epochs=1", "--backend=cpu"];

/** Flags that say how long, with what, and where. */
const TAKEN = /^--(epochs|threads|backend|from|run-dir|data)/;

const file = fc.oneof(
  { weight: 3, arbitrary: fc.constant("tiny.ts") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...Object.keys(FILES), "folder", "nowhere.ts"),
  },
);

/** Arguments that are right, save now and then. */
const plain = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom<string[]>(
      ...[[], [], ["--quiet"], ["--seed", "7"], ["--without", "progress"]],
      ...[["--batch-size=3"], ["--use", "print-logs"], ["--use=lr-finder"]],
      ["--use", "early-stopping:patience=1,monitor=loss"],
    ),
  },
  {
    weight: 1,
    arbitrary: argument.map((args) => args.filter((arg) => !TAKEN.test(arg))),
  },
);

const commandLine: fc.Arbitrary<string[]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(fc.constantFrom("train", "plan"), file, plain, plain)
      .map(([command, file, a, b]) => [command, file, ...a, ...b, ...SHORT]),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom(
        "--data",
        "--from",
        "--run-dir",
        "--plugins",
        "--use",
        "--label",
        "--validation-split",
        "--separator",
      ),
      fc.oneof(
        word,
        fc.constantFrom("flowers.csv", "sick.csv", "folder", "tiny.ts", "out"),
      ),
    ).map((
      [flag, value],
    ) => ["train", "tiny.ts", `${flag}=${value}`, ...SHORT]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.oneof(word, file), plain).map((
      [dir, args],
    ) => ["evaluate", dir, "tiny.ts", ...args, "--backend=cpu"]),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      word,
      fc.constantFrom([], ["--package"], ["--plugins=out"]),
    ).map(([name, flags]) => ["new", name, ...flags]),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(word, fc.constantFrom([], ["--plugins=folder"])).map((
      [name, flags],
    ) => ["plugins", name, ...flags]),
  },
  { weight: 1, arbitrary: fc.array(word, { maxLength: 3 }) },
);

/** Exit codes of a run that ended well, that failed, and that was refused. */
const CODES = [0, 1, 2];

/** A command line in a folder with some plugins. */
export const commands: AnyTarget = target({
  name: "commands",
  share: 3,
  spawns: true,
  inputs: fc.record({
    // The system takes no argument with a NUL, nor half a character.
    args: commandLine.map((args) =>
      args.map((arg) => arg.replaceAll("\0", "").toWellFormed())
    ),
    plugins: fc.oneof(
      fc.constantFrom([], ["fine.ts"], ["fine.ts", "factory.ts"]),
      fc.subarray(Object.keys(PLUGINS), { maxLength: 2 }),
    ),
  }),
  async attempt({ args, plugins }, dir) {
    await Deno.mkdir(`${dir}/folder`);
    await Deno.mkdir(`${dir}/plugins`);
    for (const [path, text] of Object.entries(FILES)) {
      await Deno.writeTextFile(`${dir}/${path}`, text);
    }
    for (const path of plugins) {
      await Deno.writeTextFile(`${dir}/plugins/${path}`, PLUGINS[path]!);
    }
    const { code, err } = await hookloop(args, {
      cwd: dir,
      permissions: ["--allow-read", "--allow-write=.", "--allow-sys=cpus"],
    });
    const foreign = err.split("\n").filter((line) =>
      /^\s+at /.test(line) && !line.includes(dir)
    );
    if (
      !CODES.includes(code) || foreign.length ||
      (code !== 0 && err.trim() === "")
    ) {
      throw new Wrong(`exit code ${code}\n${err}`);
    }
    return `exit ${code}`;
  },
});
