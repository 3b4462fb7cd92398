import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import config from "../../../../deno.json" with { type: "json" };
import { folder, hookloop, printed, spawned, TINY } from "../_command.ts";

const TRAIN = ["train", "tiny.ts", "--backend", "cpu"];

// deno-lint-ignore no-explicit-any
async function recordIn(dir: string): Promise<any> {
  return JSON.parse(await Deno.readTextFile(`${dir}/run.json`));
}

Deno.test("runs that begin in the same second do not share a folder", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const many = await Promise.all(
    [1, 2, 3, 4].map(() =>
      hookloop([...TRAIN, "--quiet", "--use", "csv-logger"], { cwd })
    ),
  );
  assertEquals(many.map(({ code }) => code), [0, 0, 0, 0]);
  const dirs = [...Deno.readDirSync(`${cwd}/runs`)].map(({ name }) => name);
  assertEquals(dirs.length, 4);
  for (const dir of dirs) {
    const record = await recordIn(`${cwd}/runs/${dir}`);
    assertEquals(record.outcome, { status: "completed" });
    const log = await Deno.readTextFile(`${cwd}/runs/${dir}/log.csv`);
    assertEquals(log.trim().split("\r\n").length, 3);
  }
});

Deno.test("--run-dir of an earlier run is refused before anything is loaded, unless --overwrite says so", async () => {
  const cwd = await folder({ "tiny.ts": TINY, "mine/notes.txt": "notes" });
  const into = [...TRAIN, "--quiet", "--run-dir", "mine"];
  assertEquals((await hookloop(into, { cwd })).code, 0);
  const before = await recordIn(`${cwd}/mine`);
  const again = await hookloop(into, { cwd });
  assertEquals(again, {
    code: 2,
    out: "",
    err:
      "Cannot use mine: it holds an earlier run; name another folder with --run-dir, or give --overwrite to replace its record and its files\n",
  });
  assertEquals(await recordIn(`${cwd}/mine`), before);
  const over = await hookloop([...into, "--overwrite", "--epochs", "1"], {
    cwd,
  });
  assertEquals(over.code, 0);
  assertEquals((await recordIn(`${cwd}/mine`)).epoch, [0]);
  assertEquals(await Deno.readTextFile(`${cwd}/mine/notes.txt`), "notes");
});

Deno.test("a folder that a run is in is refused, and taken over once its process is gone", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const into = [...TRAIN, "--run-dir", "run", "--overwrite"];
  const child = spawned([...into, "--epochs", "1000000"], { cwd });
  await printed(child, "Epoch 3/");
  const second = await hookloop(into, { cwd });
  assertEquals([second.code, second.out], [2, ""]);
  assertMatch(
    second.err,
    new RegExp(
      `^Cannot use run: process ${child.pid}, since [-0-9]+ [:0-9]+, runs there; wait until it has ended, or name another folder with --run-dir\n$`,
    ),
  );
  child.kill("SIGKILL");
  await child.stderr.cancel();
  await child.status;
  const third = await hookloop(into, { cwd });
  assertEquals([third.code, third.err], [0, ""]);
  assertMatch(
    third.out,
    new RegExp(
      `\nrun was left by process ${child.pid}, since [-0-9]+ [:0-9]+, which is gone: it is taken over\n`,
    ),
  );
  const names = [...Deno.readDirSync(`${cwd}/run`)].map(({ name }) => name);
  assertEquals(names.includes("lock"), false);
});

Deno.test("the record says with what the run ran", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  await hookloop(
    [
      ...TRAIN,
      "--quiet",
      "--run-dir",
      "run",
      "--learning-rate",
      "0.02",
      "--use",
      "early-stopping:patience=7",
    ],
    { cwd },
  );
  const { plugins, optimizer, loss, learningRate, params, seconds } =
    await recordIn(`${cwd}/run`);
  const stopping = plugins.find(({ name }: { name: string }) =>
    name === "early-stopping"
  );
  assertEquals(
    [stopping.options.patience, stopping.options.monitor],
    [7, "val_loss"],
  );
  assertEquals([optimizer, loss, learningRate], [
    { name: "SGD", learningRate: 0.02 },
    "meanSquaredError",
    0.02,
  ]);
  assertEquals(params.directions, {
    loss: "min",
    mae: "min",
    val_loss: "min",
    val_mae: "min",
  });
  assertEquals(seconds.length, 2);
});

/** The SHA-256 of a text, as another program has it. */
async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

Deno.test("the record says what a run was made of: files and their content, versions, machine, command line", async () => {
  const mine = `// from "jsr:@scope/none@1"
export default { name: "mine", onEpochEnd() {} };`;
  const cwd = await folder({ "tiny.ts": TINY, "plugins/mine.ts": mine });
  const { code, err } = await hookloop(
    [...TRAIN, "--quiet", "--run-dir", "run"],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  const record = await recordIn(`${cwd}/run`);
  assertEquals(record.command, [...TRAIN, "--quiet", "--run-dir", "run"]);
  assertEquals(record.experimentSha256, await sha256(TINY));
  const by = (name: string) =>
    record.plugins.find((it: { name: string }) => it.name === name);
  assertEquals(by("mine"), {
    name: "mine",
    file: "plugins/mine.ts",
    version: "jsr:@scope/none@1",
    sha256: await sha256(mine),
  });
  const source = new URL("../../../../plugins/csv_logger.ts", import.meta.url);
  assertEquals([by("csv-logger").version, by("csv-logger").sha256], [
    `hookloop ${config.version}`,
    await sha256(await Deno.readTextFile(source)),
  ]);
  assertEquals(record.versions.deno, Deno.version.deno);
  assertEquals([record.seed, record.backend, record.threads], [42, "cpu", 1]);
  assertEquals(record.host, {
    os: Deno.build.os,
    arch: Deno.build.arch,
    cores: navigator.hardwareConcurrency,
  });
  assertEquals(record.data.of, "the numbers of train and validation");
});

Deno.test("the embedded experiment has a content of its own, and the data of a seed are known by theirs", async () => {
  const cwd = await folder();
  const data: string[] = [];
  for (const [run, seed] of [["a", "1"], ["b", "1"], ["c", "2"]]) {
    const { code, err } = await hookloop([
      ...["train", "--backend", "cpu", "--quiet", "--epochs", "1"],
      ...["--steps-per-epoch", "1", "--validation-freq", "9"],
      ...["--seed", seed!, "--run-dir", run!],
    ], { cwd });
    assertEquals([code, err], [0, ""]);
    const record = await recordIn(`${cwd}/${run}`);
    assertEquals(record.experimentSha256.length, 64);
    data.push(record.data.sha256);
  }
  assertEquals([data[0] === data[1], data[0] === data[2]], [true, false]);
});

Deno.test("the record knows the data set that was named", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "points.csv": "x,label\n0,a\n1,b\n0,a\n1,b\n0,a\n1,b\n",
  });
  const { code, err } = await hookloop(
    [...TRAIN, "--quiet", "--run-dir", "run", "--data", "points.csv"],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  const { data } = await recordIn(`${cwd}/run`);
  assertStringIncludes(data.name, "points.csv");
  assertEquals(data.samples + data.validation, 6);
  assert("classes" in data);
});

Deno.test("a reader that goes away takes nothing out of the record", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const child = new Deno.Command("sh", {
    args: [
      "-c",
      '"$0" run --no-prompt --no-check --config="$1" --allow-read --allow-write=. "$2" train tiny.ts --backend cpu --quiet --run-dir run | true',
      Deno.execPath(),
      new URL("../../../../deno.json", import.meta.url).pathname,
      new URL("../../../../core/cli/main.ts", import.meta.url).pathname,
    ],
    cwd,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  });
  await child.output();
  const { outcome, epoch, error } = await recordIn(`${cwd}/run`);
  assertEquals([outcome, epoch, error], [
    { status: "completed" },
    [0, 1],
    undefined,
  ]);
});

Deno.test("a name that would leave runs/ is refused, and nothing is written", async () => {
  const cwd = await folder({
    "tiny.ts": TINY.replace('name: "tiny"', 'name: "../x"'),
  });
  const { code, err } = await hookloop(TRAIN, { cwd });
  assertEquals(code, 2);
  assertStringIncludes(err, "its 'name' must be text for the name of a folder");
  assertEquals([...Deno.readDirSync(cwd)].length, 1);
});

Deno.test("a file that has an odd name gives its run a plain one", async () => {
  const cwd = await folder({
    [`..${"y".repeat(200)} &!.ts`]: TINY.replace('name: "tiny",', ""),
  });
  const { code } = await hookloop(
    ["train", `..${"y".repeat(200)} &!.ts`, "--backend", "cpu", "--quiet"],
    { cwd },
  );
  assertEquals(code, 0);
  const [run] = [...Deno.readDirSync(`${cwd}/runs`)];
  assertEquals(run!.name.slice(0, 61), `${"y".repeat(60)}-`);
});

/** From the second epoch on, as of a disk that is full. */
const FULL = `
export default {
  name: "full",
  onEpochBegin(epoch) {
    if (epoch === 0) return;
    const fail = () => {
      throw Object.assign(new Error("No space left on device"), { code: "ENOSPC" });
    };
    Deno.FsFile.prototype.writeSync = fail;
    Deno.FsFile.prototype.write = async () => fail();
  },
};`;

Deno.test("a disk that is full in mid-run does not end the run; what is missing is named, with exit code 1", async () => {
  const cwd = await folder({ "tiny.ts": TINY, "plugins/full.ts": FULL });
  for (
    const [name, without, message] of [
      ["csv-logger", "model-checkpoint", "Cannot write run/log.csv"],
      ["model-checkpoint", "csv-logger", 'Cannot save to "run/best"'],
    ]
  ) {
    const { code, out, err } = await hookloop(
      [...TRAIN, "--run-dir", "run", "--overwrite"].concat([
        "--without",
        without!,
      ]),
      { cwd },
    );
    assertEquals([code, err], [1, ""]);
    const problem = `${message}: No space left on device`;
    assertStringIncludes(
      out,
      `Warning: ${problem}, which plugin "${name}" writes; the run goes on, `,
    );
    assertStringIncludes(out, "\nCompleted 2 epochs\n");
    assertStringIncludes(out, `\nNot written: ${problem}`);
    // What was written before is whole.
    const { params, outcome } = await recordIn(`${cwd}/run`);
    assertEquals([params.epochs, outcome], [2, undefined]);
  }
});

Deno.test("a record that cannot be written takes neither the run nor its summary", async () => {
  const cwd = await folder({ "tiny.ts": TINY, "plugins/full.ts": FULL });
  const { code, out, err } = await hookloop(
    [
      ...TRAIN,
      "--run-dir",
      "run",
      "--without",
      "csv-logger,model-checkpoint",
    ],
    { cwd },
  );
  const problem = "Cannot write run/run.json: No space left on device";
  assertEquals([code, err], [1, ""]);
  assertStringIncludes(
    out,
    `Warning: ${problem}; the run goes on, and it is tried again\n`,
  );
  assertStringIncludes(out, "\nCompleted 2 epochs\nBest epoch: ");
  assertStringIncludes(out, `\nThe record is not whole: ${problem}\n`);
});
