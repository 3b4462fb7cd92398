import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop, TINY } from "../_command.ts";

/** A record as older versions wrote it, without a log of events. */
const OLD = JSON.stringify({
  learningRate: 0.1,
  params: { epochs: 6, initialEpoch: 0, steps: 2, directions: {} },
  epoch: [0, 1, 2, 3, 4],
  history: {
    loss: [5, 4, "NaN", 2, 1],
    val_loss: [5, null, 4, 6, 7],
    learning_rate: [0.1, 0.1, 0.05, 0.05, 0.05],
  },
  seconds: [1, 1, 1, 1, 1],
});

/** All files below a folder, with their sizes. */
function below(dir: string): string[] {
  return [...Deno.readDirSync(dir)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? below(`${dir}/${name}`)
      : `${dir}/${name} ${Deno.statSync(`${dir}/${name}`).size}`
  ).sort();
}

const REPLAY = ["train", "--replay"];

Deno.test("train --replay says what plugins would have done in a run, and writes nothing", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const trained = await hookloop([
    ...["train", "tiny.ts", "--backend", "cpu", "--epochs", "4"],
    ...["--use", "batch-lr-decay:decay=2", "--run-dir", "runs/it"],
  ], { cwd });
  assertEquals(trained.code, 0);
  const before = below(cwd);
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "it"],
    ...["--use", "early-stopping:monitor=loss,minDelta=100"],
    ...["--use", "csv-logger", "--use", "terminate-on-nan"],
    ...["--use", "reduce-lr-on-plateau:patience=1,minDelta=100,factor=0.5"],
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  const lines = out.split("\n");
  assertEquals(lines.slice(0, 2), [
    "csv-logger would have written log.csv at the start",
    "reduce-lr-on-plateau would have added learning_rate to the logs in epoch 1",
  ]);
  assertMatch(
    lines[2]!,
    /^early-stopping would have stopped the run after epoch 2: loss has not improved on [\d.]+ \(epoch 1\) for 1 epoch$/,
  );
  // Until it sets one, it reads what the decay had made of it.
  const halved = (epoch: number, rate: number) =>
    `reduce-lr-on-plateau would have set the learning rate to ${rate} in epoch ${epoch}`;
  assertEquals(
    lines.slice(3, 6),
    [
      halved(2, 0.01 / 2 ** 5),
      halved(3, 0.01 / 2 ** 6),
      halved(4, 0.01 / 2 ** 7),
    ].map((line) =>
      line.replace(
        /0\.000\d+/,
        (it) => String(Number(Number(it).toPrecision(6))),
      )
    ),
  );
  assertMatch(
    lines[7]!,
    /^Replayed runs\/it: 4 epochs, best val_loss [\d.]+ in epoch 4$/,
  );
  assertMatch(
    lines[8]!,
    /^early-stopping would have stopped the run after epoch 2: .*; the run went on to epoch 4, best val_loss [\d.]+ in epoch 4$/,
  );
  assertEquals(
    lines[10],
    "terminate-on-nan would have done nothing",
  );
  assertEquals(below(cwd), before);
});

Deno.test("a plugin that loads a library is replayed without tf.js, which has loaded none before", async () => {
  const cwd = await folder({ "runs/old/run.json": OLD });
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "old", "--use", "tensorboard:hparams=false"],
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  assertMatch(
    out.split("\n")[0]!,
    /^tensorboard would have written logs\/train\/events\.out\.tfevents\.\S+ in epoch 1$/,
  );
});

Deno.test("an older run is replayed from its history: epochs alone, with the learning rate they had", async () => {
  const cwd = await folder({
    "runs/old/run.json": OLD,
    "plugins/rates.ts":
      'export default { name: "rates", requires: ["learningRate"], onEpochEnd(_epoch, logs, run) { run.print(run.optimizer.learningRate + " " + run.step + " " + run.now() + " " + logs.loss); } };',
  });
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "runs/old/"],
    ...["--use", "early-stopping:patience=1", "--use", "rates"],
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  assertEquals(out.split("\n"), [
    'Warning: Plugin "early-stopping" needs log key "val_loss" in onEpochEnd, which is there in some epochs only: validation ran in some epochs only',
    'rates would have printed "0.1 2 1000 5" in epoch 1',
    'rates would have printed "0.1 4 2000 4" in epoch 2',
    'rates would have printed "0.05 6 3000 NaN" in epoch 3',
    "early-stopping would have stopped the run after epoch 4: val_loss has not improved on 4 (epoch 3) for 1 epoch",
    'rates would have printed "0.05 8 4000 2" in epoch 4',
    'rates would have printed "0.05 10 5000 1" in epoch 5',
    "",
    "Replayed runs/old: 5 epochs, best val_loss 4 in epoch 3",
    "early-stopping would have stopped the run after epoch 4: val_loss has not improved on 4 (epoch 3) for 1 epoch; the run went on to epoch 5, best val_loss 4 in epoch 3",
    'rates would have printed 5 times, the last time "0.05 10 5000 1"',
    "",
  ]);
});

Deno.test("the clock is the recorded one", async () => {
  const cwd = await folder({
    "runs/old/run.json": OLD.replace("{", '{"began":"2026-01-02T11:59:47Z",'),
  });
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "old"],
    ...["--use", "time-limit:until=2026-01-02T12:00:00Z"],
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  assertMatch(out, /^time-limit would have stopped the run after epoch [23]: /);
});

Deno.test("with --run-dir the plugins' files are written there; --quiet prints the summary alone", async () => {
  const cwd = await folder({ "runs/old/run.json": OLD });
  const use = ["--use", "shadow:csv-logger:filename=a/b.csv", "--quiet"];
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "old", ...use, "--run-dir", "runs/trial"],
  ], { cwd });
  assertEquals([code, err], [0, ""]);
  assertEquals(out.split("\n"), [
    "Replayed runs/old: 5 epochs, best val_loss 4 in epoch 3",
    "csv-logger would have written a/b.csv at the start",
    "Files in runs/trial:",
    "  a/b.csv",
    "",
  ]);
  const csv = await Deno.readTextFile(`${cwd}/runs/trial/a/b.csv`);
  assertEquals(csv.split("\r\n").slice(0, 3), [
    "epoch,learning_rate,loss,val_loss",
    "0,0.1,5,5",
    "1,0.1,4,NA",
  ]);
  const same = await hookloop([
    ...[...REPLAY, "old", ...use, "--run-dir", "runs/old", "--overwrite"],
  ], { cwd });
  assertEquals(
    [same.code, same.err.trim()],
    [
      2,
      "Cannot use runs/old: it is the run that is replayed; name another folder with --run-dir",
    ],
  );
});

Deno.test("what cannot be replayed is refused with exit code 2", async () => {
  const cwd = await folder({
    "runs/old/run.json": OLD,
    "runs/broken/run.json": "{",
    "runs/empty/run.json": "{}",
  });
  const use = ["--use", "early-stopping:monitor=val_los"];
  const cases: [string[], string][] = [
    [
      ["odl", ...use],
      'Cannot replay odl: there is no such run, did you mean "old"?',
    ],
    [
      ["broken", ...use],
      "Cannot replay broken: runs/broken/run.json is not the record of a run",
    ],
    [
      ["empty", ...use],
      "Cannot replay runs/empty: not one epoch of it was recorded",
    ],
    [["old"], "Cannot replay without a plugin: name one, such as --use"],
    [
      ["old", "tiny.ts", ...use],
      "Cannot replay with an experiment: leave tiny.ts out",
    ],
    [
      ["old", ...use, "--epochs", "3"],
      "Cannot use --epochs with --replay: the run is over; --replay heeds --use,",
    ],
    [["old", ...use, "--plan"], "Cannot use --plan with --replay"],
    [["old", "--use", "early-stoping"], 'There is no plugin "early-stoping"'],
    [["old", ...use], 'did you mean "val_loss"?'],
    [
      ["old", "--use", "sample-predictions"],
      "validation data, which a recording does not hold",
    ],
  ];
  for (const [args, message] of cases) {
    const { code, out, err } = await hookloop([...REPLAY, ...args], { cwd });
    assertEquals([code, out], [2, ""], message);
    assertStringIncludes(err, message);
  }
});

Deno.test("a run that was killed is replayed as far as it came", async () => {
  const line = (epoch: number, at: number, hook = "onEpochEnd") =>
    JSON.stringify({
      at,
      kind: "logs",
      hook,
      epoch,
      logs: { loss: 1 + epoch },
    });
  const cwd = await folder({
    "runs/killed/run.json": JSON.stringify({
      params: { epochs: 9, steps: 3 },
      epoch: [0],
      history: { loss: [1] },
    }),
    "runs/killed/events.jsonl": `${line(0, 5)}\n${line(1, 9)}\n{"at":12,"ki`,
  });
  const { code, out } = await hookloop([
    ...[...REPLAY, "killed", "--use", "early-stopping:monitor=loss"],
  ], { cwd });
  assertEquals(code, 0);
  assertEquals(
    out.split("\n").at(-2),
    "early-stopping would have stopped the run after epoch 2: loss has not improved on 1 (epoch 1) for 1 epoch; it was the last epoch of the run",
  );
});

Deno.test("an isolated plugin can be replayed", async () => {
  const cwd = await folder({
    "runs/old/run.json": OLD,
    "plugins/guest.ts":
      'export default () => ({ name: "guest", onEpochEnd(epoch, _logs, run) { if (epoch === 1) run.stop("mine"); } });',
  });
  const { code, out, err } = await hookloop([
    ...[...REPLAY, "old", "--use", "guest", "--isolate", "guest"],
  ], {
    cwd,
    permissions: ["--allow-read=.", "--unstable-worker-options"],
  });
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(
    out,
    "guest would have stopped the run after epoch 2: mine",
  );
});

Deno.test("a replay does not load tf.js", async () => {
  const { href, pathname } = new URL(
    "../../../../core/cli/commands/train.ts",
    import.meta.url,
  );
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", pathname],
  }).output();
  const { modules }: { modules: Module[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  // The command loads what a replay takes once it is asked for one.
  const loaded = new Set([href, new URL("replay.ts", href).href]);
  for (const at of loaded) {
    const { dependencies = [] } = modules.find(({ specifier }) =>
      specifier === at
    ) ?? {};
    for (const { code, isDynamic } of dependencies) {
      if (code?.specifier && !isDynamic) loaded.add(code.specifier);
    }
  }
  assertEquals(loaded.size > 50, true);
  assertEquals([...loaded].filter((it) => it.includes("tfjs")), []);
});

/** A module as `deno info` tells of it. */
interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

Deno.test("train --replay lets plugins load what they need from npm, though nothing loaded tf.js before", async () => {
  const cwd = await folder({
    "runs/it/run.json": OLD,
    "plugins/draws.ts": `export default () => ({
      name: "draws",
      async onTrainEnd(_logs, run) {
        const { plot } = await import("npm:@observablehq/plot@0.6.17");
        run.print("loaded " + typeof plot);
      },
    });`,
  });
  const { code, out, err } = await hookloop(
    [...REPLAY, "it", "--use", "draws"],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(out, "loaded function");
});
