import { assertEquals, assertStringIncludes } from "@std/assert";
import { project, task } from "./_project.ts";

const ARGS = ["experiment.ts", "--backend", "cpu", "--without", "progress"];

/** A plugin that fetches an address, with what its file says. */
const fetching = (url: string, says = "") =>
  `${says}
export default {
  name: "fetching",
  async onTrainEnd(_logs, run) {
    const answer = await fetch("${url}").then((it) => it.text(), (error) => error.name);
    run.print("answer " + answer);
  },
};
`;

Deno.test("a plugin keeps the hosts that it says it needs, if the task grants them", async (t) => {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => new Response("hello"),
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const says = `export const permissions = { net: ["${host}"] };`;
  const answer = async (says: string, ...flags: string[]) => {
    const plugin = fetching(`http://${host}/`, says);
    const dir = await project({ "plugins/fetching.ts": plugin });
    const { out, err, code } = await task("train", ARGS, dir, ...flags);
    assertEquals(code, 0, err);
    return /^answer (.*)$/m.exec(out)?.[1];
  };
  await t.step("said and granted", async () => {
    assertEquals(await answer(says, `--allow-net=${host}`), "hello");
  });
  await t.step("granted to any port, and kept for one", async () => {
    assertEquals(await answer(says, "--allow-net=127.0.0.1"), "hello");
  });
  await t.step("granted, but not said", async () => {
    assertEquals(await answer("", `--allow-net=${host}`), "NotCapable");
  });
  await t.step("said, but not granted", async () => {
    const other = `127.0.0.2:${server.addr.port}`;
    const dir = await project({
      "plugins/fetching.ts": fetching(
        `http://${other}/`,
        `export const permissions = { net: ["${other}"] };`,
      ),
    });
    const { out } = await task("train", ARGS, dir);
    assertStringIncludes(out, "answer NotCapable\n");
  });
  await server.shutdown();
});

Deno.test("the hosts of the data sets are kept by nobody: anyone can upload there", async () => {
  const host = "storage.googleapis.com";
  const says = `export const permissions = { net: ["${host}"] };`;
  const dir = await project({
    "plugins/fetching.ts": fetching(`https://${host}/upload`, says),
  });
  const { out, code } = await task("train", ARGS, dir);
  assertEquals(code, 0);
  assertStringIncludes(out, "answer NotCapable\n");
});

Deno.test("remote-monitor keeps its server, whichever that is", async () => {
  const asked: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("ok");
    },
  );
  const host = `127.0.0.1:${server.addr.port}`;
  const dir = await project({});
  const { code } = await task(
    "train",
    [...ARGS, "--use", `remote-monitor:root=http://${host}`],
    dir,
    `--allow-net=${host}`,
  );
  await server.shutdown();
  assertEquals(code, 0);
  assertEquals(asked, ["/publish/epoch/end/"]);
});

Deno.test("a package that declares other permissions than its file grants is refused", async () => {
  const dir = await project({
    "package/mod.ts": `
export const permissions = { net: ["a.example", "b.example"] };
export default () => ({ name: "x", onTrainEnd() {} });`,
    "plugins/x.ts": `
export * from "../package/mod.ts";
export { default } from "../package/mod.ts";
export const granted = { net: ["a.example"] };`,
  });
  const { err, code } = await task("train", [...ARGS, "--use", "x"], dir);
  assertEquals(code, 2);
  assertEquals(
    err,
    `Cannot load the plugins: 1 problem
- Cannot load plugins/x.ts: it declares the permissions "net a.example, b.example", but the file grants "net a.example"; look at what it is now, then remove the file and add it again with deno task plugins add
To go on without it: --without plugins/x.ts
`,
  );
});

Deno.test("a plugin that asks for more than its file says is refused", async () => {
  for (
    const says of ["", 'export const permissions = { net: ["a.example"] };']
  ) {
    const dir = await project({
      "plugins/post.ts": `${says}
export default {
  name: "post",
  permissions: { net: ["b.example"] },
  onTrainEnd() {},
};`,
    });
    const { code, err } = await task("train", ARGS, dir);
    assertEquals(code, 2);
    assertEquals(
      err,
      `Cannot use plugins/post.ts: its plugin asks for the permissions "net b.example", but the file says "${
        says ? "net a.example" : "none"
      }"; expected them at the top level of the file too, as export const permissions = { … };\n`,
    );
  }
});

Deno.test("permissions of a plugin that are none are refused", async () => {
  const dir = await project({
    "plugins/post.ts":
      'export default { name: "post", permissions: { net: 5 }, onTrainEnd() {} };',
  });
  const { code, err } = await task("train", ARGS, dir);
  assertEquals(code, 2);
  assertStringIncludes(err, "plugins/post.ts");
  assertStringIncludes(err, "permissions that are not lists of names by kind");
});

Deno.test("permissions that would have to be computed are refused before the file is run", async () => {
  const dir = await project({
    "plugins/x.ts": `
const host = "a.example";
console.log("was run");
export const permissions = { net: [host] };
export default { name: "x", onTrainEnd() {} };`,
  });
  const { out, err, code } = await task("train", ARGS, dir);
  assertEquals([out, code], ["", 2]);
  assertEquals(
    err,
    'Cannot load plugins/x.ts: its permissions are not plain data: expected such as export const permissions = { net: ["localhost:9000"] };\n',
  );
});

Deno.test("what a plugin imports from elsewhere is fetched only on request, and the message says how", async () => {
  const dir = await project({
    "plugins/x.ts": `
import "npm:@hookloop-nobody/nothing@1";
export default { name: "x", onTrainEnd() {} };`,
  });
  const { err, code } = await task("train", ARGS, dir);
  assertEquals(code, 2);
  assertStringIncludes(
    err,
    "what it imports is fetched only if you say so: deno cache FILE, or deno add PACKAGE",
  );
});

Deno.test("looking at plugins gives up all but reading first", async () => {
  const dir = await project({
    "plugins/x.ts": `
const names = ["write", "net", "run", "env"];
const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
export default { name: states.some(({ state }) => state === "granted") ? "bad" : "good", onTrainEnd() {} };`,
  });
  const { out } = await task("plugins", [], dir);
  assertEquals(out.split(/\s/)[0], "good");
});

Deno.test("what the run has given up is not said to be missing on the command line alone", async () => {
  const writing = (says: string) =>
    `${says}
import tiny from "./tiny.ts";
export default {
  ...tiny,
  async data() {
    await Deno.writeTextFile("data/cache.json", "{}");
    return tiny.data();
  },
};
`;
  const run = async (says: string) => {
    const dir = await project({ "writing.ts": writing(says) });
    await Deno.rename(`${dir}/experiment.ts`, `${dir}/tiny.ts`);
    return await task("train", ["writing.ts", ...ARGS.slice(1)], dir);
  };
  const { code, err } = await run("");
  assertEquals(code, 2);
  assertStringIncludes(
    err,
    `
    A run gives up what no file of it says it needs; say so at the top of the file: export const permissions = { write: ["data/cache.json"] };
`,
  );
  const elsewhere = await task(
    "train",
    [...ARGS, "--run-dir", "elsewhere"],
    await project({}),
  );
  assertEquals(elsewhere.code, 2);
  assertEquals(elsewhere.err.includes("gives up"), false, elsewhere.err);
  const said = await run('export const permissions = { write: ["data"] };');
  assertEquals(said.code, 0, said.err);
});

Deno.test("data that a loop would download are to be named before it runs", async () => {
  const dir = await project({
    "loop.ts": `
import { loadDataset } from "${new URL(
      "../../../../core/data/mod.ts",
      import.meta.url,
    )}";
export default async () => void await loadDataset("fashion-mnist");
`,
  });
  const readable = new URL("../../../..", import.meta.url).pathname;
  const { code, err } = await task(
    "train",
    ["loop.ts", ...ARGS.slice(1)],
    dir,
    `--allow-read=${readable}`,
  );
  assertEquals(code, 2);
  assertStringIncludes(
    err,
    `
    Data sets are downloaded before a run begins, which then gives up their hosts: name this one with --data, or load it at the top level of the experiment's file
`,
  );
});
