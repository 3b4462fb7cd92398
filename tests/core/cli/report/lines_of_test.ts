import { assertEquals } from "@std/assert";
import { linesOf } from "../../../../core/cli/report/lines_of.ts";

async function lines(text: string, longest?: number): Promise<string[]> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return [...linesOf(path, longest)];
}

Deno.test("the lines of a file, also of one that is larger than what is read at once", async () => {
  assertEquals(await lines("a\n\nbc\nd"), ["a", "bc", "d"]);
  assertEquals(await lines(""), []);
  const many = Array.from({ length: 100_000 }, (_, i) => `line ${i}, ö`);
  assertEquals(await lines(many.join("\n") + "\n"), many);
});

Deno.test("a line that is too long is left out, and not those around it", async () => {
  assertEquals(await lines(`a\n${"x".repeat(20)}\nb`, 10), ["a", "b"]);
  assertEquals(await lines(`a\n${"x".repeat(3 << 20)}\nb`, 10), ["a", "b"]);
  assertEquals(await lines(`${"x".repeat(3 << 20)}`, 10), []);
});

Deno.test("a file that is not there, or a folder, has none", async () => {
  assertEquals([...linesOf("not there")], []);
  assertEquals([...linesOf(await Deno.makeTempDir())], []);
});
