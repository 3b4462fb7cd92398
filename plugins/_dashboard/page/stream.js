// @ts-check
/// <reference lib="dom" />
/**
 * The connection to the run: one request that goes on for as long as the run
 * does, and is made again from where it broke off.
 *
 * @module
 */

/** @import { Messages } from "./protocol.ts" */

/**
 * What may be said of the connection.
 *
 * @typedef {"open" | "lost" | "refused" | "over"} Connection
 */

/** Milliseconds before each further try, the last one for all that follow. */
const PAUSES = [500, 1000, 2000, 4000, 8000, 15000];

/**
 * Follows the run to its end.
 *
 * @param {(event: keyof Messages, data: any) => void} hear Told each message.
 * @param {(connection: Connection, problem?: string) => void} tell Told what becomes of the connection.
 * @returns {Promise<void>}
 */
export async function follow(hear, tell) {
  let after = "";
  let tries = 0;
  for (;;) {
    try {
      const response = await fetch(
        `stream${location.search}${after && `&after=${after}`}`,
        { cache: "no-store" },
      );
      if (response.status === 401 || response.status === 403) {
        return tell("refused", await response.text());
      }
      if (!response.ok || !response.body) throw new Error(response.statusText);
      tell("open");
      tries = 0;
      for await (const { id, event, data } of messages(response.body)) {
        try {
          hear(/** @type {keyof Messages} */ (event), JSON.parse(data));
        } catch (error) {
          reportError(error); // The page's own fault: the next message may do better.
        }
        if (id) after = encodeURIComponent(id);
        if (event === "end") return tell("over");
      }
    } catch {
      // Nobody answers, or no longer.
    }
    tell("lost");
    await pause(PAUSES[Math.min(tries++, PAUSES.length - 1)] ?? 0);
  }
}

/**
 * The messages of a stream of server-sent events.
 *
 * @param {ReadableStream<Uint8Array<ArrayBuffer>>} body
 */
async function* messages(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const whole = text.split("\n\n");
    text = whole.pop() ?? "";
    for (const part of whole) {
      const { id = "", event = "message", data } = fields(part);
      if (data !== undefined) yield { id, event, data };
    }
  }
}

/**
 * The fields of a message; a line that begins with a colon is none.
 *
 * @param {string} part
 * @returns {{ [field: string]: string | undefined }}
 */
function fields(part) {
  const lines = part.split("\n").filter((line) => !line.startsWith(":"));
  return Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
  }));
}

/**
 * Waits, but no longer than until there is a network again, or somebody looks.
 *
 * @param {number} ms
 * @returns {Promise<void>}
 */
function pause(ms) {
  return new Promise((resolve) => {
    const over = new AbortController();
    const { signal } = over;
    const wake = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = setTimeout(wake, ms);
    addEventListener("online", wake, { signal });
    document.addEventListener("visibilitychange", wake, { signal });
  });
}
