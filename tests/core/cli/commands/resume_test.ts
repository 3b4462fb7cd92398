import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  folder,
  hookloop,
  interrupted,
  printed,
  type Result,
  spawned,
} from "../_command.ts";

/** Dropout, Adam, shuffled data: all that a careless resume would lose. */
const EXPERIMENT = `
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
import { rate } from "./rate.ts";
const x = Array.from({ length: 32 }, (_, i) => [i / 32]);
export default {
  name: "small",
  options: { epochs: 4, batchSize: 4 },
  use: [["reduce-lr-on-plateau", { patience: 1 }]],
  data: () => ({
    train: { x, y: x.map(([value]) => 2 * value) },
    validation: { x: [[4]], y: [8] },
  }),
  model({ seed }) {
    const kernelInitializer = tf.initializers.glorotUniform({ seed });
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 4, inputShape: [1], kernelInitializer }),
        tf.layers.dropout({ rate }),
        tf.layers.dense({ units: 1, kernelInitializer }),
      ],
    });
    model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError" });
    return model;
  },
};
`;

/** Ends the process, as a kill does, where the file "die" says so. */
const DIES = `
export default {
  name: "dies",
  onTrainBegin() {
    for (const { name } of Deno.readDirSync(".")) {
      if (name === "busy") throw new Error("the port is in use");
    }
  },
  onTrainBatchEnd(batch, logs, run) {
    let at;
    try {
      at = Deno.readTextFileSync("die");
    } catch {
      return;
    }
    if (at === run.path("x").replace("/x", "") + " " + run.step) Deno.exit(9);
  },
};
`;

const FILES = {
  "small.ts": EXPERIMENT,
  "rate.ts": "export const rate = 0.5;\n",
  "plugins/dies.ts": DIES,
};
const TRAIN = ["train", "small.ts", "--backend", "cpu"];
const BACKUPS = ["--use", "backup-and-restore:saveFreq=2"];

/** A run that was killed after some steps. */
async function killed(
  cwd: string,
  name: string,
  step: number,
  more: readonly string[] = [],
): Promise<void> {
  await Deno.writeTextFile(`${cwd}/die`, `runs/${name} ${step}`);
  const { code } = await hookloop(
    [...TRAIN, ...BACKUPS, ...more, "--run-dir", `runs/${name}`],
    { cwd },
  );
  assertEquals(code, 9);
  await Deno.remove(`${cwd}/die`);
}

function resume(cwd: string, ...args: string[]): Promise<Result> {
  return hookloop(["train", "--resume", ...args], { cwd });
}

// deno-lint-ignore no-explicit-any
function recordIn(dir: string): any {
  return JSON.parse(Deno.readTextFileSync(`${dir}/run.json`));
}

/** What must be equal in the folders of an unbroken run and of one that went on. */
function contents(dir: string): Record<string, unknown> {
  const events = Deno.readTextFileSync(`${dir}/events.jsonl`)
    .replaceAll(/^\{"at":\d+,/gm, "{");
  const { epoch, history, best, outcome, params } = recordIn(dir);
  return {
    files: [...Deno.readDirSync(dir)].map(({ name }) => name).sort(),
    log: Deno.readTextFileSync(`${dir}/log.csv`),
    weights: Deno.readFileSync(`${dir}/best/weights.bin`),
    ...{ events, epoch, history, best, outcome, params },
  };
}

Deno.test("a run that was killed in mid-epoch goes on, and equals one that never was", async () => {
  const cwd = await folder(FILES);
  const whole = await hookloop(
    [...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"],
    { cwd },
  );
  assertEquals([whole.code, whole.err], [0, ""]);
  await killed(cwd, "broken", 13);
  const before = recordIn(`${cwd}/runs/broken`);
  const { code, err, out } = await resume(cwd);
  assertEquals([code, err], [0, ""]);
  // Which backup is the last that was written depends on the disk.
  const [, backup] =
    /\nruns\/broken goes on with epoch \d(?: after batch \d)?, from (backup\/\d{6}\.backup)\n/
      .exec(out)!;
  assertEquals(
    contents(`${cwd}/runs/broken`),
    contents(`${cwd}/runs/whole`),
  );
  const { began, command, seconds, resumed } = recordIn(`${cwd}/runs/broken`);
  assertEquals([began, command], [before.began, before.command]);
  assertEquals(seconds.length, 4);
  const [{ at, epoch, batch, ...once }] = resumed;
  assert(at > began && epoch * 8 + batch > 0 && epoch * 8 + batch <= 13);
  assertEquals([resumed.length, once], [1, {
    command: ["train", "--resume"],
    backup,
    after: "killed",
  }]);
});

Deno.test("a run can be killed and go on many times", async () => {
  const cwd = await folder(FILES);
  await hookloop([...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"], { cwd });
  await killed(cwd, "broken", 12);
  for (const step of [19, 25, 31]) {
    await Deno.writeTextFile(`${cwd}/die`, `runs/broken ${step}`);
    assertEquals((await resume(cwd, "broken")).code, 9);
  }
  await Deno.remove(`${cwd}/die`);
  assertEquals((await resume(cwd, "runs/broken/")).code, 0);
  assertEquals(
    contents(`${cwd}/runs/broken`),
    contents(`${cwd}/runs/whole`),
  );
  assertEquals(recordIn(`${cwd}/runs/broken`).resumed.length, 4);
});

Deno.test("a run that fails before it goes on loses nothing of what was recorded", async () => {
  const cwd = await folder(FILES);
  await hookloop([...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"], { cwd });
  await killed(cwd, "broken", 13);
  const before = recordIn(`${cwd}/runs/broken`);
  await Deno.writeTextFile(`${cwd}/busy`, "");
  const { code, err } = await resume(cwd);
  assertEquals(code, 1);
  assertMatch(
    err,
    /^Plugin "dies" failed in onTrainBegin .*the port is in use/,
  );
  const { epoch, history, outcome } = recordIn(`${cwd}/runs/broken`);
  assertEquals([epoch, history], [before.epoch, before.history]);
  assertEquals([epoch.length, outcome.status], [1, "failed"]);
  await Deno.remove(`${cwd}/busy`);
  assertEquals((await resume(cwd)).code, 0);
  assertEquals(
    contents(`${cwd}/runs/broken`),
    contents(`${cwd}/runs/whole`),
  );
});

Deno.test("Ctrl-C says how to go on; the run that does is whole, its wish for more epochs too", async () => {
  const cwd = await folder(FILES);
  const train = [...TRAIN, "--run-dir", "runs/a", "--epochs", "3000"];
  const { code, out } = await interrupted(train, { cwd }, "Epoch 2/");
  assertEquals(code, 130);
  assertMatch(out, /\nTo go on with it: .* train --resume runs\/a\n$/);
  const list = await hookloop(["runs"], { cwd });
  assertMatch(list.out, /^a {2}interrupted, resumable: interrupted by SIGINT /);
  const wanted = recordIn(`${cwd}/runs/a`).epoch.length + 2;
  const next = await resume(cwd, "a", "--epochs", `${wanted}`, "--quiet");
  assertEquals([next.code, next.err], [0, ""]);
  const { epoch, outcome, params, flags, resumed } = recordIn(`${cwd}/runs/a`);
  assertEquals(epoch, Array.from({ length: wanted }, (_, i) => i));
  assertEquals([outcome.status, params.epochs], ["completed", wanted]);
  assertEquals([flags.epochs, resumed[0].after], [wanted, "interrupted"]);
});

Deno.test("all that has changed is named at once, and nothing touched; --resume-anyway takes it, and records it", async () => {
  const cwd = await folder(FILES);
  const uses = (threshold: number) => [
    "--use",
    `stop-on-threshold:monitor=val_loss,threshold=${threshold},mode=max`,
  ];
  await killed(cwd, "a", 13, uses(50));
  const dir = `${cwd}/runs/a`;
  const before = Deno.readTextFileSync(`${dir}/run.json`);
  const events = Deno.readTextFileSync(`${dir}/events.jsonl`);
  await Deno.writeTextFile(`${cwd}/small.ts`, `${EXPERIMENT}// changed\n`);
  await Deno.writeTextFile(`${cwd}/rate.ts`, "export const rate = 0.25;\n");
  await Deno.writeTextFile(`${cwd}/plugins/dies.ts`, `${DIES}// changed\n`);
  const args = [
    "a",
    "--use",
    "early-stopping:patience=9",
    ...uses(60),
    "--steps-per-epoch",
    "8",
  ];
  const { code, out, err } = await resume(cwd, ...args);
  assertEquals(code, 2);
  const [first, ...lines] = err.trim().split("\n");
  assertMatch(
    first!,
    /^Cannot go on from runs\/a\/backup\/\d+\.backup: this is another run$/,
  );
  const hash = "[0-9a-f]{8}";
  const expected = [
    '- plugin "early-stopping" was not there',
    `- plugin "dies" was made of ${hash}, and is of ${hash}`,
    '- option "threshold" of plugin "stop-on-threshold": it was 50, and is 60',
    `- content of small.ts: it was ${hash}, and is ${hash}`,
    `- content of rate.ts: it was ${hash}, and is ${hash}`,
    `- model: it was 3 layers, ${hash}, and is 3 layers, ${hash}`,
    "- stepsPerEpoch: it was none, and is 8",
    "Make it the same again, or go on all the same with resumeAnyway \\(--resume-anyway\\)",
  ];
  for (const [i, line] of expected.entries()) {
    assertMatch(lines[i] ?? "", new RegExp(`^${line}$`), out + err);
  }
  assertEquals(lines.length, expected.length);
  assertEquals(Deno.readTextFileSync(`${dir}/run.json`), before);
  assertEquals(Deno.readTextFileSync(`${dir}/events.jsonl`), events);
  const list = await hookloop(["runs"], { cwd });
  assertMatch(list.out, /^a {2}killed, resumable /);

  const anyway = await resume(cwd, ...args, "--resume-anyway", "--quiet");
  assertEquals([anyway.code, anyway.err], [0, ""]);
  const { resumed, outcome } = recordIn(dir);
  assertEquals([resumed[0].changed.length, outcome.status], [7, "completed"]);
});

Deno.test("when backups are taken and until when there is time may change, and a time that is past is refused", async () => {
  const cwd = await folder(FILES);
  await hookloop([...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"], { cwd });
  await killed(cwd, "broken", 13, [
    "--use",
    "time-limit:until=2999-01-01T00:00",
  ]);
  const past = await resume(cwd, "--use", "time-limit:until=2020-01-01T00:00");
  assertEquals(past.code, 2);
  assertMatch(
    past.err,
    /'until' is past: 2020-01-01T00:00; give a later one\n$/,
  );
  const { code, err } = await resume(
    cwd,
    "--use",
    "backup-and-restore:saveFreq=3",
  );
  assertEquals([code, err], [0, ""]);
  assertEquals(
    contents(`${cwd}/runs/broken`),
    contents(`${cwd}/runs/whole`),
  );
});

Deno.test("a run that cannot go on is refused in a sentence", async () => {
  const cwd = await folder(FILES);
  const none = await resume(cwd);
  assertEquals([none.code, none.out], [2, ""]);
  assertMatch(
    none.err,
    /^Cannot resume: no run in runs can go on; .* runs lists them\n$/,
  );
  await hookloop([...TRAIN, "--quiet", "--run-dir", "runs/done"], { cwd });
  await killed(cwd, "bare", 13, ["--without", "backup-and-restore"]);
  await Deno.mkdir(`${cwd}/runs/bad`);
  await Deno.writeTextFile(`${cwd}/runs/bad/run.json`, "{");
  const child = spawned(
    [...TRAIN, "--epochs", "1000000", "--run-dir", "runs/busy"],
    { cwd },
  );
  await printed(child, "Epoch 3/");
  const cases: [args: string[], message: RegExp][] = [
    [["done"], /^Cannot resume runs\/done: it is over \(finished\)\n$/],
    [
      ["busy"],
      new RegExp(
        `^Cannot use runs/busy: process ${child.pid}, since .* runs there;`,
      ),
    ],
    [
      ["bare"],
      /^Cannot resume runs\/bare: it ran without backup-and-restore, so there is nothing to go on from; begin anew with --run-dir runs\/bare --overwrite\n$/,
    ],
    [
      ["dne"],
      /^Cannot resume dne: there is no such run, did you mean "done"\?\n$/,
    ],
    [
      ["bad"],
      /^Cannot resume bad: runs\/bad\/run.json is not the record of a run\n$/,
    ],
    [
      ["a", "--seed", "3"],
      /^Cannot give --seed with --resume: a run goes on with its own, leave it out\n$/,
    ],
    [
      ["a", "small.ts"],
      /^Cannot give small.ts with --resume: a run goes on with its own, leave it out\n$/,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, err } = await resume(cwd, ...args);
    assertEquals(code, 2, err);
    assertMatch(err, message);
  }
  child.kill("SIGKILL");
  await child.stderr.cancel();
  await child.status;
  const alone = await hookloop([...TRAIN, "--resume-anyway"], { cwd });
  assertEquals(
    [alone.code, alone.err],
    [2, "Cannot resume anyway: give --resume [RUN] too\n"],
  );
});

Deno.test("a run that was killed before its first backup begins again; of the one whose place it took it has no backup", async () => {
  const cwd = await folder(FILES);
  await hookloop([...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"], { cwd });
  await killed(cwd, "a", 13);
  await killed(cwd, "a", 1, ["--overwrite"]);
  const { code, err, out } = await resume(cwd, "a");
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /\nruns\/a begins again: it has no backup yet\n/);
  assertEquals(contents(`${cwd}/runs/a`), contents(`${cwd}/runs/whole`));
  const { resumed } = recordIn(`${cwd}/runs/a`);
  assertEquals([resumed.length, resumed[0].after], [1, "killed"]);
  const page = await hookloop(["runs", "a"], { cwd });
  assertMatch(
    page.out,
    /\nWent on:\n {2}[-0-9]+ [:0-9]+ at epoch 1, after it was killed\n/,
  );
});

Deno.test("a single number that is other than it was is noticed", async () => {
  const cwd = await folder(FILES);
  await killed(cwd, "a", 13);
  const other = EXPERIMENT.replace("y: [8]", "y: [9]");
  await Deno.writeTextFile(`${cwd}/small.ts`, other);
  const { code, err } = await resume(cwd, "a");
  assertEquals(code, 2);
  assertMatch(err, /\n- content of the data: it was [0-9a-f]{8}, and is /);
});

Deno.test("a run that failed says how to go on, and does once what it failed at is mended", async () => {
  const bad = `export default {
  name: "bad",
  onEpochBegin(epoch) {
    if (epoch === 2) throw new Error("no more");
  },
};`;
  const cwd = await folder({ ...FILES, "plugins/bad.ts": bad });
  const { code, err } = await hookloop(
    [...TRAIN, "--run-dir", "runs/a"],
    { cwd },
  );
  assertEquals(code, 1);
  assertMatch(err, /^Plugin "bad" failed in onEpochBegin at epoch 2 /);
  assertMatch(err, /\nTo go on with it: .* train --resume runs\/a\n$/);
  const list = await hookloop(["runs"], { cwd });
  assertMatch(list.out, /^a {2}failed, resumable: Plugin "bad" failed in /);
  await Deno.writeTextFile(
    `${cwd}/plugins/bad.ts`,
    bad.replace("epoch === 2", "false"),
  );
  const next = await resume(cwd, "--resume-anyway");
  assertEquals([next.code, next.err], [0, ""]);
  const { epoch, outcome, resumed, error } = recordIn(`${cwd}/runs/a`);
  assertEquals([epoch, outcome.status, error], [
    [0, 1, 2, 3],
    "completed",
    undefined,
  ]);
  assertEquals([resumed[0].after, resumed[0].changed.length], ["failed", 1]);
});

/** A loop of one's own that trains twice. */
const TWICE = EXPERIMENT.replace("export default", "const experiment =") + `
import { fit } from "${new URL("../../../../mod.ts", import.meta.url)}";
export default async (setup) => {
  let last;
  for (const seed of [1, 2]) {
    const model = experiment.model({ seed });
    const { train, validation } = experiment.data();
    last = await fit(model, train, {
      ...experiment.options,
      validationData: validation,
      ...setup.run(),
    });
    setup.print("trained " + model.getWeights()[0].dataSync().join());
    model.dispose();
  }
  return last;
};
`;

Deno.test("an experiment that trains twice goes on with the second; the first, which is over, is not trained again", async () => {
  const cwd = await folder({ ...FILES, "small.ts": TWICE });
  const whole = await hookloop(
    [...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"],
    { cwd },
  );
  assertEquals([whole.code, whole.err], [0, ""]);
  await Deno.writeTextFile(`${cwd}/die`, "runs/broken/2 13");
  const args = [...TRAIN, ...BACKUPS, "--run-dir", "runs/broken"];
  assertEquals((await hookloop(args, { cwd })).code, 9);
  await Deno.remove(`${cwd}/die`);
  const list = await hookloop(["runs"], { cwd });
  assertMatch(list.out, /^broken\/2 {2}killed, resumable /);
  const { code, err, out } = await resume(cwd, "broken");
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /\nruns\/broken goes on with epoch 4/);
  assertMatch(out, /\nruns\/broken\/2 goes on with epoch /);
  const trained = (text: string) =>
    text.split("\n").filter((line) => line.startsWith("trained "));
  assertEquals(trained(out), trained(whole.out));
  for (const at of ["", "/2"]) {
    assertEquals(
      contents(`${cwd}/runs/broken${at}`),
      contents(`${cwd}/runs/whole${at}`),
    );
  }
  assertEquals((await resume(cwd, "broken/2")).code, 2);
});

Deno.test("a run that was killed before backups began goes on from its beginning, and leaves nothing half written", async () => {
  const cwd = await folder(FILES);
  await killed(cwd, "a", 13);
  await Deno.remove(`${cwd}/runs/a/backup`, { recursive: true });
  await Deno.writeTextFile(`${cwd}/runs/a/run.json.01234567.part`, "{");
  const { code, err } = await resume(cwd, "a");
  assertEquals([code, err], [0, ""]);
  await hookloop([...TRAIN, ...BACKUPS, "--run-dir", "runs/whole"], { cwd });
  const [again, whole] = ["a", "whole"].map((name) =>
    contents(`${cwd}/runs/${name}`)
  );
  assertEquals(again, whole);
});
