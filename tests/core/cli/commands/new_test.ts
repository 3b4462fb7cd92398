import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { packageFiles } from "../../../../core/cli/commands/new_package.ts";
import { folder, hookloop } from "../_command.ts";

const ROOT = new URL("../../../..", import.meta.url).pathname;

async function deno(
  args: string[],
  cwd: string,
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

Deno.test("new writes a plugin and its test, and touches no existing file", async () => {
  const cwd = await folder({
    "deno.json": `{
      "tasks": { "train": "deno run @hookloop/hookloop/cli train" },
      "imports": { "@hookloop/hookloop": "jsr:@hookloop/hookloop@^0.1.0" }
    }`,
  });
  const first = await hookloop(["new", "my-finder"], { cwd });
  assertEquals(
    first.out,
    "wrote plugins/my_finder.ts\nwrote tests/plugins/my_finder_test.ts\n\nNext: deno test tests/plugins/my_finder_test.ts, then deno task train: it runs\n",
  );
  const again = await hookloop(["new", "my-finder"], { cwd });
  assertEquals(again.code, 2);
  assertMatch(
    again.err,
    /^Cannot write plugins\/my_finder.ts, tests\/plugins\/my_finder_test.ts: it already exists/,
  );
  const config = `--config=${ROOT}deno.json`;
  for (
    const args of [["fmt", "--check"], [
      "lint",
      "--rules-exclude=no-slow-types",
    ], ["test", config]]
  ) {
    const { code, text } = await deno([
      ...args,
      "tests/plugins/my_finder_test.ts",
    ], cwd);
    assertEquals(code, 0, text);
  }
  const listed = await hookloop(["plugins"], { cwd });
  assertMatch(listed.out, /^my-finder {2}on {5}onEpochEnd\n/);
});

Deno.test("new says what is to be added where hookloop is not found by its name, and names no task", async () => {
  const { code, out } = await hookloop(["new", "my-finder"], {
    cwd: await folder(),
  });
  assertEquals(code, 0);
  assertMatch(
    out,
    /\nNext: deno add jsr:@hookloop\/hookloop jsr:@std\/assert, then deno test tests\/plugins\/my_finder_test.ts, then deno run .+ jsr:@hookloop\/hookloop\/cli train: it runs\n$/,
  );
});

Deno.test("new writes all files or none, and no folder either", async () => {
  const cwd = await folder({ "tests/plugins": "a file" });
  const { code, err } = await hookloop(["new", "my-finder"], { cwd });
  assertEquals([code, err], [
    2,
    "Cannot write into tests/plugins: a file is in the place of a folder\n",
  ]);
  assertEquals([...Deno.readDirSync(cwd)].map(({ name }) => name), ["tests"]);
});

Deno.test("new --package writes a package whose own checks pass as is", async () => {
  // Inside the checkout, so that hookloop itself is found without a registry.
  const name = `selftest-${Deno.pid}`;
  const dir = `${ROOT}hookloop-${name}`;
  try {
    const { code, err } = await hookloop([
      "new",
      "--package",
      name,
      "--scope",
      "ada",
    ], { cwd: ROOT });
    assertEquals([code, err], [0, ""]);
    const { code: result, text } = await deno(["task", "ok"], dir);
    assertEquals(result, 0, text);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("new --package gives the function one name, whatever the plugin is called", () => {
  for (const name of ["delete", "fake-run", "plugin", "lr-finder"]) {
    const files = packageFiles(name, "ada");
    const { text } = files.find(({ path }) => path.endsWith("/mod.ts"))!;
    assertStringIncludes(text, "export default function plugin(");
    assertStringIncludes(text, `name: "${name}"`);
  }
});
