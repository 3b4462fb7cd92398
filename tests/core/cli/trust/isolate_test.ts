import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { project, task } from "./_project.ts";

/** Runs with a plugin that waits for `--use`, in the run's process or isolated. */
async function train(plugin: string, ...args: string[]) {
  const dir = await project({ "plugins/guest.ts": plugin });
  return await task("train", [
    "experiment.ts",
    ...["--backend", "cpu", "--without", "progress", "--epochs", "3"],
    ...args,
  ], dir);
}

const GUEST = `
export const defaults = { factor: 0.5, until: undefined };
export const help = { factor: "what to multiply the rate with", until: "when to stop" };
export default function guest({ factor = 0.5, until } = {}) {
  if (factor <= 0) throw Object.assign(new RangeError("Cannot create guest as 'factor' must be > 0: current value is " + factor), { name: "OptionError" });
  return {
    name: "guest",
    requires: ["learningRate"],
    needs: { onEpochEnd: ["loss"] },
    provides: { onEpochEnd: ["rate"] },
    state: { best: Infinity, epochs: 0 },
    onTrainBegin(_logs, run) {
      run.print("begins with " + this.state.best + " at " + run.optimizer.learningRate);
    },
    async onEpochEnd(epoch, logs, run) {
      await Promise.resolve();
      this.state.best = Math.min(this.state.best, logs.loss);
      this.state.epochs++;
      run.optimizer.learningRate *= factor;
      run.print("epoch " + epoch + " step " + run.step + " of " + run.params.epochs + " epochs, keys " + Object.keys(logs) + ", direction " + run.direction("loss"));
      if (this.state.epochs === until) run.stop("seen enough");
      return { rate: run.optimizer.learningRate };
    },
    onTrainEnd(_logs, run) {
      run.print("ends " + run.outcome.status + " with " + (this.state.best < Infinity));
    },
  };
}
`;

/** What the plugin printed, and how the run ended. */
const said = (out: string) =>
  out.split("\n").filter((line) =>
    /^(begins|epoch|ends|Stopped| +rate)/.test(line)
  );

Deno.test("an isolated plugin does what it does otherwise: the same file, the same run", async () => {
  const use = ["--use", "guest:factor=0.25,until=2"];
  const plain = await train(GUEST, ...use);
  const isolated = await train(GUEST, ...use, "--isolate", "guest");
  assertEquals(plain.err, "");
  assertEquals(said(plain.out), [
    "begins with Infinity at 0.01",
    "epoch 0 step 2 of 3 epochs, keys loss, direction min",
    "epoch 1 step 4 of 3 epochs, keys loss, direction min",
    "ends stopped with true",
    "Stopped after 2 epochs by guest in onEpochEnd: seen enough",
    "  rate      █▁  0.0025 -> 6.25e-4",
  ]);
  assertEquals(isolated.err, "");
  assertEquals(said(isolated.out), said(plain.out));
});

Deno.test("a file may say itself that it is to be isolated", async () => {
  const { out, code } = await train(`
export const isolate = true;
let read = "nothing";
try { read = Deno.readTextFileSync("experiment.ts"); } catch { /* no permission */ }
export default { name: "guest", onTrainEnd(_logs, run) { run.print("read " + read); } };
`);
  assertEquals(code, 0);
  assertStringIncludes(out, "read nothing\n");
});

Deno.test("what an isolated plugin throws has its place; it can be switched off", async () => {
  const failing =
    `export default { name: "guest", onEpochBegin() { throw new TypeError("no such luck"); } };`;
  const { err, code } = await train(failing, "--isolate", "all");
  assertEquals(code, 1);
  assertMatch(
    err,
    /^Plugin "guest" failed in onEpochBegin at epoch 0 \(plugins\/guest\.ts\): no such luck\n {4}at .*plugins\/guest\.ts:1:/,
  );
  const lenient = failing.replace(
    "onEpochBegin",
    'onError: "disable", onEpochBegin',
  );
  const disabled = await train(lenient, "--isolate", "guest");
  assertEquals(disabled.code, 0);
  assertMatch(
    disabled.out,
    /no such luck; it is switched off for the rest of the run/,
  );
});

Deno.test("an option that an isolated plugin refuses is the user's to mend", async () => {
  const { err, code } = await train(
    GUEST,
    "--use",
    "guest:factor=0",
    "--isolate",
    "guest",
  );
  assertEquals(code, 2);
  assertEquals(
    err,
    "Cannot create guest as 'factor' must be > 0: current value is 0   (plugins/guest.ts)\n",
  );
});

Deno.test("a plugin that needs more than logs cannot be isolated, and is told so", async () => {
  const { err, code } = await train(
    `export default { name: "guest", requires: ["weights", "save"], onEpochEnd() {} };`,
    ...["--isolate", "guest"],
  );
  assertEquals(code, 2);
  assertEquals(
    err,
    `Cannot load the plugins: 1 problem
- Cannot load plugins/guest.ts: it cannot be isolated, for it requires weights, save: an isolated plugin gets logs, and may stop the run, print, and set the learning rate and the momentum
To go on without it: --without plugins/guest.ts
`,
  );
});

Deno.test("what an isolated plugin does not have says so where it is used", async () => {
  const { err, code } = await train(
    `export default { name: "guest", onEpochEnd(_epoch, _logs, run) { run.files.write("x", "y"); } };`,
    ...["--isolate", "guest"],
  );
  assertEquals(code, 2);
  assertMatch(
    err,
    /onEpochEnd at epoch 0 .*an isolated plugin has no run\.files.*\n$/,
  );
  assert(!err.includes("    at "), err);
});

Deno.test("a forged request is refused", async () => {
  const { err, code } = await train(
    `
const { postMessage } = self;
self.postMessage = (answer) => postMessage.call(self, "acts" in answer ? { ...answer, acts: [{ kind: "save", path: "../earlier" }] } : answer);
export default { name: "guest", onEpochEnd() {} };`,
    ...["--isolate", "guest"],
  );
  assertEquals(code, 1);
  assertMatch(err, /its worker asked for what there is not/);
});

Deno.test("a name that is no file of the folder cannot be isolated", async () => {
  const { err, code } = await train(GUEST, "--isolate", "gest");
  assertEquals(code, 2);
  assertEquals(
    err,
    'Cannot isolate "gest": the plugins folder has no such file, did you mean "guest"?\n',
  );
});

Deno.test("a worker that does not answer is given up, at the latest after a while", async () => {
  const module = new URL(
    "../../../../core/cli/trust/isolate/isolate.ts",
    import.meta.url,
  );
  const root = new URL("../../../..", import.meta.url).pathname;
  const program = `
    import { isolatedModule } from "${module}";
    import { fakeRun } from "${new URL(
    "../../../../core/testing.ts",
    import.meta.url,
  )}";
    const code = "export default { name: 'guest', onEpochBegin() { return new Promise(() => {}) } }";
    const url = "data:text/javascript," + encodeURIComponent(code);
    const { default: guest } = await isolatedModule(url, { deadline: 5000 });
    const { fire } = fakeRun(guest);
    await fire("onEpochBegin", 0).catch(({ message }) => console.log(message));
    await fire("onEpochBegin", 1).catch(({ message }) => console.log(message));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--unstable-worker-options"],
      ...[`--config=${root}deno.json`, `--allow-read=${root}`],
      `data:text/javascript,${encodeURIComponent(program)}`,
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  const why =
    "its worker did not answer within 5 s: it hangs, or it has ended itself";
  assertEquals(
    text.decode(stdout),
    `Plugin "guest" failed in onEpochBegin at epoch 0: ${why}\nPlugin "guest" failed in onEpochBegin at epoch 1: ${why}\n`,
    text.decode(stderr),
  );
});

Deno.test("an isolated plugin may be a shadow", async () => {
  const { code, out } = await train(
    GUEST,
    ...["--use", "shadow:guest:until=2", "--isolate", "guest"],
  );
  assertEquals(code, 0);
  const told = out.split("\n").filter((line) =>
    line.startsWith("shadow:guest")
  );
  assertMatch(
    told[0]!,
    /printed "begins with Infinity at 0\.\d+" at the start/,
  );
  assertStringIncludes(
    out,
    "shadow:guest would have stopped the run after epoch 2: seen enough",
  );
  assertMatch(
    told.at(-1)!,
    /printed 4 times, the last time "ends stopped with true"/,
  );
  assertStringIncludes(out, "Completed 3 epochs");
});

Deno.test("what an isolated plugin keeps comes out for a backup, and goes into another worker", async () => {
  const guest = `
    let hidden = 0;
    export default (options) => ({
      name: "guest",
      keeps: {
        save: () => { if (options.fails) throw new TypeError("no way"); return { hidden, odd: [NaN, 1n] }; },
        load: async (saved) => { await null; hidden = saved.hidden + saved.odd.length; },
      },
      onEpochEnd(epoch, _logs, run) { run.print("hidden " + hidden++); },
    });`;
  const dir = await Deno.makeTempDir();
  const at = (path: string) => import.meta.resolve(`../../../../core/${path}`);
  const program = `
    import { isolatedModule } from "${at("cli/trust/isolate/isolate.ts")}";
    import { fakeRun } from "${at("testing.ts")}";
    const dir = "${dir}";
    const url = "data:text/javascript,${encodeURIComponent(guest)}";
    const make = async (options) => (await isolatedModule(url)).default(options);
    const first = fakeRun(await make({}), { dir });
    await first.fire("onTrainBegin");
    await first.fire("onEpochEnd", 0);
    const backup = await first.backUp();
    const second = fakeRun(await make({}), { backup, dir });
    await second.fire("onTrainBegin");
    await second.fire("onEpochEnd", 1);
    console.log([...first.lines, ...second.lines].join());
    const failing = fakeRun(await make({ fails: true }), { dir });
    await failing.fire("onTrainBegin");
    await failing.backUp().catch(({ message }) => console.log(message));
    Deno.exit();`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--unstable-worker-options"],
      ...[`--allow-read=${dir}`, `--allow-write=${dir}`],
      `--config=${import.meta.resolve("../../../../deno.json").slice(7)}`,
      `data:application/typescript,${encodeURIComponent(program)}`,
    ],
  }).output();
  await Deno.remove(dir, { recursive: true });
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assertEquals(text(stderr), "");
  assertEquals(
    text(stdout),
    "hidden 0,hidden 3\n" +
      `Plugin "guest" failed in onTrainBegin at epoch 0: what it keeps cannot be saved: no way\n`,
  );
});
