import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { folder, hookloop } from "./_command.ts";

const LOOP = new URL("../../../core/loop/mod.ts", import.meta.url).href;

/** An experiment with a loop of its own, and a plugin; `first` runs when it is loaded, `before` in front of the loop. */
async function ran(
  { first = "", before = "", plugin = "", backend = "cpu" }: {
    first?: string;
    before?: string;
    plugin?: string;
    backend?: string;
  },
) {
  const cwd = await folder({
    "loop.ts": `
import { train } from "${LOOP}"; ${first}
export default async function experiment(setup) {
  ${before}
  return await train({ metrics: ["loss"], trainStep: () => ({ loss: 1 }) }, [1], { epochs: 2, ...setup.run() });
}`,
    ...plugin && { "plugins/x.ts": `export default { name: "x", ${plugin} };` },
  });
  const result = await hookloop(
    ["train", "loop.ts", "--backend", backend, "--run-dir", "run"],
    { cwd },
  );
  const err = result.err.replaceAll(cwd, "CWD");
  return { ...result, err, cwd };
}

Deno.test("an error of an experiment is its message and where it was thrown, exit code 1", async () => {
  const { code, err } = await ran({ before: 'throw new Error("boom");' });
  assertEquals(code, 1);
  assertEquals(err, "The experiment's loop failed at loop.ts:4:9: boom\n");
});

Deno.test("whatever is thrown is told in a sentence", async () => {
  const thrown: Record<string, string> = {
    "null": "null",
    '"text"': "text",
    "new Error()": "Error",
    "Object.create(null)": "something that cannot be shown",
    "({ toString() { throw 1; } })": "something that cannot be shown",
    "new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 1; } })":
      "something that cannot be shown",
    'Object.defineProperty(new Error("m"), "stack", { get() { throw 1; } })':
      "m",
    '"long".repeat(1e7)': `${"long".repeat(1000)}…`,
  };
  for (const [value, text] of Object.entries(thrown)) {
    const { code, err } = await ran({ before: `throw ${value};` });
    assertEquals(
      [code, err.replace(/ at loop.ts:4:\d+/, "")],
      [1, `The experiment's loop failed: ${text}\n`],
    );
  }
});

Deno.test("a hook whose promise nothing can settle fails the run by its name, and the others are ended", async () => {
  const { code, err, out } = await ran({
    plugin:
      'onEpochEnd: () => new Promise(() => {}), onTrainEnd(logs, run) { run.print("END " + run.outcome.status); }',
  });
  assertEquals([code, err], [
    1,
    'Plugin "x" failed in onEpochEnd at epoch 0 (plugins/x.ts): it returned a promise that nothing is left to settle: no timer, no request, no file\n',
  ]);
  assertStringIncludes(out, "END failed\n");
});

Deno.test("so do the data, the step, and anything else that an experiment awaits", async () => {
  const never = "new Promise(() => {})";
  const train = (step: string, data: string) =>
    `await train({ metrics: ["loss"], trainStep: ${step} }, ${data}, setup.run());`;
  const cases = {
    "the next batch of the data is": train(
      "() => ({ loss: 1 })",
      `async function* () { await ${never}; }`,
    ),
    "the step is": train(`() => ${never}`, "[1]"),
    "the experiment waits for": `await ${never};`,
  };
  for (const [what, before] of Object.entries(cases)) {
    const { code, err } = await ran({ before });
    assertEquals(code, 2);
    assertMatch(
      err,
      RegExp(`^Cannot go on: ${what} a promise that nothing .*\n$`),
    );
  }
});

Deno.test("what fails beside the run does not end it, and is not forgotten", async () => {
  const cases = {
    "a promise that nobody awaits was rejected":
      'onTrainBegin() { Promise.reject(new Error("aside")); }',
    "an error that nobody catches was thrown":
      'async onTrainBegin() { setTimeout(() => { throw new Error("aside"); }); await new Promise((go) => setTimeout(go, 20)); }',
  };
  // Emscripten, which the wasm backend is built with, listens too.
  for (const backend of ["cpu", "wasm"]) {
    for (const [what, plugin] of Object.entries(cases)) {
      const { code, err, out } = await ran({ plugin, backend });
      assertEquals(code, 1);
      assertMatch(
        err,
        RegExp(
          `^Warning: ${what}: aside\n {4}at .*CWD/plugins/x.ts.*\n( {4}at .*\n)*$`,
        ),
      );
      assertStringIncludes(out, "\nCompleted 2 epochs\n");
    }
  }
});

Deno.test("a plugin that ends the process is named, and has not succeeded", async () => {
  for (const exit of ["Deno.exit(0)", "process.exit()"]) {
    const { code, err } = await ran({ plugin: `onEpochEnd() { ${exit}; }` });
    assertEquals(code, 1);
    assertMatch(
      err,
      /^The process was ended before the run was over, by Deno.exit in plugins\/x.ts:1:\d+\n$/,
    );
  }
});

Deno.test("a fault of hookloop is called one; its trace is in the run's folder", async () => {
  const { code, err, cwd } = await ran({
    first: "globalThis.structuredClone = undefined;",
    plugin: "state: {}, onEpochEnd() {}",
  });
  assertEquals(code, 70);
  const [, message, path] =
    /^(.*)\nThis is a fault of hookloop, not of yours. The trace is in (run\/fault-\S+\.txt)\n$/
      .exec(err)!;
  assertEquals(message, "structuredClone is not a function");
  assertMatch(
    await Deno.readTextFile(`${cwd}/${path}`),
    /^TypeError: .*\n {4}at resetState \([^]*\nhookloop train loop.ts/,
  );
});

Deno.test("where no file can be written, the trace is printed", async () => {
  const cwd = await folder({
    "plugins/x.ts":
      "Map.groupBy = undefined; export default { onEpochEnd() {} };",
  });
  const { code, err } = await hookloop(["plugins"], {
    cwd,
    permissions: ["--allow-read"],
  });
  assertEquals(code, 70);
  assertMatch(
    err,
    /\nThis is a fault of hookloop, not of yours. The trace, which could not be written into a file:\nTypeError: .*\n {4}at /,
  );
});
