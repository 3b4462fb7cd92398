import { assertEquals } from "@std/assert";
import config from "../../../deno.json" with { type: "json" };
import { folder, hookloop } from "./_command.ts";

Deno.test("each command in the help is a task that runs it", async () => {
  const { code, out } = await hookloop([], {
    cwd: await folder(),
    permissions: [],
  });
  assertEquals(code, 0);
  const commands = [...out.matchAll(/^ {2}(\w+) {2,}\S/gm)].map(([, name]) =>
    name!
  );
  assertEquals(commands, ["train", "plan", "evaluate", "plugins", "new"]);
  const tasks: Readonly<Record<string, { command: string }>> = config.tasks;
  for (const name of commands) {
    assertEquals(
      tasks[name]?.command.endsWith(`core/cli/main.ts ${name}`),
      true,
    );
  }
});

Deno.test("the help of each command needs no permissions", async () => {
  const cwd = await folder();
  for (const name of ["train", "plan", "evaluate", "plugins", "new"]) {
    const { code, out } = await hookloop([name, "--help"], {
      cwd,
      permissions: [],
    });
    assertEquals([code, out.includes(`deno task ${name}`)], [0, true], name);
  }
});
