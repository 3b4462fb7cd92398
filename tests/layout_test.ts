import { assertEquals } from "@std/assert";
import { BUILTINS } from "../core/cli/experiment/choose_plugins.ts";
import * as hookloop from "../mod.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
const readme = await Deno.readTextFile(`${ROOT}README.md`);

/** The source files below a folder. */
function sources(dir: string): string[] {
  return [...Deno.readDirSync(ROOT + dir)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? sources(`${dir}/${name}`)
      : name.endsWith(".ts")
      ? [`${dir}/${name}`]
      : []
  ).sort();
}

function read(path: string): string {
  return Deno.readTextFileSync(ROOT + path);
}

/** What a file imports, types and values apart. */
function imports(path: string): { types: string[]; values: string[] } {
  const found = [
    ...read(path).matchAll(/^(import|export)( type)?\s[^;]*?from "([^"]+)"/gm),
  ];
  return {
    types: found.filter(([, , type]) => type).map(([, , , from]) => from!),
    values: found.filter(([, , type]) => !type).map(([, , , from]) => from!),
  };
}

/** The built-ins by file name; a user's own files in plugins/ are their business. */
const plugins = BUILTINS.map((name) => name.replaceAll("-", "_"));
const camel = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

Deno.test("each built-in has its test, export, README row and name in mod.ts; the three names agree", async (t) => {
  const exported = Object.keys(config.exports).filter((path) =>
    path.startsWith("./plugins/")
  );
  assertEquals(exported.map((path) => path.slice("./plugins/".length)), [
    ...BUILTINS,
  ]);
  for (const snake of plugins) {
    await t.step(snake, async () => {
      const kebab = snake.replaceAll("_", "-");
      const module = await import(`../plugins/${snake}.ts`);
      assertEquals(module.default.name, camel(snake));
      assertEquals(module.default().name, kebab);
      assertEquals(Object.keys(module.help), Object.keys(module.defaults));
      assertEquals(
        (hookloop as Record<string, unknown>)[camel(snake)],
        module.default,
      );
      assertEquals(
        config.exports[`./plugins/${kebab}`],
        `./plugins/${snake}.ts`,
      );
      assertEquals(
        new RegExp(`\| \`${kebab}\` +\|`).test(readme),
        true,
        "README row",
      );
      Deno.statSync(`${ROOT}tests/plugins/${snake}_test.ts`);
    });
  }
});

Deno.test("files hold one idea: none is over 300 lines", () => {
  const long = [...sources("core"), ...sources("plugins")]
    .filter((path) => !path.endsWith("_bytes.ts"))
    .filter((path) => read(path).split("\n").length > 300);
  assertEquals(long, []);
});

Deno.test("core/ imports nothing from plugins/", () => {
  for (const path of sources("core")) {
    const { types, values } = imports(path);
    assertEquals(
      [...types, ...values].filter((from) => from.includes("plugins/")),
      [],
      path,
    );
  }
});

Deno.test("plugins/ import types only from core/plugin.ts, and each other's private files", () => {
  for (const path of sources("plugins")) {
    const { types, values } = imports(path);
    assertEquals(
      types.filter((from) =>
        from !== "../core/plugin.ts" && !from.startsWith("./_")
      ),
      [],
      path,
    );
    assertEquals(
      values.filter((from) => from !== "@std/csv" && !from.startsWith("./_")),
      [],
      path,
    );
  }
});

Deno.test("the loop knows nothing of tf.js", () => {
  for (
    const path of sources("core").filter((path) => path.split("/").length === 2)
  ) {
    const { types, values } = imports(path);
    assertEquals(
      [...types, ...values].filter((from) => /tfjs|\.\/tf\//.test(from)),
      [],
      path,
    );
  }
});

Deno.test("no task takes all permissions", () => {
  for (
    const { command } of Object.values(config.tasks) as { command: string }[]
  ) {
    assertEquals(/(^|\s)(-A|--allow-all)(\s|$)/.test(command), false, command);
  }
});
