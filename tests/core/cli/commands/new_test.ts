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

Deno.test("new writes a plugin and its test, and touches nothing that is there", async () => {
  const cwd = await folder();
  const first = await hookloop(["new", "my-finder"], { cwd });
  assertEquals(
    first.out,
    "wrote plugins/my_finder.ts\nwrote tests/plugins/my_finder_test.ts\n\nNext: deno test tests/plugins/my_finder_test.ts, then deno task train: it runs\n",
  );
  const again = await hookloop(["new", "my-finder"], { cwd });
  assertEquals(again.code, 2);
  assertMatch(
    again.err,
    /^Cannot write plugins\/my_finder.ts, tests\/plugins\/my_finder_test.ts: it is there already/,
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

Deno.test("new --package writes what deno test and deno publish --dry-run accept as it is", async () => {
  // Inside of the checkout, so that hookloop itself is found without a registry.
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
    for (
      const args of [["fmt", "--check"], ["lint"], ["test"], [
        "publish",
        "--dry-run",
        "--allow-dirty",
      ]]
    ) {
      const { code, text } = await deno(args, dir);
      assertEquals(code, 0, text);
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

Deno.test("new --package gives the function another name where JavaScript or its test has taken it", async () => {
  for (
    const [name, factory] of [
      ["delete", "deletePlugin"],
      ["defaults", "defaultsPlugin"],
      ["fake-run", "fakeRunPlugin"],
      ["lr-finder", "lrFinder"],
    ] as const
  ) {
    const files = await packageFiles(name, "ada");
    const text = (end: string) =>
      files.find(({ path }) => path.endsWith(end))!.text;
    assertStringIncludes(
      text("/mod.ts"),
      `export default function ${factory}(`,
    );
    assertStringIncludes(text("/mod.ts"), `name: "${name}"`);
    assertStringIncludes(text("_test.ts"), `import ${factory} from "./mod.ts"`);
  }
});
