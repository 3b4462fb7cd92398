import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { discover, isPluginFile } from "../../../core/contract/discover.ts";
import { InputError } from "../../../core/errors.ts";

/** A folder that exists only here. */
function folder(files: Record<string, Record<string, unknown> | Error>) {
  return {
    list: () => Promise.resolve(Object.keys(files).reverse()),
    load(path: string) {
      const module = files[path.replace("plugins/", "")]!;
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
