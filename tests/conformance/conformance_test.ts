import { assertEquals } from "@std/assert";
import { runCases } from "./run.ts";

Deno.test("every golden case recorded from Keras passes", async () => {
  const { passed, failures } = await runCases(
    new URL(".", import.meta.url).pathname,
  );
  assertEquals([...failures], []);
  assertEquals(passed, 276);
});

Deno.test("a case that differs is named with its first difference", async () => {
  const dir = await Deno.makeTempDir();
  const source = new URL("./stop.json", import.meta.url);
  const [first] = JSON.parse(await Deno.readTextFile(source));
  first.expect.final_weight = 17;
  await Deno.writeTextFile(`${dir}/wrong.json`, JSON.stringify([first]));
  const { passed, failures } = await runCases(dir);
  assertEquals(passed, 0);
  assertEquals([...failures], [[
    first.name,
    "final_weight: expected 17, got 2",
  ]]);
});
