import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { mergeConfig } from "../../../../core/cli/commands/merge_config.ts";
import { TASKS } from "../../../../core/cli/tasks.ts";
import own from "../../../../deno.json" with { type: "json" };
import { InputError } from "../../../../core/errors.ts";

const commands = [
  ...Object.values(own.tasks).filter(({ command }) =>
    command.includes("core/cli/main.ts")
  ),
].length;

Deno.test("an empty config gets tasks with the permissions of this checkout's own, and what they import", () => {
  const { text, byHand } = mergeConfig(undefined, "deno.json");
  const { tasks, imports } = JSON.parse(text!);
  assertEquals(Object.keys(tasks), [...Object.keys(TASKS), "test"]);
  assertEquals(Object.keys(TASKS).length, commands);
  const theirs: Record<string, { command: string }> = own.tasks;
  for (const name of Object.keys(TASKS)) {
    assertEquals(
      tasks[name].command,
      theirs[name]!.command
        .replace("core/cli/main.ts", "@hookloop/hookloop/cli"),
    );
  }
  assertEquals(imports, {
    "@hookloop/hookloop": `jsr:@hookloop/hookloop@^${own.version}`,
    "@std/assert": own.imports["@std/assert"],
    "@tensorflow/tfjs": own.imports["@tensorflow/tfjs"],
  });
  assertEquals(byHand.entries, []);
});

Deno.test("what is there stays: comments, indentation, line ends, order, trailing commas", () => {
  const before = `// mine
{
\t"lint": { "rules": ["a",   "b"] }, // odd spaces
\t"imports": { "@tensorflow/tfjs": "npm:@tensorflow/tfjs@^4.22.0" },
\t"tasks": {
\t\t// first
\t\t"build": "deno run build.ts", // last
\t},
\t/* the end */
}
`.replaceAll("\n", "\r\n");
  const { text } = mergeConfig(before, "deno.jsonc");
  assertEquals(text!.replaceAll("\r\n", "").includes("\n"), false);
  assertEquals(
    text!.replaceAll("\r\n", "\n").replace(
      /("train": )\{.*?\},\n.*\},\n(\t\},)/s,
      "$1…,\n$2",
    ),
    `// mine
{
\t"lint": { "rules": ["a",   "b"] }, // odd spaces
\t"imports": { "@tensorflow/tfjs": "npm:@tensorflow/tfjs@^4.22.0",
\t\t"@hookloop/hookloop": "jsr:@hookloop/hookloop@^${own.version}",
\t\t"@std/assert": "${own.imports["@std/assert"]}"
\t},
\t"tasks": {
\t\t// first
\t\t"build": "deno run build.ts", // last
\t\t"train": …,
\t},
\t/* the end */
}
`,
  );
});

Deno.test("a second time there is nothing to add", () => {
  for (const before of ["{}", "{ /* none */ }", '{\n  "tasks": {}\n}\n']) {
    const { text } = mergeConfig(before, "deno.json");
    assertEquals(mergeConfig(text, "deno.json"), {
      text: undefined,
      added: [],
      byHand: { entries: [], why: "" },
    });
  }
});

Deno.test("a task of that name that is another one stays, and is said", () => {
  const { text, byHand } = mergeConfig(
    '{ "tasks": { "train": "python train.py", "test": "deno test -R" } }',
    "deno.json",
  );
  const { tasks } = JSON.parse(text!);
  assertEquals(tasks.train, "python train.py");
  assertEquals(tasks.test, "deno test -R");
  assertEquals(byHand.why, 'the task "train" is another one');
  assertStringIncludes(
    byHand.entries[0]!,
    '"hookloop-train": "deno install -q && deno run --cached-only --no-prompt ',
  );
  const added = text!.replace(
    '"test"',
    `${byHand.entries[0]},\n    "test"`,
  );
  assertEquals(mergeConfig(added, "deno.json").byHand.entries, []);
});

Deno.test("a task that runs hookloop with other permissions is left", () => {
  const { text } = mergeConfig(
    '{ "tasks": { "train": "deno run -R=. @hookloop/hookloop/cli train" } }',
    "deno.json",
  );
  assertEquals(
    JSON.parse(text!).tasks.train,
    "deno run -R=. @hookloop/hookloop/cli train",
  );
});

Deno.test("imports that lie in another file are said, not added", () => {
  const { text, byHand } = mergeConfig(
    '{ "importMap": "./map.json" }',
    "deno.json",
  );
  assertEquals("imports" in JSON.parse(text!), false);
  assertEquals(byHand.why, "its imports are in ./map.json");
  assertEquals(byHand.entries.length, 3);
});

Deno.test("a config that Deno could not read is a mistake, with its line", () => {
  const mistakes = {
    '{\n "tasks": {\n':
      /^Cannot read deno.json: \w+ in line 3; correct it first$/,
    "[]":
      /^Cannot add tasks to deno.json: it is not an object; correct it first$/,
    '{ "tasks": [] }':
      /^Cannot add to deno.json: its 'tasks' is not an object; correct it first$/,
    '{ "imports": "x" }':
      /^Cannot add to deno.json: its 'imports' is not an object; correct it first$/,
  };
  for (const [text, message] of Object.entries(mistakes)) {
    const error = assertThrows(
      () => mergeConfig(text, "deno.json"),
      InputError,
    );
    assertEquals(message.test(error.message), true, error.message);
  }
});
