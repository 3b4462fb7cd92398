import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BUILTINS } from "../../../../core/cli/experiment/builtins.ts";
import { DEFAULT_PLUGINS } from "../../../../core/cli/experiment/default_plugins.ts";
import { folder, hookloop } from "../_command.ts";

const READ = ["--allow-read"];

Deno.test("plugins lists what a folder contains and what is broken, with exit code 2", async () => {
  const cwd = await folder({
    "plugins/a.ts": 'export default { name: "shout", onEpochEnd() {} };',
    "plugins/b_c.ts": "export default () => ({ onTrainBegin() {} });",
    "plugins/bad.ts": "export default 3;",
    "plugins/_hidden.ts": "",
    "plugins/a_test.ts": "",
  });
  const { code, out, err } = await hookloop(["plugins"], {
    cwd,
    permissions: READ,
  });
  assertEquals([code, err], [2, ""]);
  assertMatch(
    out,
    /^shout {2}on {5}onEpochEnd\nb-c {4}waits {2}onTrainBegin\n/,
  );
  assertStringIncludes(out, "\nAlso built in:\nbackup-and-restore ");
  for (const [name, { about }] of Object.entries(BUILTINS)) {
    const on = DEFAULT_PLUGINS.some(([other]) => other === name);
    assertMatch(
      out,
      new RegExp(`^${name} +${on ? "on {5}" : "waits {2}"}\\S`, "m"),
    );
    assertStringIncludes(out, `  ${about}\n`);
  }
  assertStringIncludes(
    out,
    "\n1 broken:\n- Cannot load plugins/bad.ts: its default export is a number: expected an object with hooks",
  );
});

Deno.test("plugins NAME shows a plugin from the folder with its options", async () => {
  const cwd = await folder({
    "plugins/beep.ts": `/**
 * Beeps at the end
 * of an epoch.
 *
 * @module
 */
export const defaults = { times: 2, tone: undefined };
export const help = { times: "how often" };
export default () => ({
  name: "beep",
  needs: { onEpochEnd: ["loss", { key: "val_loss", direction: true }], onTrainEnd: "all" },
  provides: { onEpochEnd: ["beeps"] },
  requires: ["save"],
  onEpochEnd() {},
  onTrainEnd() {},
});`,
  });
  const { out } = await hookloop(["plugins", "beep"], {
    cwd,
    permissions: READ,
  });
  assertEquals(
    out,
    `beep (plugins/beep.ts), waits for --use beep
Beeps at the end of an epoch.

hooks     onEpochEnd, onTrainEnd
needs     onEpochEnd: loss, val_loss (direction); onTrainEnd: all
provides  onEpochEnd: beeps
requires  save

Options, with their defaults:
  times  2   how often
  tone   none
`,
  );
});

Deno.test("plugins NAME says what a plugin asks for, and whether it is isolated", async () => {
  const cwd = await folder({
    "plugins/post.ts": `export const permissions = { net: ["a.example:443"] };
export const isolate = true;
export default { name: "post", onEpochEnd() {} };`,
  });
  const shown = async (name: string) => {
    const permissions = [...READ, "--unstable-worker-options"];
    return (await hookloop(["plugins", name], { cwd, permissions })).out;
  };
  assertMatch(
    await shown("post"),
    /\nasks for {2}net a\.example:443\nruns {6}in a worker without permissions\n/,
  );
  assertMatch(
    await shown("remote-monitor"),
    /\nasks for {2}net localhost:9000\n/,
  );
});

Deno.test("plugins shows the built-ins if there is no folder", async () => {
  const cwd = await folder();
  const list = await hookloop(["plugins"], { cwd, permissions: READ });
  assertEquals([list.code, list.err], [0, ""]);
  assertMatch(
    list.out,
    /^No plugins in plugins: deno run .+ jsr:@hookloop\/hookloop\/cli new NAME writes one\n/,
  );
  const one = await hookloop(["plugins", "early-stopping"], {
    cwd,
    permissions: READ,
  });
  assertMatch(
    one.out,
    /^early-stopping \(built in\), waits for --use early-stopping\nstops when/,
  );
});

Deno.test("plugins shows as on what train turns on", async () => {
  const cwd = await folder({
    "plugins/progress.ts": "export default () => ({ onTrainBegin() {} });",
  });
  const list = await hookloop(["plugins"], { cwd, permissions: READ });
  assertMatch(list.out, /^progress {2}on {5}onTrainBegin\n/);
  const one = await hookloop(["plugins", "csv-logger"], {
    cwd,
    permissions: READ,
  });
  assertMatch(
    one.out,
    /^csv-logger \(built in\), on in train; --use replaces it\n/,
  );
});
