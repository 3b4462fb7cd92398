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
    `b    has not ended              1 of 5 epochs  loss 3 in epoch 1  1m 01s
a/2  stopped by early-stopping  3 of 3 epochs  loss 1 in epoch 2  1h 02m
a    completed                  3 of 3 epochs  loss 1 in epoch 2  4.5s
c    completed, then failed     3 of 3 epochs  loss 1 in epoch 2  2m 05s
Cannot read runs/d/run.json
`,
  );
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
    "Has not ended: it is running, or was killed after 1 epoch\nBest epoch: 1, loss 3\n",
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
  assertMatch(out, /^x {2}has not ended {2}\d+ of 1000000 epochs {2}val_loss /);
});
