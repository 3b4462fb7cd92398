import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { seededRandom } from "../../../core/random.ts";
import { refusal } from "../../../plugins/_dashboard/gate.ts";
import { press } from "./_viewer.ts";
import { TOKEN, training } from "./_training.ts";

/** Do something while a dashboard is open. */
async function whileOpen(
  check: (address: URL) => Promise<void>,
): Promise<void> {
  await training({
    epochs: 1,
    epoch: (_epoch, address) => check(new URL(address)),
  });
}

/** A request as it is sent, byte by byte: `fetch` does not let its name be changed. */
async function raw(address: URL, text: string): Promise<string> {
  using connection = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(address.port),
  });
  await connection.write(new TextEncoder().encode(text));
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer) ?? 0;
  return new TextDecoder().decode(buffer.subarray(0, length));
}

const answer = async (url: URL, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text() };
};

Deno.test("without its token nothing is shown, and nothing is done", () =>
  whileOpen(async ({ origin }) => {
    for (const path of ["/", "/stream", "/act", "/nothing", "/favicon.ico"]) {
      assertEquals(await answer(new URL(path, origin)), {
        status: 401,
        text:
          "The address lacks its token: open the one that the run printed\n",
      });
    }
    const short = TOKEN.slice(0, -1);
    const almost = Array.from(
      TOKEN,
      (_, i) => `${TOKEN.slice(0, i)}x${TOKEN.slice(i + 1)}`,
    );
    for (const wrong of ["", "x", ...almost, short, `${TOKEN}x`, "%00"]) {
      const { status, text } = await answer(
        new URL(`/?token=${wrong}`, origin),
      );
      assertEquals([status, text], [
        401,
        "The token is not the one of this run: open the address that it printed\n",
      ]);
    }
    const posted = await answer(new URL(`/act?token=${short}`, origin), {
      method: "POST",
      body: `{"act":"stop"}`,
    });
    assertEquals(posted.status, 401);
    assertMatch(JSON.parse(posted.text).problem, /^The token is not/);
  }));

Deno.test("no other name leads to it, so that no other site's page may be sent there", () =>
  whileOpen(async (address) => {
    const status = async (host: string) =>
      /^HTTP\/1.1 (\d+)/.exec(
        await raw(
          address,
          `GET /?token=${TOKEN} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        ),
      )?.[1];
    const { port } = address;
    for (
      const host of [
        ...["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example"],
        ...["localhost.evil.example", "evil.example#127.0.0.1", ""],
        ...["evil.example[", "localhost:99999", "localhost:"],
      ]
    ) assertEquals(await status(host), "403", host);
    // What a forwarded port is called; numbers are nobody's name.
    for (
      const host of [
        ...[`127.0.0.1:${port}`, `localhost:${port}`, "localhost:9"],
        ...["LocalHost", "10.0.0.7:8470", "[::1]:8470"],
      ]
    ) assertEquals(await status(host), "200", host);
    assertMatch(
      await raw(address, `GET /?token=${TOKEN} HTTP/1.0\r\n\r\n`),
      /^HTTP\/1.0 403[^]*does not answer to the name ""/,
    );
  }));

Deno.test("where it listens by a name, that name leads to it", () => {
  const problem = (named: string, host: string) =>
    refusal(
      new Request(`http://${named}/?token=${TOKEN}`, {
        headers: { host: named },
      }),
      TOKEN,
      host,
    )?.status;
  assertEquals(problem("box.home:8470", "Box.home"), undefined);
  assertEquals(problem("box.home:8470", "127.0.0.1"), 403);
});

Deno.test("a page of another site is turned away", () =>
  whileOpen(async (address) => {
    for (
      const origin of [
        ...["https://evil.example", "null", `http://127.0.0.1:1`],
        ...[`https://${address.host}`, `http://localhost:${address.port}`],
      ]
    ) {
      const { status, text } = await answer(
        new URL(`/act?token=${TOKEN}`, address),
        { method: "POST", headers: { origin }, body: `{"act":"stop"}` },
      );
      assertEquals(status, 403, origin);
      assertStringIncludes(JSON.parse(text).problem, `"${origin}"`);
      const stream = new URL(`/stream?token=${TOKEN}`, address);
      assertEquals((await answer(stream, { headers: { origin } })).status, 403);
    }
  }));

Deno.test("there is a page, a stream and a place for requests, and nothing else", () =>
  whileOpen(async (address) => {
    const at = (path: string) => new URL(`${path}?token=${TOKEN}`, address);
    for (
      const path of ["/x", "/page.html", "/../deno.json", "/%2e%2e/deno.json"]
    ) assertEquals((await answer(at(path))).status, 404, path);
    const traversed = await raw(
      address,
      `GET /../../deno.json?token=${TOKEN} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    assertMatch(traversed, /^HTTP\/1.1 404/);
    assertEquals(await answer(at("/act")), {
      status: 405,
      text: "/act takes POST alone\n",
    });
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const response = await fetch(at("/"), { method });
      await response.body?.cancel();
      assertEquals([response.status, response.headers.get("allow")], [
        405,
        "GET",
      ]);
    }
  }));

Deno.test("the page may load nothing from elsewhere, is not kept, and is in no frame", () =>
  whileOpen(async (address) => {
    const response = await fetch(address);
    await response.body?.cancel();
    const policy = response.headers.get("content-security-policy")!;
    assertStringIncludes(policy, "default-src 'none'");
    assertStringIncludes(policy, "script-src 'self'");
    assertStringIncludes(policy, "frame-ancestors 'none'");
    assertEquals(
      ["cache-control", "referrer-policy", "x-content-type-options"]
        .map((name) => response.headers.get(name)),
      ["no-store", "no-referrer", "nosniff"],
    );
    assertEquals(response.headers.get("access-control-allow-origin"), null);
  }));

Deno.test("what no page would send is refused in a sentence", async () => {
  const { history } = await training({
    epochs: 1,
    async epoch(_epoch, address) {
      for (
        const body of [
          ...["", "x", "{", "[]", "null", "5", `"stop"`, "{}"],
          ...[`{"act":"quit"}`, `{"act":["stop"]}`, `{"act":"constructor"}`],
          ...[`{"act":"__proto__"}`, "\u0000", '{"act":"stop"}}'],
        ]
      ) {
        const { status, problem } = await press(address, body);
        assertEquals(status, 400, body);
        assertMatch(problem!, /^The body must be JSON such as/);
      }
      for (
        const value of [
          ...[`-1`, `"0.1"`, `null`, `1e999`, `[0.1]`, `{}`, `true`],
        ]
      ) {
        const { status, problem } = await press(
          address,
          `{"act":"learningRate","value":${value}}`,
        );
        assertEquals(status, 400, value);
        assertMatch(
          problem!,
          /^The learning rate must be a finite number >= 0/,
        );
      }
      const long = { act: "stop", why: "x".repeat(5000) };
      assertEquals(await press(address, long), {
        status: 413,
        problem: "The body is longer than 4096 bytes",
      });
    },
  });
  assertEquals(history.outcome.status, "completed");
});

Deno.test("a body that does not say how long it is, is not read on for ever", () =>
  whileOpen(async (address) => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent++;
        if (sent > 10_000) controller.close();
        else controller.enqueue(new Uint8Array(1024));
      },
    });
    const response = await fetch(new URL(`/act?token=${TOKEN}`, address), {
      method: "POST",
      body,
    });
    assertEquals(response.status, 413);
    await response.body?.cancel();
    assertEquals(sent < 10_000, true);
  }));

Deno.test("whatever is posted, the answer is a sentence and the run goes on", async () => {
  const random = seededRandom(7);
  const pieces = [
    ...[`{`, `}`, `"act"`, `:`, `"stop"`, `"learningRate"`, `"value"`, `,`],
    ...[`1e-3`, `-1`, `[`, `]`, `null`, `"\\ud800"`, `\u0000`, `é`, `"unstop"`],
  ];
  const statuses = new Set<number>();
  const { history } = await training({
    epochs: 1,
    async epoch(_epoch, address) {
      for (let i = 0; i < 500; i++) {
        const length = Math.floor(random.next() * 12);
        const body = Array.from(
          { length },
          () => pieces[Math.floor(random.next() * pieces.length)],
        ).join("");
        const { status, problem } = await press(address, body);
        statuses.add(status);
        if (status === 400) assertMatch(problem!, /^[A-Z].*[^.]$/s, body);
        else assertEquals(status, 202, body);
      }
      await press(address, { act: "unstop" });
    },
  });
  assertEquals(statuses.has(400), true);
  assertEquals(history.outcome.status, "completed");
});
