import { assertEquals, assertStringIncludes } from "@std/assert";
import { discover } from "../../../core/contract/discover.ts";
import { denoHost } from "../../../core/contract/discovery_host.ts";
import { loadModule } from "../../../core/contract/load_module.ts";

/** A folder of plugins on the disk. */
async function folder(files: Readonly<Record<string, string>>) {
  const dir = `${await Deno.makeTempDir()}/plugins`;
  await Deno.mkdir(dir);
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(`${dir}/${name}`, text);
  }
  return dir;
}

/** What is wrong with the files of a folder, by name. */
async function problems(
  dir: string,
  options: Parameters<typeof denoHost>[0] = {},
): Promise<Record<string, string>> {
  const { broken } = await discover(dir, denoHost(options));
  return Object.fromEntries(
    broken.map(({ file, problem }) => [
      file.slice(dir.length + 1),
      problem.split("\n")[0]!.replace(`Cannot load ${file}: `, ""),
    ]),
  );
}

const PLUGIN = "export default { onEpochEnd() {} };";

/** A plugin whose module waits for the event "go". */
const SLOW = `const clock = setInterval(() => {}, 1000);
await new Promise((go) => globalThis.addEventListener("go", go));
clearInterval(clock); ${PLUGIN}`;

Deno.test("a module that exports 'then' is one like any other", async () => {
  const dir = await folder({
    "silent.ts": `export function then() {} ${PLUGIN}`,
    "liar.ts":
      `export const then = (go: (it: unknown) => void) => go(3); ${PLUGIN}`,
    "_liar.ts": "export const then = () => {};",
    "passed_on.ts": `export * from "./_liar.ts"; ${PLUGIN}`,
  });
  const { found, broken } = await discover(dir);
  assertEquals(broken, []);
  assertEquals(found.map(({ name }) => name), ["liar", "passed-on", "silent"]);
});

Deno.test("a file whose top level does not come back is named, and then broken", async () => {
  const dir = await folder({
    "slow.ts": SLOW,
    "good.ts": PLUGIN,
  });
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  const options = { patience: 1, limit: 500, print };
  assertEquals(await problems(dir, options), {
    "slow.ts":
      "it did not come back from the await at its top level within 0.5 s; wait in a hook instead, or in an experiment's 'data' or 'model'",
  });
  dispatchEvent(new Event("go"));
  assertEquals(
    lines.includes(
      `Still loading ${dir}/slow.ts: the await at its top level goes on`,
    ),
    true,
  );
});

/** Deno.symlink() would take the permission to write anywhere. */
async function run(command: string, ...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(command, { args: [...args] })
    .output();
  assertEquals(success, true, command);
}

Deno.test({
  name: "what is no file is refused by what it is",
  ignore: Deno.build.os === "windows",
  async fn() {
    const dir = await folder({});
    await run("mkfifo", `${dir}/../pipe`);
    await run("ln", "-s", "../pipe", `${dir}/pipe.ts`);
    await run("ln", "-s", "nowhere.ts", `${dir}/dangling.ts`);
    await run("ln", "-s", "loop.ts", `${dir}/loop.ts`);
    await run("ln", "-s", "/dev/zero", `${dir}/zero.ts`);
    await Deno.mkdir(`${dir}/folder.ts`);
    const expected = "expected a file with a module";
    assertEquals(await problems(dir), {
      "dangling.ts": "there is no such file or folder",
      "folder.ts": `it is a folder; ${expected}`,
      "loop.ts": "its links lead in a circle",
      "pipe.ts": `it is a pipe; ${expected}`,
      "zero.ts": `it is a device or a socket; ${expected}`,
    });
  },
});

Deno.test("whatever a module throws, and whatever it exports, is told in a sentence", async () => {
  const trap = "{ get() { throw 1; }, getPrototypeOf() { throw 1; } }";
  const dir = await folder({
    "null.ts": "throw null;",
    "proxy.ts": `throw new Proxy({}, ${trap});`,
    "exported.ts": `export default new Proxy({}, ${trap});`,
    "bare.ts": "throw Object.create(null);",
  });
  const { "exported.ts": exported, ...thrown } = await problems(dir);
  assertEquals(thrown, {
    "bare.ts": "it threw something that cannot be shown on import",
    "null.ts": "it threw null on import",
    "proxy.ts": "it threw something that cannot be shown on import",
  });
  assertEquals(exported, "its default export cannot be looked at: 1");
});

Deno.test("a folder whose links lead in a circle is refused", async () => {
  const dir = await Deno.makeTempDir();
  await run("ln", "-s", "b", `${dir}/a`);
  await run("ln", "-s", "a", `${dir}/b`);
  const error = await discover(`${dir}/a`).catch((error) => error);
  assertEquals(
    error.message,
    `Cannot look for plugins in ${dir}/a: its links lead in a circle`,
  );
});

Deno.test("loadModule() gives what a module exports", async () => {
  const dir = await folder({ "a.ts": "export const a = 1; export default 2;" });
  const exports = await loadModule(`${dir}/a.ts`);
  assertEquals({ ...exports }, { a: 1, default: 2 });
});

/** The process with a clock set by hand, and what it writes to standard error. */
function byHand() {
  const { setTimeout, clearTimeout } = globalThis;
  const { writeSync } = Deno.stderr;
  const timers = new Map<number, { at: number; go: () => void }>();
  const written: string[] = [];
  let now = 0;
  let last = 0;
  Object.assign(globalThis, {
    setTimeout(go: () => void, after: number) {
      timers.set(++last, { at: now + after, go });
      return last;
    },
    clearTimeout: (id: number) => void timers.delete(id),
  });
  Deno.stderr.writeSync = (bytes) => {
    written.push(new TextDecoder().decode(bytes));
    return bytes.length;
  };
  return {
    written,
    timers,
    /** Until so many milliseconds after the start. */
    until(time: number) {
      now = time;
      for (const [id, { at, go }] of timers) {
        if (at > now) continue;
        timers.delete(id);
        go();
      }
    },
    [Symbol.dispose]() {
      Object.assign(globalThis, { setTimeout, clearTimeout });
      Deno.stderr.writeSync = writeSync;
    },
  };
}

Deno.test("a module that is slow is spoken of after 5 s, and given up after a minute", async () => {
  const dir = await folder({ "slow.ts": SLOW });
  using clock = byHand();
  let end = "none";
  const loading = loadModule(`${dir}/slow.ts`).catch((error) => {
    end = error.message;
  });
  clock.until(4999);
  assertEquals(clock.written, []);
  clock.until(5000);
  const line =
    `Still loading ${dir}/slow.ts: the await at its top level goes on\n`;
  assertEquals(clock.written, [line]);
  clock.until(59_999);
  await Deno.stat(dir);
  assertEquals(end, "none");
  clock.until(60_000);
  await loading;
  assertStringIncludes(end, "did not come back");
  dispatchEvent(new Event("go"));
  assertEquals(clock.written, [line]);
});

Deno.test("nothing waits for a module that has come back", async () => {
  const dir = await folder({ "quick.ts": PLUGIN });
  using clock = byHand();
  await loadModule(`${dir}/quick.ts`);
  assertEquals(clock.timers.size, 0);
});
