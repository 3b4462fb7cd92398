import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import remoteMonitor, {
  type RemoteMonitorOptions,
} from "../../plugins/remote_monitor.ts";
import { fakeRun } from "../../core/testing.ts";

interface Seen {
  path: string;
  type: string | null;
  token: string | null;
  body: string;
}

/** What a server on this machine is sent, and what is printed. */
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
    await fire("onTrainEnd", {});
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

Deno.test("or a JSON body, with headers and a path of one's own", async () => {
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

Deno.test("an answer that is an error costs one warning and a count", async () => {
  const { lines } = await sent({}, 500);
  assertEquals(lines, [
    "Warning: could not reach remote-monitor's server at ROOT/publish/epoch/end/: it answered 500",
    "Warning: remote-monitor could not reach ROOT/publish/epoch/end/ in 2 epochs",
  ]);
});

Deno.test("nobody there costs a warning, not the run", async () => {
  const { fire, lines } = fakeRun(
    remoteMonitor({ root: "http://127.0.0.1:1" }),
  );
  await fire("onEpochEnd", 0, { loss: 1 });
  assertEquals(lines.length, 1);
});

Deno.test({
  name: "a missing permission is told with the flag",
  permissions: { net: false },
  async fn() {
    const { fire, lines } = fakeRun(remoteMonitor());
    await fire("onEpochEnd", 0, { loss: 1 });
    assertEquals(lines, [
      "Warning: could not reach remote-monitor's server at http://localhost:9000/publish/epoch/end/: no permission; run with --allow-net=localhost:9000",
    ]);
  },
});

Deno.test("a run that is given up blames nobody", async () => {
  const plugin = remoteMonitor({ root: "http://127.0.0.1:1" });
  const { run, lines } = fakeRun(plugin);
  const aborted = { ...run, signal: AbortSignal.abort() };
  await plugin.onEpochEnd!(0, { loss: 1 }, aborted);
  assertEquals(lines, []);
});

Deno.test("an address that is none, or not of the web, is refused", () => {
  for (const root of ["localhost", "localhost:9000", "file:///tmp"]) {
    assertThrows(
      () => remoteMonitor({ root }),
      TypeError,
      `Cannot create remote-monitor as 'root' must be an address such as "http://localhost:9000": current value with path is "${root}/publish/epoch/end/"`,
    );
  }
});

Deno.test("headers that are none are refused", () => {
  assertThrows(
    () => remoteMonitor({ headers: "x-token" as never }),
    TypeError,
    `Cannot create remote-monitor as 'headers' must be names and values such as {"x-token":"abc"}: current value is "x-token"`,
  );
});
