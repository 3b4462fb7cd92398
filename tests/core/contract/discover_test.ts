import {
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { discover, isPluginFile } from "../../../core/contract/discover.ts";
import { loadMessage } from "../../../core/contract/discovery_host.ts";
import { InputError, PluginError } from "../../../core/errors.ts";

/** A folder that exists only here. */
function folder(files: Record<string, Record<string, unknown> | Error>) {
  return {
    list: () => Promise.resolve(Object.keys(files).reverse()),
    load(path: string) {
      const module = files[path.slice(path.indexOf("plugins/") + 8)]!;
      return module instanceof Error
        ? Promise.reject(module)
        : Promise.resolve(module);
    },
  };
}

const hook = { onEpochEnd() {} };

Deno.test("isPluginFile() leaves out private files, tests and other kinds", () => {
  for (const name of ["a.ts", "a.js", "a.mjs", "a.tsx"]) {
    assertEquals(isPluginFile(name), true, name);
  }
  for (const name of ["_a.ts", "a_test.ts", "a.d.ts", "a.json", "README.md"]) {
    assertEquals(isPluginFile(name), false, name);
  }
});

Deno.test("discover() sorts by name; an object is on, a function waits", async () => {
  const { found, broken } = await discover(
    "plugins",
    folder({
      "b_two.ts": {
        default: (options: { x?: number }) => ({
          name: "b-two",
          ...hook,
          options,
        }),
        defaults: { x: 1 },
      },
      "a_one.ts": { default: { name: "a-one", ...hook } },
      "_private.ts": { default: 3 },
    }),
  );
  assertEquals(broken, []);
  assertEquals(found.map(({ name, on, file }) => [name, on, file]), [
    ["a-one", true, "plugins/a_one.ts"],
    ["b-two", false, "plugins/b_two.ts"],
  ]);
  assertEquals(found[1]!.defaults, { x: 1 });
  assertEquals(found[1]!.create({ x: 2 }).name, "b-two");
});

Deno.test("a class is no plugin, what it makes is", async () => {
  class Counter {
    name = "counter";
    onEpochEnd() {}
  }
  const { found, broken } = await discover(
    "plugins",
    folder({
      "a.ts": { default: Counter },
      "b.ts": { default: () => new Counter() },
    }),
  );
  assertStringIncludes(
    broken[0]!.problem,
    "Cannot load plugins/a.ts: its default export is a class; export an object, or a function that makes one: export default () => new Counter();",
  );
  assertEquals(found[0]!.create().name, "counter");
});

Deno.test("a class without a name is spoken of by a name that can stand there", async () => {
  const code = "export default class { onEpochEnd() {} }";
  const { broken } = await discover(
    "plugins",
    folder({ "a.ts": await import(`data:text/javascript,${code}`) }),
  );
  assertStringIncludes(
    broken[0]!.problem,
    "makes one: export default () => new MyPlugin();",
  );
});

Deno.test("a bare hook object takes the name of its file", async () => {
  const { found } = await discover(
    "plugins/",
    folder({ "my_hook.ts": { default: hook } }),
  );
  assertEquals(found[0]!.name, "my-hook");
  assertEquals(found[0]!.create().name, "my-hook");
});

Deno.test("all broken files are reported at once, each with an example", async () => {
  const { broken } = await discover(
    "plugins",
    folder({
      "a.ts": { other: 1 },
      "b.ts": { default: 3 },
      "c.ts": { default: { name: "c" } },
      "d.ts": { default: { onEpochEnded() {} } },
      "e.ts": new Error("boom"),
    }),
  );
  const example =
    '\n    export default { name: "my-plugin", onEpochEnd(epoch, logs, run) {} };';
  assertEquals(
    broken.map(({ problem }) => problem.replace(/at least one of [^\n]*/, "…")),
    [
      `Cannot load plugins/a.ts: it has no default export; expected an object with hooks, or a function that returns one${example}`,
      `Cannot load plugins/b.ts: its default export is a number: expected an object with hooks${example}`,
      `Cannot load plugins/c.ts: its default export has no hook: expected …${example}`,
      `Cannot load plugins/d.ts: its default export has an unknown hook "onEpochEnded", did you mean "onEpochEnd"?${example}`,
      "Cannot load plugins/e.ts: it threw on import: boom",
    ],
  );
});

Deno.test("two files with one plugin name are broken together", async () => {
  const { broken } = await discover(
    "plugins",
    folder({
      "a.ts": { default: { name: "same", ...hook } },
      "b.ts": { default: { name: "same", ...hook } },
    }),
  );
  assertEquals(
    broken[0]!.problem,
    '2 plugins are named "same" (plugins/a.ts, plugins/b.ts): a name must be unique, rename one',
  );
});

Deno.test("a function that returns no plugin is told when it is used", async () => {
  const { found } = await discover(
    "plugins",
    folder({ "a.ts": { default: () => 3 } }),
  );
  const error = await assertRejects(
    () => Promise.resolve().then(() => found[0]!.create()),
    InputError,
  );
  assertEquals(
    error.message,
    'Cannot use "a": what its function returned is a number: expected an object with hooks   (plugins/a.ts)',
  );
});

Deno.test("a function that returns nothing is told so", async () => {
  const { found } = await discover(
    "plugins",
    folder({ "a.ts": { default: () => {} } }),
  );
  assertThrows(
    () => found[0]!.create(),
    InputError,
    "what its function returned is undefined: expected an object with hooks",
  );
});

Deno.test("real files: syntax errors and missing imports are told without a stack", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/syntax.ts`, "export default { nam");
  await Deno.writeTextFile(
    `${dir}/import.ts`,
    'import "./nowhere.ts"; export default {};',
  );
  await Deno.writeTextFile(`${dir}/throws.ts`, 'throw new Error("boom");');
  const { broken } = await discover(dir);
  assertEquals(broken.map(({ file }) => file.slice(dir.length + 1)), [
    "import.ts",
    "syntax.ts",
    "throws.ts",
  ]);
  assertStringIncludes(broken[0]!.problem, 'Module not found "file:///');
  assertStringIncludes(broken[1]!.problem, "Expected ',', got '<eof>'");
  assertEquals(
    broken[2]!.problem,
    `Cannot load ${dir}/throws.ts: it threw on import: boom`,
  );
});

Deno.test("a folder that is not there is told with what to do", async () => {
  const error = await assertRejects(
    () => discover("no-such-folder"),
    InputError,
  );
  assertEquals(
    error.message,
    "Cannot look for plugins in no-such-folder: there is no such folder; make it, or name another with --plugins DIR",
  );
});

Deno.test("a file without help or defaults has no help, and its options are not known", async () => {
  const { found } = await discover(
    "plugins",
    folder({
      "plain.ts": { default: () => hook },
      "told.ts": { default: () => hook, help: { x: "how many" } },
    }),
  );
  assertEquals(found.map(({ help }) => help), [{}, { x: "how many" }]);
  assertEquals(found.map(({ defaults }) => defaults), [undefined, undefined]);
  assertEquals(found[0]!.create().name, "plain");
});

Deno.test("a broken file is told with its path, two of one name with the first", async () => {
  const { found, broken } = await discover(
    "my/plugins",
    folder({
      "my/fine.ts": { default: () => hook },
      "my/a.ts": { default: 3 },
      "my/b.ts": { default: { name: "same", ...hook } },
      "my/c.ts": { default: { name: "same", ...hook } },
    }),
  );
  assertEquals(broken.map(({ file }) => file), [
    "my/plugins/my/a.ts",
    "my/plugins/my/b.ts",
  ]);
  assertEquals(found[0]!.name, "same");
  assertEquals(found.at(-1)!.name, "fine");
});

Deno.test("whatever a factory throws, its plugin is named", async () => {
  const { found } = await discover(
    "plugins",
    folder({
      "a.ts": {
        default: () => {
          throw undefined;
        },
      },
    }),
  );
  const error = await assertRejects(
    () => Promise.resolve().then(() => found[0]!.create()),
    PluginError,
  );
  assertEquals(
    error.message,
    'Plugin "a" failed while it was being made (plugins/a.ts): undefined',
  );
});

Deno.test("loadMessage() tells a module's own error from the loader's", () => {
  const loader = 'Module not found "file:///a.ts"';
  assertEquals(loadMessage(new TypeError(loader)), loader);
  assertEquals(loadMessage(new SyntaxError("odd")), "odd");
  assertEquals(
    loadMessage(Object.assign(new Error("no"), { code: "ERR" })),
    "no",
  );
  assertEquals(loadMessage(new Error("boom")), "it threw on import: boom");
  assertEquals(loadMessage("boom"), "it threw boom on import");
});

Deno.test("loadMessage() says how to get what is not in the cache", () => {
  const remedy =
    "; what it imports is fetched only if you say so: deno cache FILE, or deno add PACKAGE";
  const cases = [
    [
      'Specifier not found in cache: "https://a.example/b.ts", --cached-only is specified.',
      'Specifier not found in cache: "https://a.example/b.ts"',
    ],
    [
      'npm package not found in cache: "b"',
      'npm package not found in cache: "b"',
    ],
    [
      'Failed loading https://registry.npmjs.org/b for package "b"',
      'Failed loading https://registry.npmjs.org/b for package "b"',
    ],
  ] as const;
  for (const [said, told] of cases) {
    assertEquals(loadMessage(new TypeError(said)), told + remedy);
  }
});

Deno.test("a relative path begins where the program runs, whatever that folder is called; a folder in it is no plugin", async () => {
  const dir = await Deno.makeTempDir({ suffix: " #1 50%" });
  await Deno.mkdir(`${dir}/plugins/folder.ts`, { recursive: true });
  await Deno.writeTextFile(
    `${dir}/plugins/a.ts`,
    'export default { name: "real", onEpochEnd() {} };',
  );
  const before = Deno.cwd();
  Deno.chdir(dir);
  try {
    const { found, broken } = await discover("plugins");
    assertEquals(found.map(({ name }) => name), ["real"]);
    assertEquals(broken.map(({ problem }) => problem), [
      "Cannot load plugins/folder.ts: it is a folder; expected a file with a module",
    ]);
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("a file is no folder", async () => {
  const file = await Deno.makeTempFile();
  const { message } = await assertRejects(() => discover(file), InputError);
  assertStringIncludes(
    message,
    `Cannot look for plugins in ${file}: a file is in the place of a folder`,
  );
});

Deno.test({
  name: "a folder that may not be read is told with the permission to give",
  permissions: { read: [] },
  async fn() {
    const { message } = await assertRejects(() => discover("x"), InputError);
    assertEquals(
      message,
      "Cannot look for plugins in x: read permission is missing; run with --allow-read=x",
    );
  },
});
