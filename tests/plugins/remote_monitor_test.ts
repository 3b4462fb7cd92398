import {
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import remoteMonitor, {
  type RemoteMonitorOptions,
} from "../../plugins/remote_monitor.ts";
import { OptionError } from "../../core/plugin.ts";
import { fakeRun } from "../../core/testing.ts";

interface Seen {
  path: string;
  type: string | null;
  token: string | null;
  body: string;
}

/** What a local server receives, and what is printed. */
async function sent(
  options: RemoteMonitorOptions,
  status = 200,
): Promise<{ seen: Seen[]; lines: string[] }> {
  const seen: Seen[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      seen.push({
        path: new URL(request.url).pathname,
        type: request.headers.get("content-type"),
        token: request.headers.get("x-token"),
        body: await request.text(),
      });
      return new Response("ok", { status });
    },
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const { fire, lines } = fakeRun(remoteMonitor({ root, ...options }));
  try {
    await fire("onEpochEnd", 3, { loss: 0.5 });
    await fire("onEpochEnd", 4, { loss: 0.25 });
    await fire("onTrainEnd");
  } finally {
    await server.shutdown();
  }
  return { seen, lines: lines.map((line) => line.replaceAll(root, "ROOT")) };
}

Deno.test("a form field holds the JSON, as in Keras", async () => {
  const { seen, lines } = await sent({});
  assertEquals(lines, []);
  assertEquals(seen[0]!.path, "/publish/epoch/end/");
  assertMatch(seen[0]!.type!, /^application\/x-www-form-urlencoded/);
  assertEquals(
    new URLSearchParams(seen[0]!.body).get("data"),
    '{"epoch":3,"loss":0.5}',
  );
});

Deno.test("or a JSON body, with custom headers and path", async () => {
  const { seen } = await sent({
    sendAsJson: true,
    path: "/p",
    headers: { "x-token": "t" },
  });
  assertEquals(seen[0], {
    path: "/p",
    type: "application/json",
    token: "t",
    body: '{"epoch":3,"loss":0.5}',
  });
});

Deno.test("an error response costs one warning and a count", async () => {
  const { lines } = await sent({}, 500);
  assertEquals(lines, [
    "Warning: could not reach remote-monitor's server at ROOT/publish/epoch/end/: it answered 500",
    "Warning: remote-monitor could not reach ROOT/publish/epoch/end/ in 2 epochs",
  ]);
});

Deno.test("no server costs a warning, not the run", async () => {
  const { fire, lines } = fakeRun(
    remoteMonitor({ root: "http://127.0.0.1:1" }),
  );
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onTrainEnd");
  assertEquals(lines.length, 1);
});

Deno.test({
  name: "a missing permission is reported with the flag",
  permissions: { net: false },
  async fn() {
    const { fire, lines } = fakeRun(remoteMonitor());
    await fire("onEpochEnd", 0, { loss: 1 });
    await fire("onTrainEnd");
    assertEquals(lines, [
      "Warning: could not reach remote-monitor's server at http://localhost:9000/publish/epoch/end/: no permission; run with --allow-net=localhost:9000",
    ]);
  },
});

Deno.test("an aborted run blames no server", async () => {
  const { fire, lines } = fakeRun(
    remoteMonitor({ root: "http://127.0.0.1:1" }),
    { signal: AbortSignal.abort() },
  );
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onTrainEnd");
  assertEquals(lines, []);
});

Deno.test("an invalid address, or one that is not http, is rejected", () => {
  for (const root of ["localhost", "localhost:9000", "file:///tmp"]) {
    assertThrows(
      () => remoteMonitor({ root }),
      OptionError,
      `Cannot create remote-monitor as 'root' must be an address such as "http://localhost:9000": current value with path is "${root}/publish/epoch/end/"`,
    );
  }
});

Deno.test("invalid headers are rejected", () => {
  assertThrows(
    () => remoteMonitor({ headers: "x-token" as never }),
    OptionError,
    `Cannot create remote-monitor as 'headers' must be names and values such as {"x-token":"abc"}: current value is "x-token"`,
  );
});

Deno.test("each epoch is posted; the form field has the requested name", async () => {
  const { seen } = await sent({ field: "logs" });
  assertEquals(
    seen.map(({ body }) => new URLSearchParams(body).get("logs")),
    ['{"epoch":3,"loss":0.5}', '{"epoch":4,"loss":0.25}'],
  );
});

Deno.test("a custom content type is left as it is", async () => {
  const { seen } = await sent({
    sendAsJson: true,
    headers: { "Content-Type": "application/vnd.epoch+json" },
  });
  assertEquals(seen[0]!.type, "application/vnd.epoch+json");
});

Deno.test("what JSON has no number for is null", async () => {
  const bodies: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      bodies.push(await request.text());
      return new Response();
    },
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const { fire } = fakeRun(remoteMonitor({ root, sendAsJson: true }));
  await fire("onEpochEnd", 0, { loss: NaN, val_loss: Infinity });
  await fire("onTrainEnd");
  await server.shutdown();
  assertEquals(bodies, ['{"epoch":0,"loss":null,"val_loss":null}']);
});

Deno.test("an unreachable server is reported once, and counted at the end", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const root = `http://127.0.0.1:${listener.addr.port}`;
  listener.close(); // Nobody listens there any more.
  const { fire, lines } = fakeRun(remoteMonitor({ root }));
  for (let epoch = 0; epoch < 3; epoch++) {
    await fire("onEpochEnd", epoch, { loss: 1 });
  }
  await fire("onTrainEnd");
  assertStringIncludes(
    lines[0]!,
    `Warning: could not reach remote-monitor's server at ${root}/publish/epoch/end/: `,
  );
  assertEquals(lines.slice(1), [
    `Warning: remote-monitor could not reach ${root}/publish/epoch/end/ in 3 epochs`,
  ]);
});

Deno.test("a single failure is not counted again at the end", async () => {
  const { fire, lines } = fakeRun(
    remoteMonitor({ root: "http://127.0.0.1:1" }),
  );
  await fire("onEpochEnd", 0, { loss: 1 });
  await fire("onTrainEnd");
  assertEquals(lines.length, 1);
});

Deno.test("a server that does not answer is given up on after timeout", async () => {
  const silence = Promise.withResolvers<Response>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => silence.promise,
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const { fire, lines } = fakeRun(remoteMonitor({ root, timeout: 20 }));
  const { timeout } = AbortSignal;
  const asked: number[] = [];
  AbortSignal.timeout = (ms) => {
    asked.push(ms);
    return timeout.call(AbortSignal, ms);
  };
  await fire("onEpochEnd", 0, { loss: 1 });
  AbortSignal.timeout = timeout;
  await fire("onTrainEnd");
  silence.resolve(new Response());
  await server.shutdown();
  assertEquals(lines.length, 1);
  assertEquals(asked, [20]);
  assertMatch(lines[0]!, /^Warning: could not reach .*: .*(timeout|timed out)/);
});

Deno.test("a silent server holds up no epoch; what it gets keeps its order", async () => {
  const silence = Promise.withResolvers<void>();
  const bodies: string[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      await silence.promise;
      bodies.push(await request.text());
      return new Response();
    },
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const { fire, lines } = fakeRun(remoteMonitor({ root, sendAsJson: true }));
  for (const epoch of [0, 1, 2]) {
    await fire("onEpochEnd", epoch, { loss: 1 });
  }
  assertEquals(bodies, []);
  silence.resolve();
  await fire("onTrainEnd");
  await server.shutdown();
  assertEquals(bodies.map((body) => JSON.parse(body).epoch), [0, 1, 2]);
  assertEquals(lines, []);
});

Deno.test("at the end, a silent server is waited for once, not for each epoch", async () => {
  const silence = Promise.withResolvers<Response>();
  let requests = 0;
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => {
      requests++;
      return silence.promise;
    },
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const { fire, lines } = fakeRun(remoteMonitor({ root, timeout: 50 }));
  for (let epoch = 0; epoch < 9; epoch++) {
    await fire("onEpochEnd", epoch, { loss: 1 });
  }
  await fire("onTrainEnd");
  silence.resolve(new Response());
  await server.shutdown();
  assertEquals(lines.length, 2);
  assertEquals(requests < 9, true);
  assertEquals(
    lines[1],
    `Warning: remote-monitor could not reach ${root}/publish/epoch/end/ in 9 epochs`,
  );
});

Deno.test("an invalid timeout is rejected", () => {
  for (const timeout of [0, -1, 0.5, NaN]) {
    assertThrows(
      () => remoteMonitor({ timeout }),
      OptionError,
      `Cannot create remote-monitor as 'timeout' must be an integer >= 1: current value is ${timeout}`,
    );
  }
});

Deno.test("it also posts what the others provide", () => {
  const { order, needs } = remoteMonitor();
  assertEquals(order, "post");
  assertEquals(needs, { onEpochEnd: "all" });
});

Deno.test("a run that goes on posts what was on its way when it broke off", async () => {
  const seen: string[] = [];
  const held = Promise.withResolvers<void>();
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      seen.push(await request.text());
      if (seen.length === 2) await held.promise;
      return new Response("ok");
    },
  );
  const root = `http://127.0.0.1:${server.addr.port}`;
  const make = () => remoteMonitor({ root, sendAsJson: true });
  const post = (epoch: number) => JSON.stringify({ epoch, loss: epoch });
  const gone = new AbortController();
  const first = fakeRun(make(), { signal: gone.signal });
  await first.fire("onTrainBegin");
  await first.fire("onEpochEnd", 0, { loss: 0 });
  while (seen.length < 1) await new Promise((go) => setTimeout(go, 1));
  await first.fire("onEpochEnd", 1, { loss: 1 });
  await first.fire("onEpochEnd", 2, { loss: 2 });
  while (seen.length < 2) await new Promise((go) => setTimeout(go, 1));
  const backup = await first.backUp();
  gone.abort();
  const second = fakeRun(make(), { backup });
  await second.fire("onTrainBegin");
  await second.fire("onEpochEnd", 3, { loss: 3 });
  held.resolve();
  await first.fire("onTrainEnd");
  await second.fire("onTrainEnd");
  await server.shutdown();
  assertEquals(seen, [0, 1, 1, 2, 3].map(post));
  assertEquals(second.lines, []);
});
