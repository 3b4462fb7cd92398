import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop } from "../_command.ts";

const PERMISSIONS = ["--allow-read=.", "--allow-write=."];

/** Paths and texts of all that is in a folder. */
function contents(dir: string, at = ""): Record<string, string> {
  return Object.assign(
    {},
    ...[...Deno.readDirSync(dir + at)].map(({ name, isDirectory }) => {
      const path = `${at}/${name}`;
      return isDirectory
        ? { [path]: "", ...contents(dir, path) }
        : { [path]: Deno.readTextFileSync(dir + path) };
    }),
  );
}

Deno.test("init writes a project into an empty folder, and nothing the second time", async () => {
  const cwd = await folder();
  const first = await hookloop(["init"], { cwd, permissions: PERMISSIONS });
  assertEquals(first, {
    code: 0,
    out: `wrote deno.json
wrote experiment.ts
wrote tests/experiment_test.ts
wrote plugins/
wrote .gitignore

Next: deno task train, then change experiment.ts; deno task new NAME writes a plugin
`,
    err: "",
  });
  const before = contents(cwd);
  assertEquals(Object.keys(before).sort(), [
    "/.gitignore",
    "/deno.json",
    "/experiment.ts",
    "/plugins",
    "/tests",
    "/tests/experiment_test.ts",
  ]);
  const again = await hookloop(["init"], { cwd, permissions: PERMISSIONS });
  assertMatch(
    again.out,
    /^left as it is: deno.json, experiment.ts, tests\/experiment_test.ts, plugins\/, .gitignore\n\nNext/,
  );
  assertEquals(contents(cwd), before);
});

Deno.test("init touches nothing that is there: files stay, the config gets what it lacks", async () => {
  const config = `{
  // a comment
  "tasks": { "train": "python train.py" }, /* and another */
}`;
  const cwd = await folder({
    "deno.jsonc": config,
    "experiment.ts": "my own",
    "plugins/vite.ts": "not a plugin of this kind",
  });
  const { code, out } = await hookloop(["init"], {
    cwd,
    permissions: PERMISSIONS,
  });
  assertEquals(code, 0);
  assertMatch(
    out,
    /^added to deno.jsonc: tasks .+; imports .+\nwrote .gitignore\nleft as it is: experiment.ts, plugins\/\n/,
  );
  assertStringIncludes(
    out,
    'deno.jsonc is missing what could not be added without changing what is there: the task "train" is another one. By hand:\n  "hookloop-train": "deno install -q && deno run ',
  );
  const after = contents(cwd);
  assertEquals(after["/experiment.ts"], "my own");
  assertEquals(after["/plugins/vite.ts"], "not a plugin of this kind");
  assertEquals(after["/tests/experiment_test.ts"], undefined);
  assertMatch(
    after["/deno.jsonc"]!,
    /^\{\n {2}\/\/ a comment\n {2}"tasks": \{ "train": "python train.py",\n/,
  );
  assertStringIncludes(after["/deno.jsonc"]!, "}, /* and another */\n");
});

Deno.test("init writes all or nothing", async () => {
  const blocked = { tests: "a file where a folder should be" };
  const cwd = await folder(blocked);
  const { code, err } = await hookloop(["init"], {
    cwd,
    permissions: PERMISSIONS,
  });
  assertEquals([code, err], [
    2,
    "Cannot write into tests: a file is in the place of a folder\n",
  ]);
  assertEquals(contents(cwd), { "/tests": blocked.tests });

  const config = { "deno.json": '{ "tasks": 5 }' };
  const second = await folder(config);
  const refused = await hookloop(["init"], {
    cwd: second,
    permissions: PERMISSIONS,
  });
  assertEquals([refused.code, refused.err], [
    2,
    "Cannot add to deno.json: its 'tasks' is not an object; correct it first\n",
  ]);
  assertEquals(contents(second), { "/deno.json": config["deno.json"] });
});

Deno.test("init says what it needs: a permission, no arguments, another folder", async () => {
  const cwd = await folder();
  const readOnly = await hookloop(["init"], {
    cwd,
    permissions: ["--allow-read=."],
  });
  assertMatch(
    readOnly.err,
    /^Cannot write into .+: write permission is missing/,
  );
  assertEquals([readOnly.code, contents(cwd)], [2, {}]);
  const named = await hookloop(["init", "there"], { cwd });
  assertEquals([named.code, named.err], [
    2,
    "Cannot set up there: init takes no arguments; run it in the project's folder\n",
  ]);
  const root = new URL("../../../..", import.meta.url).pathname;
  const checkout = await hookloop(["init"], {
    cwd: root,
    permissions: ["--allow-read=."],
  });
  assertEquals([checkout.code, checkout.err], [
    2,
    "Cannot set up this folder: it is hookloop's own checkout, which has all that init writes\n",
  ]);
});
