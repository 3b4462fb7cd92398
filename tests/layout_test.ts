import { assertEquals } from "@std/assert";
import { BUILTINS } from "../core/cli/experiment/builtins.ts";
import { LOGS } from "../core/contract/log_keys.ts";
import { HOOK_NAMES, HOOKS } from "../core/plugin.ts";
import * as hookloop from "../mod.ts";
import { filesAt } from "./mutation/files_at.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
const readme = await Deno.readTextFile(`${ROOT}README.md`);

/** The source files below a folder. */
const sources = (dir: string) => filesAt(ROOT, dir);

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

/** What a file imports when it gets there. */
function lazy(path: string): string[] {
  return [...read(path).matchAll(/\bimport\(\s*"([^"]+)"/g)]
    .map(([, from]) => from!);
}

/** The built-ins by file name: a user's own files in plugins/ are their business. */
const builtins = Object.keys(config.exports)
  .filter((path) => path.startsWith("./plugins/"))
  .map((path) => path.slice("./plugins/".length).replaceAll("-", "_"));

/** Their files, the private ones that they import among them. */
const ownPlugins = withPrivate(builtins.map((name) => `plugins/${name}.ts`));

function withPrivate(files: readonly string[]): string[] {
  const all = new Set(files);
  for (const path of all) {
    const { types, values } = imports(path);
    for (const from of [...types, ...values, ...lazy(path)]) {
      const file = resolved(path, from);
      if (file.startsWith("plugins/_") && file.endsWith(".ts")) all.add(file);
    }
  }
  return [...all];
}

/** The file of the project that is imported; what is imported, if it is none. */
function resolved(path: string, from: string): string {
  if (!from.startsWith(".")) return from;
  return new URL(from, `file:///${path}`).pathname.slice(1);
}
const camel = (name: string) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Options without which a built-in is refused. */
const LEAST: Readonly<Record<string, object>> = { "time-limit": { hours: 1 } };

Deno.test("each built-in has its test, export, README row and name in mod.ts; the three names agree", async (t) => {
  const files = builtins.map((snake) => `plugins/${snake}.ts`);
  assertEquals(Object.keys(BUILTINS).length, builtins.length);
  assertEquals(
    files,
    files.filter((path) => sources("plugins").includes(path)),
  );
  for (const snake of builtins) {
    await t.step(snake, async () => {
      const kebab = snake.replaceAll("_", "-");
      const module = await import(`../plugins/${snake}.ts`);
      assertEquals(module.default.name, camel(snake));
      const least = LEAST[kebab] ?? {};
      assertEquals(module.default(least).name, kebab);
      assertEquals(module.default({ ...least, name: "other" }).name, "other");
      assertEquals(Object.keys(module.help), Object.keys(module.defaults));
      assertEquals(
        (hookloop as Record<string, unknown>)[camel(snake)],
        module.default,
      );
      assertEquals(
        config.exports[`./plugins/${kebab}`],
        `./plugins/${snake}.ts`,
      );
      const { about, load } = BUILTINS[kebab]!;
      assertEquals(await load(), module);
      const row = readme.split("\n")
        .find((line) => line.startsWith(`| \`${kebab}\` `));
      assertEquals(row?.split("|")[2]?.trim(), about, "README row");
      Deno.statSync(`${ROOT}tests/plugins/${snake}_test.ts`);
    });
  }
});

/** Longer for their documentation: the page that every author reads. */
const PAGES = ["core/plugin.ts"];

Deno.test("files hold one idea: none is over 300 lines", () => {
  const long = [...sources("core"), ...ownPlugins]
    .filter((path) => !path.endsWith("_bytes.ts") && !PAGES.includes(path))
    .filter((path) => read(path).split("\n").length > 300);
  assertEquals(long, []);
});

/** What changes files; to open one is to change it, unless it is opened to be read. */
const CHANGES =
  /\bDeno\.(?:(?:write(?:Text)?File|create|truncate|rename|copyFile|link|symlink|mkdir|remove|chmod|utime|makeTemp\w+?)(?:Sync)?\(|open(?:Sync)?\((?![^,)]*\)|[^,)]*, \{ read: true \}\)))/;

/** A tool that makes a source file; it is never loaded by the package. */
const OTHERS = ["core/wasm/simd/build_simd.ts"];

Deno.test("files are changed in core/disk.ts alone, on which core/files.ts builds what is whole or not there", () => {
  const changing = [...sources("core"), ...ownPlugins].filter((path) =>
    read(path).split("\n").some((line) =>
      CHANGES.test(line) && !line.startsWith(" *")
    )
  );
  assertEquals(
    changing.filter((path) => !OTHERS.includes(path)),
    ["core/disk.ts"],
  );
});

const LIST = "core/cli/experiment/builtins.ts";

Deno.test("core/ imports nothing from plugins/, save for the list by which they are named", () => {
  for (const path of sources("core")) {
    const { types, values } = imports(path);
    const found = [...types, ...values, ...path === LIST ? [] : lazy(path)];
    assertEquals(found.filter((from) => from.includes("/plugins/")), [], path);
  }
});

/** What a built-in may import besides: `uplot` as text, for a page. */
const FOR_ALL = [
  "@std/csv",
  "uplot/dist/uPlot.iife.min.js",
  "uplot/dist/uPlot.min.css",
];

Deno.test("built-ins import core/plugin.ts alone, and each other's private files", () => {
  for (const path of ownPlugins) {
    const { types, values } = imports(path);
    const core = path.split("/").map(() => "..").slice(1).join("/") +
      "/core/plugin.ts";
    const isPrivate = (from: string) =>
      resolved(path, from).startsWith("plugins/_");
    assertEquals(
      [...types, ...values].filter((from) =>
        from !== core && !FOR_ALL.includes(from) && !isPrivate(from)
      ),
      [],
      path,
    );
  }
});

/** What built-ins load when it is used. */
const LIBRARIES = ["fast-png", "protobufjs"];

Deno.test("built-ins load libraries where they use them, and these alone", () => {
  const loaded = ownPlugins.flatMap(lazy)
    .filter((from) => !from.startsWith("./_"));
  assertEquals([...new Set(loaded)].sort(), LIBRARIES);
});

Deno.test("data flow one way: contract -> run -> loop, and none of them knows tf.js", () => {
  const rooms: Record<string, readonly string[]> = {
    contract: ["../run/", "../loop/"],
    run: ["../loop/"],
    loop: [],
  };
  for (const [room, below] of Object.entries(rooms)) {
    for (const path of sources(`core/${room}`)) {
      const { types, values } = imports(path);
      assertEquals(
        [...types, ...values].filter((from) => /tfjs|\/tf\//.test(from)),
        [],
        path,
      );
      assertEquals(
        values.filter((from) => below.some((other) => from.startsWith(other))),
        [],
        path,
      );
    }
  }
});

Deno.test("what draws is loaded by what imports core/plot/ alone, which knows neither runs nor tf.js", () => {
  const drawing = ["@observablehq/plot", "linkedom"];
  for (const path of [...sources("core"), ...ownPlugins, "mod.ts"]) {
    const { types, values } = imports(path);
    if (path.startsWith("core/plot/")) {
      const outside = values.filter((from) => from.startsWith("../"));
      assertEquals(
        outside.filter((from) => /\/(run|loop|cli|data)\//.test(from)),
        [],
        path,
      );
    } else {
      const found = [...types, ...values, ...lazy(path)];
      assertEquals(found.filter((from) => drawing.includes(from)), [], path);
      assertEquals(values.filter((from) => from.includes("/plot/")), [], path);
    }
  }
});

Deno.test("what others may import without tf.js does not load it", async () => {
  for (
    const path of [
      "core/plugin.ts",
      "core/loop/mod.ts",
      "core/contract/discover.ts",
      "core/testing.ts",
      "core/data/mod.ts",
      "core/plot/mod.ts",
    ]
  ) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", ROOT + path],
    }).output();
    const { modules } = JSON.parse(new TextDecoder().decode(stdout));
    const loaded = modules.map((it: { specifier: string }) => it.specifier);
    assertEquals(loaded.length > 0, true);
    assertEquals(loaded.filter((it: string) => it.includes("tfjs")), [], path);
  }
});

Deno.test("the README's table of hooks follows from the table in core/plugin.ts", () => {
  const rows = HOOK_NAMES.map((hook) => {
    const { indexed, logs } = HOOKS[hook];
    const args = indexed ? `(${indexed}, logs, run)` : "(logs, run)";
    return [`\`${hook}\``, `\`${args}\``, LOGS[logs].text];
  });
  const found = readme.split("\n")
    .filter((line) => /^\| `on\w+` +\|/.test(line))
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  assertEquals(found, rows);
});

Deno.test("no task takes all permissions", () => {
  for (
    const { command } of Object.values(config.tasks) as { command: string }[]
  ) {
    assertEquals(/(^|\s)(-A|--allow-all)(\s|$)/.test(command), false, command);
  }
});
