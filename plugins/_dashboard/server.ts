/**
 * The server of a run's page: what it answers, and to whom.
 *
 * @module
 */
import { OptionError } from "../../core/plugin.ts";
import type { Asset } from "./assets.ts";
import { type Refusal, refusal } from "./gate.ts";
import { seenBy } from "./journal.ts";
import type { Viewers } from "./viewers.ts";

/** What a server serves. */
export interface Served {
  /** The page's files, by path. */
  readonly assets: Readonly<Record<string, Asset>>;
  /** Those who look on. */
  readonly viewers: Viewers;
  /**
   * Take what a page asks for.
   *
   * @returns What is wrong with it; undefined if it is taken.
   */
  take(body: unknown): Refusal | undefined;
}

/** A server that runs. */
export interface Server {
  /** Where the page is, with its token. */
  readonly address: string;
  /** Close it, whoever is there. */
  close(): Promise<void>;
}

/** Where it listens. */
export interface Place {
  /** The name or number of this machine. */
  readonly host: string;
  /** The ports, of which it takes the first that is free; 0 is any. */
  readonly ports: readonly number[];
  /** What the address must hold. */
  readonly token: string;
}

/** How long a request may be, in bytes. */
const MOST = 4096;

/** How long what has been answered last may take to be sent, in milliseconds. */
const SENDING = 50;

/**
 * Serve.
 *
 * @throws {OptionError} If it cannot listen there.
 */
export function serve(place: Place, served: Served): Server {
  const { host, token } = place;
  const aborter = new AbortController();
  let answered = false;
  const answer = (request: Request): Response | Promise<Response> => {
    answered = true;
    const refused = refusal(request, token, host);
    return refused ? told(request, refused) : route(request, served);
  };
  const server = listen(place, aborter.signal, answer);
  // A run that waits for what never comes is told so, not kept alive.
  server.unref();
  const { port } = server.addr as Deno.NetAddr;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    address: `http://${name}:${port}/?token=${encodeURIComponent(token)}`,
    async close() {
      if (answered) await new Promise((sent) => setTimeout(sent, SENDING));
      server.ref(); // Its end is waited for.
      // Not shutdown, which would wait for those who do not read.
      aborter.abort();
      await server.finished;
    },
  };
}

function listen(
  { host, ports }: Place,
  signal: AbortSignal,
  answer: (request: Request) => Response | Promise<Response>,
): Deno.HttpServer {
  let taken: unknown;
  for (const port of ports) {
    try {
      return Deno.serve({
        ...{ hostname: host, port, signal },
        onListen() {},
        onError: () =>
          told({ method: "GET" }, {
            status: 500,
            problem: "The dashboard failed at that",
          }),
      }, answer);
    } catch (error) {
      taken = error;
      if (!(error instanceof Deno.errors.AddrInUse)) break;
    }
  }
  throw new OptionError(whyNot({ host, ports }, taken), { cause: taken });
}

function whyNot(
  { host, ports }: Pick<Place, "host" | "ports">,
  error: unknown,
): string {
  const [port] = ports;
  const place = `${host}:${port}`;
  if (error instanceof Deno.errors.AddrInUse) {
    return `Cannot open the dashboard: port ${port} is in use on ${host}; give another 'port', or 0 for any that is free`;
  }
  if (error instanceof Deno.errors.NotCapable) {
    return `Cannot open the dashboard on ${place}: no permission; run with --allow-net=${
      port === 0 || ports.length > 1 ? host : place
    }`;
  }
  return `Cannot open the dashboard on ${place}: ${
    error instanceof Error ? error.message : String(error)
  }; 'host' must be a name or number of this machine, such as "127.0.0.1"`;
}

function route(
  request: Request,
  served: Served,
): Response | Promise<Response> {
  const { pathname } = new URL(request.url);
  const asset = Object.hasOwn(served.assets, pathname)
    ? served.assets[pathname]
    : undefined;
  const posts = pathname === "/act";
  if (!asset && !posts && pathname !== "/stream") {
    return told(request, {
      status: 404,
      problem: "There is nothing here: the page is at /",
    });
  }
  const allow = posts ? "POST" : "GET";
  if (request.method !== allow) {
    const wrong = { status: 405, problem: `${pathname} takes ${allow} alone` };
    return told(request, wrong, { allow });
  }
  if (posts) return act(request, served);
  return asset ? file(asset) : stream(request, served);
}

function file({ type, text }: Asset): Response {
  return new Response(text, { headers: headersOf(type) });
}

function stream(request: Request, { viewers }: Served): Response {
  const after = request.headers.get("last-event-id") ??
    new URL(request.url).searchParams.get("after");
  return new Response(viewers.open(seenBy(after)), {
    headers: headersOf("text/event-stream; charset=utf-8"),
  });
}

async function act(request: Request, { take }: Served): Promise<Response> {
  const text = await textOf(request);
  if (text === undefined) {
    return told(request, {
      status: 413,
      problem: `The body is longer than ${MOST} bytes`,
    });
  }
  const refused = take(parsed(text));
  if (refused) return told(request, refused);
  return new Response("{}", {
    status: 202,
    headers: headersOf("application/json"),
  });
}

/** Undefined if it is too long. */
async function textOf(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length")) > MOST) return undefined;
  const bytes = new Uint8Array(MOST);
  let length = 0;
  for await (const chunk of request.body ?? []) {
    if (length + chunk.length > MOST) return undefined;
    bytes.set(chunk, length);
    length += chunk.length;
  }
  return new TextDecoder().decode(bytes.subarray(0, length));
}

/** Undefined if it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A sentence: for people, or as JSON where a script reads it. */
function told(
  { method }: Pick<Request, "method">,
  { status, problem }: Refusal,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const [text, type] = method === "POST"
    ? [JSON.stringify({ problem }), "application/json"]
    : [problem, "text/plain; charset=utf-8"];
  return new Response(`${text}\n`, {
    status,
    headers: { ...headersOf(type), ...headers },
  });
}

/** The page needs its own files and this server, and nothing else. */
const POLICY = [
  "default-src 'none'",
  ...["script", "style", "img", "connect"].map((it) => `${it}-src 'self'`),
  ...["base-uri", "form-action", "frame-ancestors"].map((it) => `${it} 'none'`),
].join("; ");

function headersOf(type: string): Record<string, string> {
  return {
    "content-type": type,
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}
