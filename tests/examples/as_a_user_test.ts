import { assertEquals } from "@std/assert";
import { hookloop } from "../core/cli/_command.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url).pathname;

Deno.test("each example runs from the command line", async (t) => {
  const cwd = await Deno.makeTempDir();
  const files = [...Deno.readDirSync(EXAMPLES)].filter(({ name }) =>
    name.endsWith(".ts")
  );
  assertEquals(files.length, 5);
  for (const { name } of files) {
    await t.step(name, async () => {
      const args = ["train", EXAMPLES + name, "--epochs", "1", "--quiet"];
      const { code, err } = await hookloop(args, { cwd });
      assertEquals({ code, err }, { code: 0, err: "" });
    });
  }
  await Deno.remove(cwd, { recursive: true });
});
