import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { TINY } from "../_command.ts";
import { project, task } from "../trust/_project.ts";

const ARGS = ["tiny.ts", "--backend", "cpu", "--run-dir", "runs/a"];

// deno-lint-ignore no-explicit-any
const recordIn = (cwd: string): any =>
  JSON.parse(Deno.readTextFileSync(`${cwd}/runs/a/run.json`));

/** A plugin that presses the button, as a page would. */
const PRESSING = (address: string) =>
  `export const permissions = { net: ["127.0.0.1"] };
export default {
  name: "pressing",
  async onEpochBegin(epoch) {
    if (epoch > 0) return;
    const answer = await fetch("${address}", { method: "POST", body: '{"act":"stop"}' });
    await answer.body.cancel();
  },
};
`;

const TOKEN = "a-secret-of-this-test";

/** A port that is free by now. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("--dashboard prints where the page is, with --quiet too, and nothing of it is recorded", async () => {
  const cwd = await project({ "tiny.ts": TINY });
  const { out, err, code } = await task(
    "train",
    [...ARGS, "--dashboard", "--quiet"],
    cwd,
  );
  assertEquals(code, 0, err);
  const [, token] =
    /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/\?token=([\da-f]{32})$/m
      .exec(out)!;
  for (const name of ["run.json", "events.jsonl", "report.html"]) {
    const text = await Deno.readTextFile(`${cwd}/runs/a/${name}`);
    assertEquals(text.includes(token!), false, name);
  }
  const { plugins, flags } = recordIn(cwd);
  assertEquals(plugins.at(-1).name, "dashboard");
  assertEquals(flags.dashboard, true);
});

Deno.test("a button stops a run of the command line; its record says by whom, and no word of the token", async () => {
  const port = freePort();
  const cwd = await project({
    "tiny.ts": TINY,
    "plugins/pressing.ts": PRESSING(
      `http://127.0.0.1:${port}/act?token=${TOKEN}`,
    ),
  });
  const { err, code } = await task("train", [
    ...ARGS,
    ...["--epochs", "5", "--use", `dashboard:token=${TOKEN},port=${port}`],
  ], cwd);
  assertEquals(code, 0, err);
  const { outcome, command, flags, plugins } = recordIn(cwd);
  assertEquals([outcome.status, outcome.by, outcome.epoch], [
    ...["stopped", "dashboard", 0],
  ]);
  assertEquals(flags.use, [`dashboard:port=${port}`]);
  assertEquals(command.includes(`dashboard:port=${port}`), true);
  const { options } = plugins.find(({ name }: { name: string }) =>
    name === "dashboard"
  );
  assertEquals([options.port, "token" in options], [port, false]);
  const events = await Deno.readTextFile(`${cwd}/runs/a/events.jsonl`);
  assertMatch(events, /"by":"dashboard","hook":"onEpochEnd"/);
  for (const { name } of Deno.readDirSync(`${cwd}/runs/a`)) {
    if (name === "best") continue;
    const text = await Deno.readTextFile(`${cwd}/runs/a/${name}`);
    assertEquals(text.includes(TOKEN), false, name);
  }
});

Deno.test("a port in use is one message and exit code 2, before the first step", async () => {
  const cwd = await project({ "tiny.ts": TINY });
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  const { err, code } = await task("train", [
    ...[...ARGS, "--use", `dashboard:port=${port}`],
  ], cwd);
  assertStringIncludes(
    err,
    `Cannot open the dashboard: port ${port} is in use on 127.0.0.1; give another 'port', or 0 for any that is free`,
  );
  assertEquals(err.includes("    at "), false);
  assertEquals(code, 2);
});

Deno.test("an experiment that lists a dashboard keeps its own", async () => {
  const port = freePort();
  const cwd = await project({
    "tiny.ts": TINY.replace(
      /export default \{/,
      `export default {\n  use: [["dashboard", { port: ${port} }]],`,
    ),
  });
  const { out, err, code } = await task("train", [...ARGS, "--dashboard"], cwd);
  assertEquals(code, 0, err);
  assertEquals(out.match(/^Dashboard: .*$/gm)?.length, 1);
  assertStringIncludes(out, `Dashboard: http://127.0.0.1:${port}/`);
});

Deno.test("a run may go on with a dashboard that it had not", async () => {
  const cwd = await project({
    "tiny.ts": TINY,
    "plugins/pausing.ts": `export default {
      name: "pausing",
      requires: ["backup"],
      onEpochEnd(epoch, _logs, run) {
        if (epoch === 0) run.stop("later", { resumable: true });
      },
    };`,
  });
  const first = await task("train", ARGS, cwd);
  assertEquals(first.code, 0, first.err);
  const { out, err, code } = await task("train", [
    ...["--resume", "runs/a", "--dashboard", "--use", "dashboard:port=0"],
  ], cwd);
  assertEquals(code, 0, err);
  assertMatch(out, /^Dashboard: /m);
  assertMatch(out, /^Completed 2 epochs$/m);
});

Deno.test("a run without it has given the loopback address up", async () => {
  const cwd = await project({
    "tiny.ts": TINY,
    "plugins/listening.ts": `export default {
      name: "listening",
      onTrainBegin(_logs, run) {
        try {
          Deno.listen({ hostname: "127.0.0.1", port: 0 }).close();
          run.print("listens");
        } catch (error) {
          run.print("refused " + error.name);
        }
      },
    };`,
  });
  const { out, code } = await task("train", ARGS, cwd);
  assertEquals(code, 0);
  assertStringIncludes(out, "refused NotCapable\n");
});

Deno.test("nothing of it runs with --plan, and --replay has no use for it", async () => {
  const cwd = await project({ "tiny.ts": TINY });
  const plan = await task("train", [...ARGS, "--dashboard", "--plan"], cwd);
  assertEquals(plan.code, 0, plan.err);
  assertMatch(plan.out, /\bdashboard\b/);
  assertEquals(plan.out.includes("http://"), false);
  const replay = await task("train", [
    ...["--replay", "runs/earlier", "--dashboard"],
  ], cwd);
  assertEquals(replay.code, 2);
  assertMatch(replay.err, /^Cannot use --dashboard with --replay/);
});
