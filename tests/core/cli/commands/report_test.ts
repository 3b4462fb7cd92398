import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import config from "../../../../deno.json" with { type: "json" };
import {
  folder,
  hookloop,
  interrupted,
  printed,
  spawned,
  TINY,
} from "../_command.ts";

const TRAIN = ["train", "tiny.ts", "--backend", "cpu"];

/** What the task grants. */
const TASK = ["--allow-read=.", "--allow-write=runs"];

function report(cwd: string, ...args: readonly string[]) {
  return hookloop(["report", ...args], { cwd, permissions: TASK });
}

function page(cwd: string, run: string): string {
  return Deno.readTextFileSync(`${cwd}/${run}/report.html`);
}

const RECORD = JSON.stringify({
  experiment: "tiny.ts",
  began: "2026-11-20T10:00:00.000Z",
  params: { epochs: 3, initialEpoch: 0, directions: { loss: "min" } },
  epoch: [0, 1, 2],
  history: { loss: [3, 1, "NaN"], val_loss: [null, "Infinity", 2] },
  seconds: [1, 1, 1],
  best: { epoch: 1, key: "loss", value: 1 },
  ended: "2026-11-20T10:00:04.500Z",
  outcome: { status: "completed" },
});

Deno.test("the task may read the project and write to runs, and nothing else", () => {
  const { command } = config.tasks.report;
  assertEquals(
    command.match(/--allow-\S+/g),
    ["--allow-read=.", "--allow-write=runs"],
  );
});

Deno.test("train ends with a report, whether the run is completed, stopped, failed or interrupted", async (t) => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "bad/bad.ts":
      `export default { onEpochEnd() { throw new Error("tea <b>spilt</b>"); } };`,
  });
  const into = (run: string) => [...TRAIN, "--run-dir", `runs/${run}`];

  await t.step("completed, also with --quiet", async () => {
    const { code, out } = await hookloop([...into("done"), "--quiet"], { cwd });
    assertEquals(code, 0);
    assertMatch(
      out,
      /\n {2}report\.html\n.*\nReport: runs\/done\/report\.html\n$/s,
    );
    const html = page(cwd, "runs/done");
    assertStringIncludes(html, "<b>Completed</b>, 2 epochs.");
    assertEquals(html.match(/<svg /g)?.length, 2); // The loss, and mae.
    assertStringIncludes(html, "<td>Dense</td><td>1</td>");
    assertStringIncludes(
      html,
      "jsr:@hookloop/hookloop/cli train tiny.ts --backend cpu --quiet --seed 42",
    );
  });
  await t.step("stopped", async () => {
    const use = [
      "--use",
      "stop-on-threshold:monitor=loss,threshold=-1,mode=max",
    ];
    const { out } = await hookloop([...into("stopped"), ...use], { cwd });
    assertStringIncludes(out, "Report: runs/stopped/report.html");
    assertStringIncludes(
      page(cwd, "runs/stopped"),
      "<b>Stopped</b> after 1 of 2 epochs by stop-on-threshold in onEpochEnd",
    );
  });
  await t.step("failed", async () => {
    const { code, out } = await hookloop(
      [...into("failed"), "--plugins", "bad"],
      { cwd },
    );
    assertEquals(code, 1);
    assertStringIncludes(out, "Report: runs/failed/report.html");
    assertStringIncludes(
      page(cwd, "runs/failed"),
      "<b>Failed</b> after 0 of 2 epochs: Plugin &quot;bad&quot; failed in onEpochEnd at epoch 0 (bad/bad.ts): tea &lt;b&gt;spilt&lt;/b&gt;",
    );
  });
  await t.step("interrupted", async () => {
    const { code, out } = await interrupted(
      [...into("cut"), "--epochs", "100000"],
      { cwd },
      "Epoch 2/",
    );
    assertEquals(code, 130);
    assertMatch(
      out,
      /\nReport: runs\/cut\/report\.html\nTo go on with it: .*--resume runs\/cut\n$/,
    );
    assertMatch(
      page(cwd, "runs/cut"),
      /<b>Interrupted<\/b> after \d+ of 100,000 epochs: interrupted by SIGINT/,
    );
  });
  await t.step("what cannot go on keeps the report that it has", async () => {
    const before = page(cwd, "runs/cut");
    const { code, out } = await hookloop(
      ["train", "--resume", "runs/cut", "--use", "print-logs"],
      { cwd },
    );
    assertEquals([code, out], [2, "backend cpu: asked for\n"]);
    assertEquals(page(cwd, "runs/cut"), before);
  });
  await t.step("a run that goes on has that in its report", async () => {
    await interrupted(
      ["train", "--resume", "runs/cut"],
      { cwd },
      "\nEpoch ",
    );
    assertMatch(
      page(cwd, "runs/cut"),
      /It was broken off, and went on<.*\n<ul><li>.* UTC, in epoch \d+.*, after it was interrupted</,
    );
  });
  await t.step("a plan has none", async () => {
    await hookloop([...into("planned"), "--plan"], { cwd });
    assertEquals([...Deno.readDirSync(`${cwd}/runs`)].length, 4);
  });
});

Deno.test("each training of an experiment has a report, with the way to the others", async () => {
  const twice = TINY.replace("export default {", "const experiment = {") + `
import { fit } from "${new URL("../../../../mod.ts", import.meta.url)}";
export default async (setup) => {
  for (const epochs of [1, 2]) {
    const model = experiment.model(setup);
    const { train, validation } = experiment.data();
    await fit(model, train, { epochs, validationData: validation, ...setup.run() });
  }
};`;
  const cwd = await folder({ "tiny.ts": twice });
  const { code, out } = await hookloop(
    [...TRAIN, "--quiet", "--run-dir", "runs/two"],
    { cwd },
  );
  assertEquals(code, 0);
  assertStringIncludes(out, "\nReport: runs/two/report.html\n");
  assertStringIncludes(
    page(cwd, "runs/two"),
    'this is training 1: <b aria-current="page">1</b> <a href="2/report.html">2</a>',
  );
  assertStringIncludes(
    page(cwd, "runs/two/2"),
    'this is training 2: <a href="../report.html">1</a> <b aria-current="page">2</b>',
  );
  await Deno.remove(`${cwd}/runs/two/2/report.html`);
  await report(cwd, "two");
  assertStringIncludes(page(cwd, "runs/two/2"), "<b>Completed</b>, 2 epochs.");
});

Deno.test("where no report can be made, a run says so in a line and has not failed", async () => {
  const cwd = await folder({ "tiny.ts": TINY, "runs/a/report.html": "mine" });
  const { code, out, err } = await hookloop(
    [...TRAIN, "--quiet", "--run-dir", "runs/a"],
    { cwd },
  );
  assertEquals([code, err], [0, ""]);
  assertStringIncludes(
    out,
    "\nWarning: there is no report of the run: Cannot write runs/a/report.html: there is a file that is not a report of hookloop; move it away, or give deno run -R=. -W=runs jsr:@hookloop/hookloop/cli report another one with --out, or --overwrite\n",
  );
  assertEquals(page(cwd, "runs/a"), "mine");
});

Deno.test("no plugin writes to the report", async () => {
  const cwd = await folder({
    "tiny.ts": TINY,
    "plugins/own.ts":
      `export default { onTrainEnd(_logs, run) { run.files.write("report.html", "mine"); } };`,
  });
  const { code, err } = await hookloop([...TRAIN, "--run-dir", "runs/a"], {
    cwd,
  });
  assertEquals(code, 2);
  assertStringIncludes(
    err,
    'Cannot use the path "report.html": the run itself writes there',
  );
});

Deno.test("a run that replaces an earlier one does not show the report of that one", async () => {
  const cwd = await folder({ "tiny.ts": TINY });
  const into = [...TRAIN, "--run-dir", "runs/a", "--overwrite"];
  await hookloop([...into, "--quiet"], { cwd });
  const child = spawned([...into, "--epochs", "100000"], { cwd });
  await printed(child, "Epoch 2/");
  const names = [...Deno.readDirSync(`${cwd}/runs/a`)].map(({ name }) => name);
  assertEquals(names.includes("report.html"), false);

  const running = await report(cwd, "a");
  assertEquals([running.code, running.out], [
    0,
    "Report: runs/a/report.html\n",
  ]);
  assertMatch(
    page(cwd, "runs/a"),
    new RegExp(`<b>Running</b> \\(process ${child.pid}, .*: as of <time`),
  );

  child.kill("SIGKILL");
  await child.stderr.cancel();
  await child.status;
  await report(cwd, "runs/a");
  assertMatch(
    page(cwd, "runs/a"),
    /<b>Killed<\/b> after \d+ of 100,000 epochs.*\n?.*To go on with it:.*\n.*--resume runs\/a</,
  );
});

Deno.test("several runs make one page: in the folder of all runs, or where --out says", async () => {
  const cwd = await folder({
    "runs/a/run.json": RECORD,
    "runs/b/run.json": RECORD.replace("tiny.ts", "other.ts"),
    "runs/b/2/run.json": RECORD,
  });
  assertEquals((await report(cwd, "b")).out, "Report: runs/b/report.html\n");
  assertEquals(await report(cwd, "a", "runs/b", "b/2", "a"), {
    code: 0,
    out: "Report: runs/report.html\n",
    err: "",
  });
  const html = Deno.readTextFileSync(`${cwd}/runs/report.html`);
  assertStringIncludes(html, "<h1>3 runs compared</h1>");
  assertStringIncludes(html, "<li><b>runs/a</b>: finished");
  assertStringIncludes(html, '<a href="./b/report.html">runs/b</a>');
  assertStringIncludes(
    html,
    "<td>tiny.ts</td><td>other.ts</td><td>tiny.ts</td>",
  );
  assertEquals(html.match(/<svg /g)?.length, 2);
  const other = await report(cwd, "a", "b", "--out", "runs/new/both.html");
  assertEquals(other.out, "Report: runs/new/both.html\n");
  const dir = await report(cwd, "--dir", "runs", "a", "--out=runs/one.html");
  assertEquals(dir.out, "Report: runs/one.html\n");
});

Deno.test("a log that is damaged, or not ours, is read as far as it goes", async () => {
  const act = {
    ...{ at: 5, kind: "act", by: "saver", hook: "onEpochEnd", epoch: 0 },
    what: { kind: "save", path: "best", weightsOnly: false },
  };
  const lines = [
    "no json",
    '{"at":1,"kind":"warning"',
    JSON.stringify({ at: 2, kind: "warning", text: "x".repeat(2 << 20) }),
    "\u0000\u0001",
    JSON.stringify(act),
    "[1,2,3]",
    '{"kind":"act"}',
    JSON.stringify({ ...act, at: "soon", epoch: "<b>", by: {} }),
  ];
  const cwd = await folder({
    "runs/a/run.json": RECORD,
    "runs/a/events.jsonl": lines.join("\n"),
  });
  assertEquals(await report(cwd, "a"), {
    code: 0,
    out: "Report: runs/a/report.html\n",
    err: "",
  });
  const html = page(cwd, "runs/a");
  assertStringIncludes(html, "<td>saver</td><td>saved best</td>");
  assert(html.length < 50_000);
});

Deno.test("what cannot be reported is refused in a sentence, and nothing is written", async () => {
  const cwd = await folder({
    "runs/a/run.json": RECORD,
    "runs/b/run.json": RECORD,
    "runs/broken/run.json": "{",
    "runs/list/run.json": "[]",
    "runs/foreign/run.json": '{"name":"npm"}',
    "runs/none/notes.txt": "",
    "runs/mine/run.json": RECORD,
    "runs/mine/report.html": "<html>my own notes</html>",
    "runs/folder/run.json": RECORD,
    "runs/folder/report.html/x": "",
    "runs/file": "",
  });
  const refused: Readonly<Record<string, string>> = {
    "":
      "Cannot report: name a RUN, or several; deno run -R=. jsr:@hookloop/hookloop/cli runs lists them",
    "nobody":
      "Cannot report on nobody: there is no such run; deno run -R=. jsr:@hookloop/hookloop/cli runs lists them",
    "none": "Cannot report on none: there is no such run",
    "broken":
      "Cannot report on broken: runs/broken/run.json is not the record of a run",
    "list":
      "Cannot report on list: runs/list/run.json is not the record of a run",
    "foreign":
      "Cannot report on foreign: runs/foreign/run.json is not the record of a run",
    "a foreign":
      "Cannot report on foreign: runs/foreign/run.json is not the record of a run",
    "mine":
      "Cannot write runs/mine/report.html: there is a file that is not a report of hookloop; move it away, or give deno run -R=. -W=runs jsr:@hookloop/hookloop/cli report another one with --out, or --overwrite",
    "folder":
      "Cannot write runs/folder/report.html: a folder is in the place of a file",
    "a --out runs": "Cannot write runs: a folder is in the place of a file",
    "a b --out runs/file/x.html":
      "Cannot write runs/file/x.html: a file is in the place of a folder",
    "a --out elsewhere.html":
      "Cannot write elsewhere.html: write permission is missing; run with --allow-write=elsewhere.html",
    "a --out": 'Flag "--out" takes a value',
    "a --into x": 'Unknown flag "--into": --help lists them',
  };
  for (const [args, message] of Object.entries(refused)) {
    const { code, out, err } = await report(
      cwd,
      ...args.split(" ").filter(Boolean),
    );
    assertEquals([code, out], [2, ""], args);
    assertStringIncludes(err, message);
    assertEquals(err.trim().split("\n").length, 1, err);
  }
  const left: string[] = [];
  const walk = (dir: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(dir)) {
      if (isDirectory) walk(`${dir}/${name}`);
      else if (!/^(run\.json|notes\.txt|file|x)$/.test(name)) left.push(name);
    }
  };
  walk(cwd);
  assertEquals(left, ["report.html"]);
  assertEquals(page(cwd, "runs/mine"), "<html>my own notes</html>");

  assertEquals((await report(cwd, "mine", "--overwrite")).code, 0);
  assertStringIncludes(page(cwd, "runs/mine"), "<b>Completed</b>, 3 epochs.");
  assertEquals((await report(cwd, "mine")).code, 0);
});
