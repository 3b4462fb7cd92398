import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  type Context,
  setupOf,
} from "../../../../core/cli/experiment/context.ts";
import { evaluateCheckpoint } from "../../../../core/cli/experiment/evaluate_checkpoint.ts";
import type { Experiment } from "../../../../core/cli/experiment/experiment.ts";
import { runExperiment } from "../../../../core/cli/experiment/run_experiment.ts";
import { DataError, InputError } from "../../../../core/errors.ts";
import type { History } from "../../../../core/run/history.ts";
import { silent } from "../../../../core/terminal.ts";
import { loadModel } from "../../../../core/tf/checkpoint/checkpoint.ts";
import { classNames } from "../../../../core/tf/checkpoint/class_names.ts";
import { classifier } from "../../tf/_models.ts";

/** 20 flowers, sorted by kind. */
const FLOWERS = Array.from(
  { length: 20 },
  (_, i) => `${i};${-i};${i < 10 ? "rose" : "tulip"}\n`,
).join("");

const experiment: Experiment = {
  data: "nothing",
  model: () => classifier({ classes: 2 }),
};

interface Ran {
  readonly history: History;
  readonly lines: readonly string[];
  readonly dir: string;
  readonly context: Context;
}

async function run(
  given: Partial<Context> & { readonly csv?: string } = {},
  own: Experiment = experiment,
): Promise<Ran> {
  const lines: string[] = [];
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/data.csv`, given.csv ?? FLOWERS);
  const context: Context = {
    seed: 1,
    options: {},
    ...own.data === "nothing" ? { data: `${dir}/data.csv` } : {},
    dir,
    plugins: (plugins) => plugins ?? [],
    printer: { ...silent(), print: (line) => void lines.push(line) },
    about: {},
    ...given,
  };
  const history = await runExperiment(own, setupOf(context), context);
  return { history: history!, dir, context, lines };
}

const saving = (path: string, weightsOnly = false): Partial<Context> => ({
  plugins: () => [{
    name: "saver",
    async onTrainEnd(_logs, run) {
      await run.save(path, { weightsOnly });
    },
  }],
});

Deno.test("the classes of a CSV file are printed, and kept with the run and with each saved model", async () => {
  const { lines, dir } = await run(saving("best"));
  assertEquals(lines, [
    `data ${dir}/data.csv: 16 samples of 2 in 2 classes (rose, tulip), 4 for validation`,
  ]);
  for (const path of ["classes.json", "best/classes.json"]) {
    const classes = JSON.parse(await Deno.readTextFile(`${dir}/${path}`));
    assertEquals(classes, ["rose", "tulip"], path);
  }
  assertEquals(classNames(await loadModel(`${dir}/best`)), ["rose", "tulip"]);
});

for (const weightsOnly of [false, true]) {
  Deno.test(`a checkpoint${weightsOnly ? " of weights" : ""} keeps its classes, whatever comes first in another file`, async () => {
    const { dir, context } = await run(saving("best", weightsOnly));
    const csv = "1;1;tulip\n".repeat(9) + "2;2;rose\n";
    const again = await run({ csv, from: `${dir}/best` });
    const classes = `${again.dir}/classes.json`;
    assertEquals(
      await Deno.readTextFile(classes),
      '[\n  "rose",\n  "tulip"\n]\n',
    );
    await Deno.writeTextFile(`${dir}/data.csv`, csv.replace("rose", "lily"));
    const error = await assertRejects(
      () => evaluateCheckpoint(`${dir}/best`, experiment, context),
      InputError,
    );
    assertEquals(
      error.message,
      `Cannot read ${dir}/data.csv: row 10, column "2" is "lily", which is none of the model's classes: rose, tulip`,
    );
  });
}

Deno.test("--separator, --no-header and --label say how to read a CSV file", async () => {
  const given = { separator: "|", header: false, label: "2" };
  const csv = "3|1|rose\n4|1|tulip\na|1|rose\n";
  const error = await assertRejects(() => run({ csv, ...given }), InputError);
  assertEquals(
    error.message.replace(/.*: /, ""),
    'row 3, column "0" is "a", expected a number',
  );
  const { lines } = await run({ csv: csv.replace("a", "5"), ...given });
  assert(lines[0]!.includes("in 2 classes (rose, tulip)"));
});

Deno.test("--validation-split holds for files and for samples in memory", async () => {
  const file = await run({ options: { validationSplit: 0.5 } });
  assert(
    file.lines[0]!.endsWith(
      "10 samples of 2 in 2 classes (rose, tulip), 10 for validation",
    ),
  );
  const none = await run({ options: { validationSplit: 0 } });
  assertEquals(Object.keys(none.history.history), ["loss", "accuracy"]);

  const train = { x: [[1, 2], [3, 4], [5, 6], [7, 8]], y: [0, 1, 0, 1] };
  const sizes: number[] = [];
  const looking: Partial<Context> = {
    plugins: () => [{
      name: "looking",
      async onTrainBegin(_logs, run) {
        for await (const { size } of run.validation!.batches()) {
          sizes.push(size);
        }
      },
      requires: ["validation"],
    }],
  };
  for (const validation of [undefined, { x: [[1, 2]], y: [0] }]) {
    const own = { ...experiment, data: () => ({ train, validation }) };
    await run({ ...looking, options: { validationSplit: 0.5 } }, own);
  }
  const own = {
    ...experiment,
    data: () => ({ train }),
    options: { validationSplit: 0.25 },
  };
  await run(looking, own);
  // The flag goes before what the experiment has, and its option holds too.
  assertEquals(sizes, [2, 2, 1]);
});

Deno.test("what an experiment's data function throws is its own failure", async () => {
  const failing = (error: Error) => ({
    ...experiment,
    data() {
      throw error;
    },
  });
  const failure = await assertRejects(
    () => run({}, failing(new TypeError("no such thing"))),
    DataError,
  );
  assertEquals(
    failure.message,
    "The experiment's 'data' failed: no such thing",
  );
  await assertRejects(
    () => run({}, failing(new InputError("x"))),
    InputError,
    "x",
  );
});
