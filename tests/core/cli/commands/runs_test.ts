import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop, printed, spawned, TINY } from "../_command.ts";

const READ = ["--allow-read=."];

function record(facts: Record<string, unknown>): string {
  return JSON.stringify({
    experiment: "tiny.ts",
    began: "2026-11-20T10:00:00.000Z",
    params: { epochs: 3, initialEpoch: 0 },
    epoch: [0, 1, 2],
    history: { loss: [3, 1, "NaN"], val_loss: [null, null, 2] },
    seconds: [1, 1, 1],
    best: { epoch: 1, key: "loss", value: 1 },
    ended: "2026-11-20T10:00:04.500Z",
    outcome: { status: "completed" },
    ...facts,
  });
}

const PAST = {
  "runs/a/run.json": record({}),
  "runs/a/2/run.json": record({
    began: "2026-11-20T10:01:00.000Z",
    ended: "2026-11-20T11:03:00.000Z",
    outcome: {
      status: "stopped",
      by: "early-stopping",
      hook: "onEpochEnd",
      reason: "enough",
    },
  }),
  "runs/b/run.json": record({
    began: "2026-11-21T10:00:00.000Z",
    ended: undefined,
    outcome: undefined,
    epoch: [0],
    history: { loss: [3] },
    seconds: [61.2],
    best: { epoch: 0, key: "loss", value: 3 },
    params: { epochs: 7, initialEpoch: 2 },
  }),
  "runs/c/run.json": record({
    began: "2026-11-19T10:00:00.000Z",
    ended: "2026-11-19T10:02:05.000Z",
    error: "no test data",
  }),
  "runs/d/run.json": "{",
  "runs/f/run.json": record({
    began: "2026-11-18T10:00:00.000Z",
    ended: "2026-11-18T10:00:01.000Z",
    outcome: {
      status: "aborted",
      reason: "interrupted by SIGINT on this host",
    },
    epoch: [0],
  }),
  "runs/f/backup/000001.backup": "",
  "runs/g/run.json": record({
    began: "2026-11-18T11:00:00.000Z",
    ended: "2026-11-18T11:00:02.000Z",
    outcome: { status: "failed", reason: "the disk\nwas full" },
    epoch: [0, 1],
    params: { epochs: 9, initialEpoch: 0 },
  }),
  "runs/g/backup/000002.backup": "",
  "runs/h/run.json": record({
    began: "2026-11-17T11:00:00.000Z",
    ended: "2026-11-17T11:00:02.000Z",
    outcome: {
      status: "stopped",
      by: "time-limit",
      reason: "8 hours are nearly over",
      resumable: true,
    },
    epoch: [0, 1],
    params: { epochs: 9, initialEpoch: 0 },
  }),
  "runs/h/backup/000002.backup": "",
  "runs/e/log.csv": "no record",
};

Deno.test("runs lists them, the newest first, with how each ended", async () => {
  const cwd = await folder(PAST);
  const { code, out, err } = await hookloop(["runs"], {
    cwd,
    permissions: READ,
  });
  assertEquals([code, err], [0, ""]);
  assertEquals(
    out,
    `b    killed                                                  1/5  loss 3  1m 01s
a/2  stopped by early-stopping: enough                       3/3  loss 1  1h 02m
a    finished                                                3/3  loss 1  4.5s
c    finished, then failed: no test data                     3/3  loss 1  2m 05s
g    failed, resumable: the disk was full                    2/9  loss 1  2s
f    interrupted, resumable: interrupted by SIGINT on this…  1/3  loss 1  1s
h    stopped by time-limit, resumable: 8 hours are nearly …  2/9  loss 1  2s
Cannot read runs/d/run.json
`,
  );
  assertEquals(out.split("\n").every((line) => line.length <= 80), true);
});

Deno.test("whether a run can go on is told however long the names are", async () => {
  const name = "an-experiment-of-a-long-name-2026-11-20T10-00-00";
  const cwd = await folder({
    [`runs/${name}/run.json`]: record({
      outcome: { status: "aborted", reason: "interrupted by SIGINT" },
    }),
    [`runs/${name}/backup/000001.backup`]: "",
  });
  const { out } = await hookloop(["runs"], { cwd, permissions: READ });
  assertStringIncludes(out, "  interrupted, resumable");
});

Deno.test("runs RUN shows one, by its name or its folder", async () => {
  const cwd = await folder(PAST);
  const expected = `Completed 3 epochs
Best epoch: 2, loss 1
  loss  █▁·  3 -> NaN
  experiment: tiny.ts
  began: 2026-11-20T10:00:00.000Z
  took: 4.5s
Files in runs/a:
  2/run.json
  run.json
`;
  for (const name of ["a", "runs/a", "runs/a/"]) {
    const { out } = await hookloop(["runs", name], { cwd, permissions: READ });
    assertEquals(out, expected);
  }
  const open = await hookloop(["runs", "b"], { cwd, permissions: READ });
  assertStringIncludes(
    open.out,
    "Killed after 1 epoch\nBest epoch: 1, loss 3\n",
  );
  const failed = await hookloop(["runs", "c"], { cwd, permissions: READ });
  assertStringIncludes(
    failed.out,
    "\nThen the experiment failed: no test data\n",
  );
});

Deno.test("runs says what is not there", async () => {
  const cwd = await folder(PAST);
  const cases: [string[], number, string][] = [
    [["runs", "aa"], 2, "Cannot show aa: there is no such run"],
    [["runs", "e"], 2, "Cannot show e: there is no such run"],
    [
      ["runs", "d"],
      2,
      "Cannot show d: runs/d/run.json is not the record of a run\n",
    ],
    [["runs", "a", "b"], 2, "Cannot show a, b at once: give one RUN\n"],
  ];
  for (const [args, expected, message] of cases) {
    const { code, err } = await hookloop(args, { cwd, permissions: READ });
    assertEquals([code, err.startsWith(message)], [expected, true], err);
  }
  const none = await hookloop(["runs", "--dir", "none"], {
    cwd,
    permissions: READ,
  });
  assertEquals([none.code, none.err], [0, ""]);
  assertMatch(none.out, /^No runs in none: .* train makes one\n$/);
});

Deno.test("records of any shape are read, or named", async () => {
  const odd = ["[]", "null", "5", "{}", '{"history":5,"epoch":{},"best":[]}']
    .concat([
      '{"outcome":"x","params":null,"plugins":[null],"data":3}',
      '{"best":{"epoch":9,"key":"loss","value":"Infinity"},"history":{"loss":[1]}}',
    ]);
  const cwd = await folder(
    Object.fromEntries(odd.map((text, i) => [`runs/${i}/run.json`, text])),
  );
  const { code, err, out } = await hookloop(["runs"], {
    cwd,
    permissions: READ,
  });
  assertEquals([code, err], [0, ""]);
  assertEquals(out.trim().split("\n").length, odd.length);
  for (const [i] of odd.entries()) {
    const { code } = await hookloop(["runs", `${i}`], {
      cwd,
      permissions: READ,
    });
    assertEquals(code, i < 3 ? 2 : 0);
  }
});

Deno.test("a run whose process was killed has its epochs, and has not ended", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const child = spawned(
    [
      "train",
      "tiny.ts",
      "--backend",
      "cpu",
      "--epochs",
      "1000000",
      "--run-dir",
      "runs/x",
    ],
    { cwd },
  );
  await printed(child, "Epoch 3/");
  child.kill("SIGKILL");
  await child.stderr.cancel();
  await child.status;
  const { out } = await hookloop(["runs"], { cwd, permissions: READ });
  assertMatch(out, /^x {2}killed, resumable {2}\d+\/1000000 {2}val_loss /);
  const page = await hookloop(["runs", "x"], { cwd, permissions: READ });
  assertMatch(
    page.out,
    new RegExp(`^Killed after \\d+ epochs \\(process ${child.pid}, since `),
  );
  assertMatch(page.out, /\nTo go on with it: .* train --resume runs\/x\n$/);
});

Deno.test("a run that runs is told by its lock, and by whom", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const child = spawned([
    ...["train", "tiny.ts", "--backend", "cpu", "--epochs", "1000000"],
    ...["--run-dir", "runs/x"],
  ], { cwd });
  await printed(child, "Epoch 3/");
  const list = await hookloop(["runs"], { cwd, permissions: READ });
  const page = await hookloop(["runs", "x"], { cwd, permissions: READ });
  child.kill("SIGKILL");
  await child.stderr.cancel();
  await child.status;
  assertMatch(list.out, /^x {2}running {2,}\d+\/1000000 /);
  assertMatch(
    page.out,
    new RegExp(
      `^Running \\(process ${child.pid}, since [-0-9]+ [:0-9]+\\), \\d+ epochs? done\n`,
    ),
  );
  assertEquals(page.out.includes("To go on"), false);
});

Deno.test("runs RUN tells what happened: warnings, acts, and each time it went on", async () => {
  const place = { hook: "onEpochEnd", epoch: 2 };
  const set = { kind: "set", setting: "learningRate", value: 0.001 };
  const acts = [
    { what: set, was: 0.01 },
    { what: { kind: "snapshot", name: "best" } },
    { what: { kind: "restore", name: "best" } },
    { what: { kind: "save", path: "best" } },
    { what: { kind: "stop", reason: `it is ${"very ".repeat(20)}good` } },
  ].map((act) => ({ kind: "act", by: "x", ...place, ...act }));
  const events = [
    { kind: "logs", ...place, logs: { loss: 1 } },
    ...acts,
    { kind: "off", by: "y", ...place, reason: "no" },
    ...[1, 2, 3, 4, 5, 6].map((n) => ({ kind: "warning", text: `mind ${n}` })),
  ];
  const cwd = await folder({
    "runs/a/run.json": record({
      resumed: [{
        at: "2026-11-20T10:00:02.000Z",
        epoch: 1,
        batch: 3,
        after: "killed",
        changed: ["Deno is 2.9.7, and was 2.9.6"],
      }],
    }),
    "runs/a/events.jsonl": events
      .map((event) => `${JSON.stringify({ at: 1, ...event })}\n`).join(""),
  });
  const { code, out, err } = await hookloop(["runs", "a"], {
    cwd,
    permissions: READ,
  });
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(
    out,
    `Went on:
  2026-11-20 10:00:02 at epoch 2 after batch 3, after it was killed, though Deno is 2.9.7, and was 2.9.6
Warnings, the last 5 of 6:
  mind 2
  mind 3
  mind 4
  mind 5
  mind 6
What happened:
  epoch 3: x set the learning rate to 0.001 (it was 0.01)
  epoch 3: x restored the weights "best"
  epoch 3: x saved best
  epoch 3: x stopped the run: it is very very very very very very very very ver…
  epoch 3: y was switched off: no
Files in runs/a:
`,
  );
  assertStringIncludes(out, "\n  took: 3s\n");
});
