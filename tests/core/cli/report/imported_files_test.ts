import { assertEquals } from "@std/assert";
import { importedFiles } from "../../../../core/cli/report/imported_files.ts";
import { fileHash } from "../../../../core/cli/report/fingerprint.ts";

Deno.test("importedFiles() finds what a module imports by its path, and what that imports in turn", async () => {
  const dir = await Deno.makeTempDir();
  const files: Record<string, string> = {
    "main.ts": `import * as tf from "@tensorflow/tfjs";
import { a } from './a.ts';
import "./b.js";
import config from "./config.json" with { type: "json" };
export * from "./deep/d.ts";
const late = await import("./late.ts");
import gone from "./gone.ts";`,
    "a.ts": `export { a } from "./deep/d.ts"; import "./main.ts";`,
    "b.js": "",
    "config.json": `{"from": "./nobody.ts"}`,
    "deep/d.ts":
      `import { over } from "../over there.ts"; export const a = over;`,
    "late.ts": "",
    "nobody.ts": "",
    "over there.ts": "export const over = 1;",
    "unused.ts": "",
  };
  await Deno.mkdir(`${dir}/deep`);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  const expected = [
    ...["a.ts", "b.js", "config.json"],
    ...["deep/d.ts", "late.ts", "over there.ts"],
  ].map((name) => `${dir}/${name}`);
  const found = importedFiles(`${dir}/main.ts`);
  assertEquals(Object.keys(found), expected);
  assertEquals(Object.values(found), expected.map((it) => fileHash(it)));
  await Deno.remove(dir, { recursive: true });
});

Deno.test("hookloop's own modules are no part of what imports them", () => {
  const found = importedFiles("examples/001_tour.ts");
  assertEquals(
    Object.keys(found).filter((it) => /^(core|mod\.ts)/.test(it)),
    [],
  );
});
