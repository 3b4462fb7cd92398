import { assertStringIncludes } from "@std/assert";
import { copyOfCheckout, readmePlugin, works } from "./_checkout.ts";

Deno.test("a plugin of one's own in the checkout is not held to the rules of the built-ins", async () => {
  const dir = await copyOfCheckout();
  try {
    await Deno.writeTextFile(`${dir}/plugins/good_enough.ts`, readmePlugin());
    await works(["task", "new", "self-test"], dir);
    const listed = await works(["task", "plugins"], dir);
    assertStringIncludes(listed, "good-enough");
    const own = [
      "plugins/good_enough.ts",
      "plugins/self_test.ts",
      "tests/plugins/self_test_test.ts",
    ];
    await works(["fmt", "--check", ...own], dir);
    await works(["lint"], dir);
    await works(["check", ...own], dir);
    const files = await works(["run", "tests/entry_points.ts"], dir);
    await works(["doc", "--lint", ...files.trim().split(" ")], dir);
    await works(
      [
        "test",
        "--no-prompt",
        "--no-check",
        "--allow-read",
        "--allow-env",
        "--allow-run",
        "tests/layout_test.ts",
        "tests/plugins/self_test_test.ts",
      ],
      dir,
    );
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});
