import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop, TINY } from "../_command.ts";

const CPU = ["--backend", "cpu"];

/** A plugin that runs in training and in evaluation: one list serves both. */
const SHOUT = `export default {
  name: "shout",
  needs: { onTestEnd: ["loss"], onEpochEnd: ["val_loss"] },
  onTestEnd(logs, run) { run.print("TEST " + run.params.mode); },
  onEpochEnd() {},
};`;

/** A run of the tiny experiment that leaves a checkpoint. */
async function trained(options = ""): Promise<string> {
  const cwd = await folder({ "tiny.ts": TINY });
  const { code, err } = await hookloop(
    [
      "train",
      "tiny.ts",
      ...CPU,
      "--quiet",
      "--run-dir",
      "run",
      "--use",
      `model-checkpoint:filepath=last${options}`,
    ],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  return cwd;
}

/** The last validation loss of that run. */
async function lastLoss(cwd: string): Promise<string> {
  const record = JSON.parse(await Deno.readTextFile(`${cwd}/run/run.json`));
  return String(Number(record.history.val_loss.at(-1).toFixed(4)));
}

for (
  const [options, what] of [
    ["", "the model with its optimizer"],
    [",saveWeightsOnly", "the weights, in the experiment's model"],
  ] as const
) {
  Deno.test(`evaluate returns what validation returned: ${what}`, async () => {
    const cwd = await trained(options);
    const before = [...Deno.readDirSync(`${cwd}/run`)].length;
    const { code, out, err } = await hookloop(
      ["evaluate", "run/last", "tiny.ts", ...CPU],
      { cwd, permissions: ["--allow-read"] },
    );
    assertEquals([code, err], [0, ""]);
    assertMatch(out, new RegExp(`\nfrom run/last: ${what}\n`));
    assertStringIncludes(out, `\n  loss  ${await lastLoss(cwd)}\n  mae   `);
    assertEquals([...Deno.readDirSync(`${cwd}/run`)].length, before);
  });
}

Deno.test("evaluate runs the test hooks of the plugins; --quiet prints only the results", async () => {
  const cwd = await trained();
  await Deno.mkdir(`${cwd}/plugins`);
  await Deno.writeTextFile(`${cwd}/plugins/shout.ts`, SHOUT);
  const args = [
    "evaluate",
    "run/last",
    "tiny.ts",
    ...CPU,
    "--use",
    "early-stopping",
    "--use",
    "csv-logger",
  ];
  const loud = await hookloop(args, { cwd });
  assertEquals([loud.code, loud.err], [0, ""]);
  assertStringIncludes(loud.out, "\nTEST evaluate\n");
  const quiet = await hookloop([...args, "--quiet"], { cwd });
  assertMatch(quiet.out, /^ {2}loss {2}\S+\n {2}mae {3}\S+\n$/);
});

Deno.test("evaluate without validation data says what to provide", async () => {
  const cwd = await trained();
  await Deno.writeTextFile(
    `${cwd}/bare.ts`,
    TINY.replace(/validation: .*\n/, ""),
  );
  const { code, err } = await hookloop(
    ["evaluate", "run/last", "bare.ts", ...CPU],
    { cwd },
  );
  assertEquals(code, 2);
  assertEquals(
    err,
    "Cannot evaluate: the experiment has no validation data; let its 'data' return { train, validation }, or name a data set with --data\n",
  );
});

/** A run that learned to tell two words apart by a number. */
async function sorted(): Promise<string> {
  const rows = Array.from(
    { length: 40 },
    (_, i) => i % 2 ? `${i + 2},high` : `${-i - 2},low`,
  );
  const cwd = await folder({
    "words.csv": `number,word\n${rows.join("\n")}\n`,
    "test.csv": "number,word\n5,high\n-5,low\n7,low\n",
    "new.csv": "number\n9\n-9\n",
    "words.ts": `
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
export default {
  data: "words.csv",
  options: { epochs: 3, batchSize: 4 },
  model() {
    const model = tf.sequential({ layers: [tf.layers.dense({
      units: 2, inputShape: [1], activation: "softmax", kernelInitializer: "zeros",
    })] });
    model.compile({ optimizer: tf.train.sgd(0.001), loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
    return model;
  },
};`,
  });
  const { code, err } = await hookloop(
    ["train", "words.ts", ...CPU, "--quiet", "--run-dir", "run"],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  return cwd;
}

Deno.test("evaluate takes a run: its best model, on what it was validated with, with a confusion matrix", async () => {
  const cwd = await sorted();
  const { code, out, err } = await hookloop(["evaluate", "run", ...CPU], {
    cwd,
  });
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /\nfrom run\/best: the model with its optimizer\n/);
  const { best, history } = JSON.parse(
    await Deno.readTextFile(`${cwd}/run/run.json`),
  );
  const loss = String(
    Number((best?.value ?? Math.min(...history.val_loss)).toFixed(4)),
  );
  assertStringIncludes(out, `\n  loss      ${loss}`);
  assertMatch(out, /\nConfusion matrix of the evaluation: 8 samples/);
  assertMatch(
    await Deno.readTextFile(`${cwd}/run/evaluation/confusion-matrix.csv`),
    /^actual,(low,high|high,low)\r\n/,
  );
  assertMatch(
    await Deno.readTextFile(`${cwd}/run/evaluation/confusion-matrix.svg`),
    /^<svg .*<\/svg>\n$/s,
  );
});

Deno.test("with --data a model is evaluated on all rows of the file, without its experiment", async () => {
  const cwd = await sorted();
  await Deno.remove(`${cwd}/words.ts`);
  const { code, out, err } = await hookloop(
    ["evaluate", "run/best", "--data", "test.csv", ...CPU],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "\nevaluated on all samples of test.csv\n");
  assertStringIncludes(out, "3 samples, accuracy 0.6667\n");
  assertStringIncludes(out, "\n  accuracy  0.6667\n");
});

Deno.test("predict writes the classes of a file's rows by name, with labels or without, and over no file", async () => {
  const cwd = await sorted();
  const predict = (...more: string[]) =>
    hookloop(["predict", "run", ...CPU, ...more], { cwd });
  const { code, out, err } = await predict("--data", "test.csv");
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "\n3 predictions in predictions.csv\n");
  const text = await Deno.readTextFile(`${cwd}/predictions.csv`);
  assertMatch(
    text,
    /^sample,predicted,probability\r\n0,high,[\d.]+\r\n1,low,[\d.]+\r\n2,high,[\d.]+\r\n$/,
  );
  assertEquals((await predict("--data", "new.csv")).code, 2);
  await predict("--data", "new.csv", "--out", "new-out.csv");
  assertMatch(
    await Deno.readTextFile(`${cwd}/new-out.csv`),
    /\r\n0,high,.*\r\n1,low,.*\r\n$/,
  );
  // Without --data: the data set that the run was trained on.
  await predict("--out", "all.csv");
  const all = await Deno.readTextFile(`${cwd}/all.csv`);
  assertEquals(all.trim().split("\r\n").length, 41);
});
