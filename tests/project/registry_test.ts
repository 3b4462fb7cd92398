import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { readmeBlock, works } from "./_checkout.ts";
import { registry } from "./_registry.ts";

/** A cache of Deno's that holds what npm gave this machine, and nothing else. */
async function emptyCache(): Promise<string> {
  const { npmCache } = JSON.parse(await works(["info", "--json"], "."));
  const dir = await Deno.makeTempDir();
  await Deno.symlink(npmCache, `${dir}/npm`);
  return dir;
}

Deno.test("from a registry, as published: set up, trained, and used in code; then without the registry", async (t) => {
  const dir = await Deno.makeTempDir();
  const cache = await emptyCache();
  const server = await registry();
  const env = { JSR_URL: server.url, DENO_DIR: cache };
  const deno = (...args: string[]) => works(args, dir, env);

  await t.step("in code, after deno add", async () => {
    await deno("add", "jsr:@hookloop/hookloop", "npm:@tensorflow/tfjs");
    const code = readmeBlock("## In code", "ts").join("\n");
    await Deno.writeTextFile(`${dir}/app.ts`, code);
    await deno("check", "app.ts");
    const said = await deno("run", "--no-prompt", "--allow-sys=cpus", "app.ts");
    assertMatch(said, /completed|stopped/);
  });

  await t.step("init adds the rest", async () => {
    const cli = "jsr:@hookloop/hookloop/cli";
    const said = await deno("run", "--no-prompt", "-R=.", "-W=.", cli, "init");
    assertMatch(said, /^added to deno.json: tasks .+; imports @std\/assert$/m);
    assertMatch(await deno("task", "test"), /ok \| 1 passed/);
    // The tasks import from JSR alone, which is elsewhere here.
    const config = await Deno.readTextFile(`${dir}/deno.json`);
    await Deno.writeTextFile(
      `${dir}/deno.json`,
      config.replaceAll("jsr.io:443", new URL(server.url).host),
    );
  });

  await t.step(
    "built-ins are found by name, with threads and all",
    async () => {
      const said = await deno(
        "task",
        "train",
        "--epochs",
        "1",
        "--use",
        "print-logs",
      );
      assertMatch(said, /^Epoch 0: Loss = /m);
      // What draws it is loaded after the run has given up importing.
      const [line, run] = /^Report: (.+)\/report\.html$/m.exec(said) ?? [];
      assertStringIncludes(await deno("task", "report", run!), line!);
      assertMatch(
        await deno("task", "plugins", "csv-logger"),
        /^csv-logger \(built in\).*\nwrites the logs/m,
      );
    },
  );

  await t.step(
    "on another machine, whose cache is empty, the tasks work at once",
    async () => {
      const DENO_DIR = await emptyCache();
      for (
        const args of [["train", "--epochs", "1", "--use", "print-logs"], [
          "plugins",
          "terminate-on-nan",
        ], ["plan"]]
      ) await works(["task", ...args], dir, { ...env, DENO_DIR });
      await Deno.remove(DENO_DIR, { recursive: true });
    },
  );

  await server[Symbol.asyncDispose]();

  await t.step(
    "what was loaded once needs no registry: built-ins never named before too",
    async () => {
      const said = await deno(
        "task",
        "train",
        "--epochs",
        "1",
        ...["--use", "terminate-on-nan"],
        ...["--use", "tensorboard:histogramFreq=1,writeImages"],
      );
      assertStringIncludes(said, "Completed 1 epoch");
      assertMatch(
        await deno("task", "train", "--epochs", "1", "--dashboard"),
        /^Dashboard: http:\/\/127\.0\.0\.1:\d+\/\?token=/m,
      );
    },
  );

  await t.step(
    "of a plugin that throws, only its own frames are shown",
    async () => {
      const file = `${dir}/plugins/bad.ts`;
      await Deno.writeTextFile(
        file,
        'export default { onEpochEnd() { throw new Error("oops"); } };\n',
      );
      const { code, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["task", "train", "--quiet"],
        cwd: dir,
        env: { ...env, NO_COLOR: "1" },
      }).output();
      const err = new TextDecoder().decode(stderr);
      assertEquals(code, 1);
      assertStringIncludes(
        err,
        'Plugin "bad" failed in onEpochEnd at epoch 0 (plugins/bad.ts): oops\n',
      );
      assertEquals(err.match(/^ {4}at .*$/gm)?.length, 1);
    },
  );

  await Deno.remove(dir, { recursive: true });
  await Deno.remove(cache, { recursive: true });
});
