import { assertEquals, assertMatch } from "@std/assert";
import { folder, hookloop, TINY } from "./_command.ts";

/** Each mistake: the arguments, and the entire message. */
const MISTAKES:
  readonly (readonly [args: string[], message: string | RegExp])[] = [
    [["trian"], 'Unknown command "trian", did you mean "train"?\n'],
    [
      ["train", "--epoch", "3"],
      'Unknown flag "--epoch", did you mean "--epochs"?\n',
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
      ["train", "--validation-split", "1"],
      'Flag "--validation-split" takes a number of at least 0 and below 1: current value is 1\n',
    ],
    [
      ["train", "--data", "constructor", "--backend", "cpu"],
      /^Cannot load the data set "constructor": there is no such name, folder or \.csv file/,
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
      "Cannot run the experiment empty.ts: it has no default export; expected an object with model and data, or a function that runs its own loop (see https://jsr.io/@hookloop/hookloop/doc/~/Experiment)\n",
    ],
    [
      ["train", "nomodel.ts"],
      "Cannot run the experiment nomodel.ts: its 'model' is not a function; expected an object with model and data, or a function that runs its own loop (see https://jsr.io/@hookloop/hookloop/doc/~/Experiment)\n",
    ],
    [
      ["train", "folder"],
      "Cannot load the experiment folder: it is a folder; expected a file with a module\n",
    ],
    [
      ["train", "part.ts"],
      'Cannot run the experiment part.ts: it has "plugin", did you mean "plugins"?\n',
    ],
    [
      ["train", "option.ts"],
      'Cannot run the experiment option.ts: its \'options\' has no "epoch", did you mean "epochs"?\n',
    ],
    [
      ["train", "rate.ts"],
      "Cannot run the experiment rate.ts: its option 'learningRate' must be a number >= 0: current value is \"fast\"\n",
    ],
    [
      ["train", "list.ts"],
      "Cannot run the experiment list.ts: its 'plugins' is an object; expected a list such as [earlyStopping({ patience: 3 })]\n",
    ],
    [
      ["train", "use.ts"],
      'Cannot run the experiment use.ts: its \'use\' is a string; expected a list such as ["csv-logger", ["early-stopping", { patience: 3 }]]\n',
    ],
    [
      ["train", "uncompiled.ts", "--backend", "cpu"],
      "Cannot run the experiment: its 'model' returned undefined; expected a compiled tf.LayersModel: call model.compile({ optimizer, loss, metrics })\n",
    ],
    [
      ["train", "nodata.ts", "--backend", "cpu"],
      "Cannot run the experiment: its 'data' returned undefined; expected { train: { x, y }, validation: { x, y } }, the second is optional\n",
    ],
    [
      ["train", "counts.ts", "--backend", "cpu"],
      "Cannot use the data: x has 3 samples, y has 2; give one for each sample\n",
    ],
    [
      ["train", "shapes.ts", "--backend", "cpu"],
      /^Cannot use x: input "dense_Dense1_input" expects shape \[null,1\], got \[2,2\]; /,
    ],
    [
      ["train", "--data", "ragged.csv", "--label", "label", "--backend", "cpu"],
      "Cannot read ragged.csv: row 3 has 2 columns, expected 3\n",
    ],
    [
      ["train", "--data", "text.csv", "--label", "label", "--backend", "cpu"],
      'Cannot read text.csv: row 3, column "b" is "x", expected a number\n',
    ],
    [
      ["train", "--data", "mnist", "--backend", "cpu"],
      /^Cannot download https:.* net permission is missing; run with --allow-net=storage.googleapis.com\n {4}Without a network, put .* into data\/mnist by hand\n$/,
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
      'There is no plugin "erly-stopping", did you mean "early-stopping"?\n',
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
      "Cannot create early-stopping as 'patience' must be an integer >= 0: current value is -1   (built in)\n",
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
      "Cannot write into the run folder empty.ts: a file is in the place of a folder; --run-dir names another folder\n",
    ],
    [
      ["train", "tiny.ts", "--backend", "cpu", "--run-dir", "/nowhere/run"],
      "Cannot write into the run folder /nowhere/run: write permission is missing; run with --allow-write=/nowhere/run; --run-dir names another folder\n",
    ],
    [
      ["train", "--data", "exotic", "--backend", "cpu"],
      "Cannot use the data exotic: its samples are 28, the model takes 28x28; use other data, or a model with inputShape: [28]\n",
    ],
    [
      ["train", "tiny.ts", "--backend", "cpu", "--from", "folder"],
      "Cannot load a checkpoint from folder: there is no model.json in it\n",
    ],
    [
      ["train", "loop.ts", "--backend", "cpu", "--from", "folder"],
      'Cannot start from folder: the experiment runs its own loop; let it call loadWeights(model, "folder")\n',
    ],
    [
      ["evaluate"],
      /^Cannot evaluate: expected the folder of a RUN or a MODEL such as .* evaluate runs\/NAME\n$/,
    ],
    [
      ["evaluate", "nowhere", "--backend", "cpu"],
      "Cannot load a checkpoint from nowhere: there is no such folder\n",
    ],
    [
      ["evaluate", "tiny.ts", "--backend", "cpu"],
      "Cannot load a checkpoint from tiny.ts: it is a file; give the folder of a checkpoint or of a run\n",
    ],
    [
      ["evaluate", "several", "--backend", "cpu"],
      "Cannot load a checkpoint from several: it has 2; give one of several/a, several/b\n",
    ],
    [
      ["evaluate", "past", "--backend", "cpu"],
      /^Cannot load from "past\/best": "model.json" is not JSON/,
    ],
    [
      ["predict", "past", "more"],
      /^Cannot predict: expected the folder of one RUN or MODEL such as /,
    ],
    [
      ["predict", "past", "--out", "tiny.ts"],
      "Cannot write tiny.ts: it already exists; name another file with --out, or remove it first\n",
    ],
    [
      ["predict", "past", "--out", "nowhere/x.csv"],
      "Cannot write nowhere/x.csv: there is no folder nowhere; make it first\n",
    ],
    [
      ["evaluate", "past/best", "--backend", "cpu"],
      /^Cannot load from "past\/best": "model.json" is not JSON/,
    ],
    [
      ["evaluate", "weights", "loop.ts", "--backend", "cpu"],
      "Cannot evaluate on an experiment that runs its own loop; give one that is an object with model and data, or name data with --data\n",
    ],
    [
      ["evaluate", "past/best", "--threads", "0"],
      'Flag "--threads" takes an integer >= 1: current value is 0\n',
    ],
    [
      ["plugins", "early-stoping"],
      'There is no plugin "early-stoping", did you mean "early-stopping"?\n',
    ],
    [
      ["plugins", "csv-logger", "progress"],
      "Cannot show csv-logger, progress at once: give one NAME\n",
    ],
    [
      ["new"],
      /^Cannot write a plugin: expected one NAME such as deno run .+ jsr:@hookloop\/hookloop\/cli new grad-norm\n$/,
    ],
    [
      ["new", "LrFinder"],
      'Cannot name a plugin "LrFinder": expected lower-case words of letters and digits, separated by hyphens, at most 40 characters, such as grad-norm\n',
    ],
  ];

/** The tiny experiment with one part replaced. */
function variant(part: string): string {
  return TINY.replace("  model(", `  ${part},\n  model(`);
}

Deno.test("each mistake is one clear message, exit code 2, no stack trace", async (t) => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "empty.ts": "export {};",
    "nomodel.ts": 'export default { data: "digits" };',
    "syntax.ts": "export default {",
    "plugins/_nothing.ts": "",
    "folder/a.ts": "",
    "loop.ts": "export default () => {};",
    "past/best/model.json": "{",
    "past/run.json": "{}",
    "weights/model.json": '{"weightsManifest":[]}',
    "several/a/model.json": "{}",
    "several/b/model.json": "{}",
    "part.ts": 'export default { model() {}, data: "digits", plugin: [] };',
    "option.ts":
      'export default { model() {}, data: "digits", options: { epoch: 3 } };',
    "rate.ts":
      'export default { model() {}, data: "digits", options: { learningRate: "fast" } };',
    "list.ts": 'export default { model() {}, data: "digits", plugins: {} };',
    "use.ts":
      'export default { model() {}, data: "digits", use: "csv-logger" };',
    "uncompiled.ts": 'export default { model() {}, data: "digits" };',
    "nodata.ts": variant("data: () => undefined"),
    "counts.ts": variant(
      "data: () => ({ train: { x: [1, 2, 3], y: [1, 2] } })",
    ),
    "shapes.ts": variant(
      "data: () => ({ train: { x: [[1, 2], [2, 3]], y: [1, 2] } })",
    ),
    "ragged.csv": "a,b,label\n1,2,0\n1,1\n",
    "text.csv": "a,b,label\n1,2,0\n1,x,1\n",
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

Deno.test("all broken plugin files are reported at once", async () => {
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
  assertMatch(
    err,
    /\nTo go on without them: --without plugins\/a.ts,plugins\/b.ts,plugins\/c.ts\n$/,
  );
});

Deno.test("a missing permission is reported with the flag", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const { code, err } = await hookloop([
    "train",
    "tiny.ts",
    "--backend",
    "wasm",
  ], {
    cwd,
    permissions: ["--allow-read=plugins"],
  });
  assertEquals(code, 2);
  assertMatch(err, /--allow-read/);
});

Deno.test("a permission that a hook lacks is reported without a stack trace, exit code 2", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/reach.ts":
      'export default { name: "reach", async onEpochBegin() { await fetch("http://example.com"); } };',
  });
  const { code, err } = await hookloop(
    ["train", "tiny.ts", "--backend", "cpu"],
    {
      cwd,
    },
  );
  assertEquals(
    err,
    'Plugin "reach" failed in onEpochBegin at epoch 0 (plugins/reach.ts): Requires net access to "example.com:80", run again with the --allow-net flag\n' +
      '    A run gives up what no file of it says it needs; say so at the top of the file: export const permissions = { net: ["example.com:80"] };\n',
  );
  assertEquals(code, 2);
});

Deno.test("an experiment that may not be read is reported with the flag", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const root = new URL("../../../", import.meta.url).pathname;
  const { code, err } = await hookloop(["train", "tiny.ts"], {
    cwd,
    permissions: [`--allow-read=${root}`],
  });
  assertEquals(
    err,
    "Cannot load the experiment tiny.ts: read permission is missing; run with --allow-read=tiny.ts\n",
  );
  assertEquals(code, 2);
});
