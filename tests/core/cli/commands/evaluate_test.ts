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
