import { assertEquals, assertMatch } from "@std/assert";
import { folder, hookloop, TINY } from "./_command.ts";

/** Each mistake: the arguments, and the whole of what is said. */
const MISTAKES:
  readonly (readonly [args: string[], message: string | RegExp])[] = [
    [["trian"], 'Unknown command "trian", did you mean "train"?\n'],
    [
      ["train", "--epoch", "3"],
      'Unknown flag "--epoch", did you mean "epochs"?\n',
    ],
    [
      ["train", "--epochs", "three"],
      'Flag "--epochs" takes an integer >= 0: current value is "three"\n',
    ],
    [["train", "--epochs"], 'Flag "--epochs" takes a value\n'],
    [
      ["train", "--batch-size", "0"],
      'Flag "--batch-size" takes an integer >= 1: current value is 0\n',
    ],
    [
      ["train", "--learning-rate", "-1"],
      'Cannot tell "-1" from a flag: write a negative value with =, such as --learning-rate=-1\n',
    ],
    [
      ["train", "--validation-freq", "x"],
      'Flag "--validation-freq" takes an integer >= 1, or epochs counted from 1 such as 1,5,10: current value is "x"\n',
    ],
    [
      ["train", "a.ts", "b.ts"],
      "Cannot train two experiments at once: a.ts, b.ts; give one file\n",
    ],
    [
      ["train", "nowhere.ts"],
      "Cannot find the experiment nowhere.ts: there is no such file\n",
    ],
    [
      ["train", "empty.ts"],
      "Cannot run the experiment empty.ts: it has no default export; expected an object with model and data, or a function that runs a loop of its own (see core/cli/experiment.ts)\n",
    ],
    [
      ["train", "nomodel.ts"],
      "Cannot run the experiment nomodel.ts: its 'model' is no function; expected an object with model and data, or a function that runs a loop of its own (see core/cli/experiment.ts)\n",
    ],
    [
      ["train", "syntax.ts"],
      /^Cannot load the experiment syntax.ts: .*Expected/,
    ],
    [
      ["train", "tiny.ts", "--backend", "gpu"],
      /^Cannot use backend "gpu".*\(backends are auto, wasm, cpu, webgpu\)\n$/,
    ],
    [
      ["train", "tiny.ts", "--use", "erly-stopping"],
      'Cannot use "erly-stopping": there is no such plugin, did you mean "early-stopping"?\n',
    ],
    [
      ["train", "tiny.ts", "--use", "early-stopping:patiance=3"],
      'Cannot use "early-stopping": it has no option "patiance", did you mean "patience"?\n',
    ],
    [
      ["train", "tiny.ts", "--use", "early-stopping:patience=soon"],
      'Cannot use "early-stopping": option "patience" takes a number, current value is "soon"\n',
    ],
    [
      ["train", "tiny.ts", "--use", "early-stopping:patience=-1"],
      "Cannot create early-stopping as 'patience' must be an integer >= 0: current value is -1   (plugins/early_stopping.ts)\n",
    ],
    [
      [
        "train",
        "tiny.ts",
        "--backend",
        "cpu",
        "--use",
        "model-checkpoint:filepath={epoch}-{val_acc}",
      ],
      /Plugin "model-checkpoint" needs log key "val_acc" in onEpochEnd: available are "loss", "mae", "val_loss", "val_mae"/,
    ],
    [
      ["train", "tiny.ts", "--use", "model-checkpoint:filepath={batch}"],
      /^Cannot create model-checkpoint as its template "\{batch\}" names \{batch\}, which is known only where 'saveFreq' is a number/,
    ],
    [
      ["train", "tiny.ts", "--backend", "cpu", "--without", "progres"],
      'Cannot leave out "progres": there is no such plugin, did you mean "progress"?\n',
    ],
    [
      ["train", "--data", "dgits", "--backend", "cpu"],
      /^Cannot load the data set "dgits", did you mean "digits"\?/,
    ],
    [
      ["train", "tiny.ts", "--plugins", "none"],
      "Cannot look for plugins in none: there is no such folder; make it, or name another with --plugins DIR\n",
    ],
    [
      ["train", "tiny.ts", "--backend", "cpu", "--run-dir", "empty.ts"],
      /^Cannot write into the run folder empty.ts: a file is in its place/,
    ],
    [
      ["train", "tiny.ts", "--backend", "cpu", "--run-dir", "/nowhere/run"],
      "Cannot write into the run folder /nowhere/run: no permission; deno task train may write under runs/ and data/, for another folder run with --allow-write=/nowhere/run\n",
    ],
    [
      ["train", "--data", "exotic", "--backend", "cpu"],
      "Cannot train on exotic: its samples are 28, the model takes 28x28; take other data, or a model with inputShape: [28]\n",
    ],
    [
      ["plugins", "early-stoping"],
      'There is no plugin "early-stoping", did you mean "early-stopping"?\n',
    ],
    [
      ["new"],
      "Cannot write a plugin: expected one NAME such as deno task new lr-finder\n",
    ],
    [
      ["new", "LrFinder"],
      'Cannot name a plugin "LrFinder": expected lower-case words of letters and digits with hyphens between, such as lr-finder\n',
    ],
  ];

Deno.test("each mistake is one clear message, exit code 2, no stack trace", async (t) => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "empty.ts": "export {};",
    "nomodel.ts": 'export default { data: "digits" };',
    "syntax.ts": "export default {",
    "plugins/_nothing.ts": "",
  });
  for (const [args, message] of MISTAKES) {
    await t.step(args.join(" "), async () => {
      const { code, err } = await hookloop(args, { cwd });
      if (typeof message === "string") assertEquals(err, message);
      else assertMatch(err, message);
      assertEquals(code, 2);
      assertEquals(
        /^\s+at .*\.ts:\d+:\d+\)?$/m.test(err),
        false,
        "a stack trace",
      );
    });
  }
  assertEquals(
    [...Deno.readDirSync(cwd)].some(({ name }) => name === "runs"),
    false,
  );
});

Deno.test("all broken plugin files are told at once", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/a.ts": "export const a = 1;",
    "plugins/b.ts": 'throw new Error("boom");',
    "plugins/c.ts": "export default { nam",
  });
  const { code, err } = await hookloop(["train", "tiny.ts"], { cwd });
  assertEquals(code, 2);
  assertMatch(
    err,
    /^Cannot load the plugins: 3 problems\n- Cannot load plugins\/a.ts: it has no default export/,
  );
  assertMatch(
    err,
    /\n- Cannot load plugins\/b.ts: it threw on import: boom\n- Cannot load plugins\/c.ts: /,
  );
});

Deno.test("a missing permission is told with the flag", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const { code, err } = await hookloop([
    "train",
    "tiny.ts",
    "--backend",
    "wasm",
  ], {
    cwd,
    permissions: [`--allow-read=${cwd}`],
  });
  assertEquals(code, 2);
  assertMatch(err, /--allow-read/);
});
