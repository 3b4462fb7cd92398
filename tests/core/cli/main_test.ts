import { assertEquals, assertMatch } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };
import { folder, hookloop } from "./_command.ts";

const COMMANDS = [
  "train",
  "plan",
  "evaluate",
  "predict",
  "runs",
  "report",
  "plugins",
  "init",
  "new",
];

Deno.test("each command in the help is a task that runs it", async () => {
  const { code, out } = await hookloop([], {
    cwd: await folder(),
    permissions: [],
  });
  assertEquals(code, 0);
  const commands = [...out.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) =>
    name!
  );
  assertEquals(commands, COMMANDS);
  const tasks: Readonly<Record<string, { command: string }>> = config.tasks;
  for (const name of commands) {
    if (name === "init") continue; // It is what writes tasks.
    assertEquals(
      tasks[name]?.command.endsWith(`core/cli/main.ts ${name}`),
      true,
    );
  }
});

Deno.test("the help of each command needs no permissions, and names no task where there is none", async () => {
  const cwd = await folder();
  for (const name of COMMANDS) {
    const { code, out } = await hookloop([name, "--help"], {
      cwd,
      permissions: [],
    });
    assertEquals(code, 0, name);
    assertMatch(
      out,
      new RegExp(`Usage: deno run .*jsr:@hookloop/hookloop/cli ${name}`),
    );
    assertEquals(out.includes("deno task"), false, name);
  }
});

Deno.test("where there are tasks, texts name these", async () => {
  const cwd = await folder({
    "deno.jsonc": `{
      "tasks": {
        // "new": "deno run @hookloop/hookloop/cli new",
        "fit": "deno run -R jsr:@hookloop/hookloop@^0.1/cli train",
        "plugins": { "description": "{…}", "command": "deno run -R @hookloop/hookloop/cli plugins" },
      },
    }`,
  });
  const help = await hookloop(["train", "--help"], { cwd });
  assertMatch(help.out, /^Usage: deno task fit \[FILE\]/m);
  const list = await hookloop(["plugins"], { cwd });
  assertMatch(list.out, /^No plugins in plugins: deno run .+\/cli new NAME/);
  assertMatch(
    (await hookloop(["plugins", "--help"], { cwd })).out,
    /: deno task plugins \[/,
  );
  const usage = await hookloop([], { cwd });
  assertMatch(usage.out, /^Usage: deno task COMMAND/m);
});
