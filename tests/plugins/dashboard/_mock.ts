import { assets } from "../../../plugins/_dashboard/assets.ts";
import type { Messages } from "../../../plugins/_dashboard/page/protocol.ts";

/** A server that tells a page what a test says, in the dashboard's protocol. */
export interface Mock extends AsyncDisposable {
  /** The page's address. */
  readonly url: string;
  /** What pages asked for. */
  readonly asked: unknown[];
  /** What requests are answered with. */
  answer: { status: number; body: unknown };
  /** What each stream that was opened asked for: the id it went on behind. */
  readonly streams: (string | null)[];
  /** Tells all pages, those to come too. */
  tell<E extends keyof Messages>(event: E, data: Messages[E]): void;
  /** Breaks all streams off. */
  breakOff(): void;
  /** Whether nobody is there to answer. */
  down: boolean;
  /** What the page's token must be: another one where another run took the port. */
  token: string;
}

/** Starts one on a free port. */
export function mock(): Mock {
  const told: string[] = [];
  const open = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  const files = assets("secret");

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, searchParams } = new URL(request.url);
      if (self.down) return new Response("down", { status: 503 });
      if (searchParams.get("token") !== self.token) {
        return new Response("The address lacks the run's token", {
          status: 401,
        });
      }
      if (pathname === "/act") {
        self.asked.push(await request.json());
        const { status, body } = self.answer;
        return Response.json(body, { status });
      }
      if (pathname === "/stream") return stream(searchParams.get("after"));
      const file = files[pathname];
      return new Response(file?.text ?? "nothing here", {
        status: file ? 200 : 404,
        headers: {
          "content-type": file?.type ?? "text/plain",
          "content-security-policy":
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'",
        },
      });
    },
  );

  function stream(after: string | null): Response {
    self.streams.push(after);
    let mine: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        mine = controller;
        open.add(controller);
        const missed = told.slice(after === null ? 0 : Number(after) + 1);
        for (const text of missed) controller.enqueue(encoder.encode(text));
      },
      cancel: () => void open.delete(mine),
    });
    return new Response(body, {
      headers: { "content-type": "text/event-stream" },
    });
  }

  const self: Mock = {
    url: `http://127.0.0.1:${server.addr.port}/?token=secret`,
    asked: [],
    answer: { status: 202, body: {} },
    streams: [],
    down: false,
    token: "secret",
    tell(event, data) {
      const text = `id: ${told.length}\nevent: ${event}\ndata: ${
        JSON.stringify(data)
      }\n\n`;
      told.push(text);
      for (const page of open) page.enqueue(encoder.encode(text));
    },
    breakOff() {
      for (const page of open) page.close();
      open.clear();
    },
    async [Symbol.asyncDispose]() {
      self.breakOff();
      await server.shutdown();
    },
  };
  return self;
}
