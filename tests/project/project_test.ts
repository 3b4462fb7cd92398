import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { deno, readmeBlock, readmePlugin, ROOT, works } from "./_checkout.ts";

/** What stands for the registry: the packages of this checkout. */
const LINKS = ["", "core/wasm", "links/assert", "links/cli", "links/csv"]
  .map((path) => (ROOT + path).replace(/\/$/, ""));

Deno.test("a project of one's own: what the README says, from an empty folder on", async (t) => {
  const dir = await Deno.makeTempDir();
  const config = { links: LINKS };
  await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify(config));
  const task = (...args: string[]) => works(["task", ...args], dir);

  await t.step("the three commands set it up, train and test", async () => {
    const said: string[] = [];
    for (const line of readmeBlock("## In a project of your own", "sh")) {
      const [program, ...args] = line.replace(/ +#.*/, "").split(" ");
      assertEquals(program, "deno");
      said.push(await works(args, dir));
    }
    assertEquals(said.length, 3);
    assertMatch(said[0]!, /^added to deno.json: tasks train, /m);
    assertStringIncludes(said[1]!, "Completed 20 epochs");
    assertMatch(said[2]!, /ok \| 1 passed/);
  });

  await t.step(
    "what init wrote is checked, and runs without more permissions than this checkout's tasks",
    async () => {
      await works(["check"], dir);
      await works(["lint"], dir);
      await works(["fmt", "--check", "experiment.ts", "tests"], dir);
      const { tasks } = JSON.parse(await Deno.readTextFile(`${dir}/deno.json`));
      const own = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
      for (const name of ["train", "plan", "plugins", "evaluate", "new"]) {
        assertEquals(
          tasks[name].command.replace("@hookloop/hookloop/cli", ""),
          own.tasks[name].command.replace("core/cli/main.ts", ""),
        );
      }
      assertEquals(tasks.test.command, "deno test --no-prompt");
    },
  );

  await t.step("the README's plugin, dropped in, runs", async () => {
    await Deno.writeTextFile(`${dir}/plugins/good_enough.ts`, readmePlugin());
    assertMatch(await task("plugins"), /^good-enough +on +onEpochEnd$/m);
    assertMatch(await task("plan"), /good-enough +reads val_accuracy/);
    assertMatch(
      await task("train", "--quiet"),
      /Stopped .*validation accuracy passed 0.9/,
    );
  });

  await t.step(
    "a new plugin has a test that passes, and the texts name tasks",
    async () => {
      const said = await task("new", "grad-norm");
      assertMatch(
        said,
        /^Next: deno test tests\/plugins\/grad_norm_test.ts, then deno task train: it runs$/m,
      );
      assertMatch(await task("test"), /ok \| 2 passed/);
      for (const name of ["train", "plan", "plugins", "evaluate", "new"]) {
        assertMatch(
          await task(name, "--help"),
          new RegExp(`^Usage: deno task ${name}`, "m"),
        );
      }
    },
  );

  await t.step("the best checkpoint of a run is evaluated", async () => {
    const [run] = [...Deno.readDirSync(`${dir}/runs`)].map(({ name }) => name)
      .sort();
    const said = await task("evaluate", `runs/${run}/best`);
    assertMatch(said, /^ *accuracy +(0\.9\d*|1)$/m);
  });

  await t.step("a package is ready to publish", async () => {
    await task("new", "--package", "grad-norm", "--scope", "ada");
    const said = await works(["task", "ok"], `${dir}/hookloop-grad-norm`);
    assertStringIncludes(said, "Success Dry run complete");
  });

  await Deno.remove(dir, { recursive: true });
});

Deno.test("beside a package.json, what is not in node_modules is a mistake, not a fault", async () => {
  const dir = await Deno.makeTempDir();
  const config = { links: LINKS };
  await Deno.writeTextFile(`${dir}/deno.json`, JSON.stringify(config));
  await Deno.writeTextFile(`${dir}/package.json`, "{}");
  const { code, text } = await deno(
    [
      "run",
      "--no-prompt",
      "-R=.",
      "-W=.",
      "jsr:@hookloop/hookloop/cli",
      "init",
    ],
    dir,
  );
  assertEquals(code, 2);
  assertMatch(
    text,
    /^Cannot find npm:\S+ in node_modules, .+: run deno add jsr:@hookloop\/hookloop npm:@tensorflow\/tfjs$/m,
  );
  assertEquals([...Deno.readDirSync(dir)].length, 2);
  await Deno.remove(dir, { recursive: true });
});
