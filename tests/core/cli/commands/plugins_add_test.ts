import { assertEquals, assertMatch } from "@std/assert";

import { folder, hookloop } from "../_command.ts";

const ROOT = new URL("../../../..", import.meta.url).pathname;

/** A project that uses this checkout, and a package, in place of those in the registry. */
const project = (...links: string[]) =>
  JSON.stringify({
    links: [
      ...[ROOT, `${ROOT}core/wasm`, `${ROOT}links/assert`],
      ...[`${ROOT}links/cli`, `${ROOT}links/csv`, ...links],
    ],
  });

/** The package. */
const PACKAGE = {
  "deno.json": project("./package"),
  "package/deno.json": JSON.stringify({
    name: "@scope/hookloop-loud",
    version: "1.2.3",
    exports: "./mod.ts",
  }),
  "package/mod.ts": `
import type { Plugin } from "@hookloop/hookloop";
import { loud } from "./loud.ts";
export const permissions = { net: ["a.example"] };
export const defaults = { every: 1 };
try { Deno.writeTextFileSync("plugins/stolen.ts", ""); } catch { /* nowhere to write */ }
export default ({ every } = defaults): Plugin<"loss"> => ({
  name: "loud",
  requires: ["learningRate"],
  needs: { onEpochEnd: ["loss"] },
  provides: { onEpochEnd: ["noise"] },
  onEpochEnd: () => ({ noise: loud * every }),
});
`,
  "package/loud.ts": "export const loud = 11;",
};

/** `plugins add` in a folder, with nobody to ask. */
async function add(cwd: string, ...args: string[]) {
  const result = await hookloop(["plugins", "add", ...args], {
    cwd,
    config: `${cwd}/deno.json`,
    permissions: [
      ...["--allow-read", "--allow-write=plugins", "--allow-run=deno"],
      ...["--unstable-worker-options", "--allow-import=jsr.io:443"],
    ],
  });
  // Deno has something to say of this project's links and packages before that.
  const err = result.err.replace(/^[^]*?(?=^Cannot)/m, "");
  return { ...result, err };
}

const SHOWN = `jsr:@scope/hookloop-loud@1, waits for --use once added

hooks        onEpochEnd
needs        onEpochEnd: loss
provides     noise
requires     learningRate
imports      file:///…/package/loud.ts
permissions  net a.example

`;

const shown = (out: string, cwd: string) =>
  out.replaceAll(`file://${cwd}`, "file:///…");

Deno.test("plugins add shows what a package does and needs, and writes nothing unasked", async () => {
  const cwd = await Deno.realPath(await folder(PACKAGE));
  const { code, out } = await add(cwd, "jsr:@scope/hookloop-loud@1");
  assertEquals(
    shown(out, cwd),
    `${SHOWN}Nothing was written: --yes adds it where no one can be asked\n`,
  );
  assertEquals(code, 1);
  assertEquals(
    [...Deno.readDirSync(cwd)].some(({ name }) => name === "plugins"),
    false,
  );
});

Deno.test("plugins add --yes writes the file, with the permissions that were shown", async () => {
  const cwd = await Deno.realPath(await folder(PACKAGE));
  const { code, out } = await add(cwd, "jsr:@scope/hookloop-loud@1", "--yes");
  assertEquals(
    shown(out, cwd),
    `${SHOWN}wrote plugins/loud.ts: deno task train --use loud; its permissions take --allow-net=a.example in the task in deno.json\n`,
  );
  assertEquals(code, 0);
  assertEquals(
    await Deno.readTextFile(`${cwd}/plugins/loud.ts`),
    `export * from "jsr:@scope/hookloop-loud@1";
export { default } from "jsr:@scope/hookloop-loud@1";
export const granted = { net: ["a.example"] };
`,
  );
  const again = await add(cwd, "jsr:@scope/hookloop-loud@1", "--yes");
  assertEquals(again.code, 2);
  assertEquals(
    again.err,
    "Cannot add jsr:@scope/hookloop-loud@1: plugins/loud.ts is there already; remove it, or choose another name with --name\n",
  );
});

Deno.test("plugins add takes the path of a module too, under a name of one's own", async () => {
  const cwd = await Deno.realPath(
    await folder({
      "deno.json": project(),
      "lib/mod.ts": `export default { onEpochEnd() {} };`,
    }),
  );
  const { code, out } = await add(
    cwd,
    "./lib/mod.ts",
    "--name",
    "my-own",
    "--yes",
  );
  assertEquals(code, 0);
  assertMatch(out, /^needs +all keys$/m);
  assertEquals(out.split("\n").at(-2), "wrote plugins/my_own.ts: it is on");
  assertEquals(
    await Deno.readTextFile(`${cwd}/plugins/my_own.ts`),
    `export * from "../lib/mod.ts";
export { default } from "../lib/mod.ts";
`,
  );
});

Deno.test("plugins add refuses what is no plugin, and what is not there", async () => {
  const cwd = await Deno.realPath(
    await folder({
      "deno.json": project(),
      "lib.ts": "export default 5;",
      "throws.ts": "Deno.readTextFileSync('deno.json'); export default {};",
    }),
  );
  const refused = async (specifier: string) => {
    const { code, err, out } = await add(cwd, specifier, "--yes");
    assertEquals([code, out], [2, ""]);
    return err;
  };
  assertEquals(
    await refused("./lib.ts"),
    "Cannot add ./lib.ts: it has no plugin; expected a default export that is an object with hooks, or a function that returns one\n",
  );
  assertMatch(
    await refused("./throws.ts"),
    /^Cannot add \.\/throws\.ts: it cannot be loaded without permissions: Requires read access/,
  );
  assertMatch(
    await refused("./nowhere.ts"),
    /^Cannot add \.\/nowhere\.ts: Module not found/,
  );
});
