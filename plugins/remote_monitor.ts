/**
 * Posts the logs of each epoch to a server, as a form field or as JSON, beside
 * the training: a server that is slow, silent or not there costs a warning, not
 * the run, and no time but at the end. A run that goes on from a backup posts
 * again what was on its way then.
 *
 * @example
 * ```ts
 * import remoteMonitor from "@hookloop/hookloop/plugins/remote-monitor";
 *
 * const plugin = remoteMonitor({ root: "http://localhost:9000", sendAsJson: true });
 * console.log(plugin.name); // "remote-monitor"
 * ```
 *
 * @module
 */
import { OptionError, type Plugin, type Run } from "../core/plugin.ts";
import { type Outbox, outbox } from "./_outbox.ts";
import { checkInteger } from "./_ranges.ts";

/** Options of {@linkcode remoteMonitor}. */
export interface RemoteMonitorOptions {
  /** Address of the server. Default `"http://localhost:9000"`. */
  readonly root?: string;
  /** Path on the server. Default `"/publish/epoch/end/"`. */
  readonly path?: string;
  /** Name of the form field that holds the JSON. Default `"data"`. */
  readonly field?: string;
  /** Additional HTTP headers, by name. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether to send a JSON body instead of a form. Default false. */
  readonly sendAsJson?: boolean;
  /** How long to wait for an answer and, at the end of training, for all that are due, in milliseconds. Default 10000. */
  readonly timeout?: number;
  /** Its name in this run, which must be another where it runs twice. Default `"remote-monitor"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<RemoteMonitorOptions> = {
  root: "http://localhost:9000",
  path: "/publish/epoch/end/",
  field: "data",
  headers: {},
  sendAsJson: false,
  timeout: 10_000,
  name: "remote-monitor",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof RemoteMonitorOptions, string>> = {
  root: "address of the server",
  path: "path on the server",
  field: "name of the form field that holds the JSON",
  headers: "additional HTTP headers, as JSON",
  sendAsJson: "send a JSON body instead of a form",
  timeout:
    "how long to wait for an answer, and for the last ones at the end, in milliseconds",
  name: "its name in this run, another where it runs twice",
};

/**
 * Post `{ epoch, …logs }` at the end of each epoch.
 *
 * @param options Where to post, and how.
 * @throws {OptionError} If `root` and `path` do not form an http address,
 * `headers` are not names and values, or `timeout` is not an integer >= 1.
 */
export default function remoteMonitor(
  options: RemoteMonitorOptions = {},
): Plugin {
  const { root, path, field, headers, sendAsJson, timeout, name } = {
    ...defaults,
    ...options,
  };
  const url = addressOf(root + path);
  const allHeaders = headersOf(headers);
  if (sendAsJson && !allHeaders.has("content-type")) {
    allHeaders.set("content-type", "application/json");
  }
  checkInteger(defaults.name, "timeout", timeout, 1);
  const state = { failures: 0 };
  /** What is on its way in this run. */
  let posts: Outbox<string> | undefined;

  /** Some epochs did not get there; the first time says why. */
  function lost(epochs: number, why: string, run: Run): void {
    if (state.failures === 0) {
      run.print(
        `Warning: could not reach remote-monitor's server at ${url}: ${why}`,
      );
    }
    state.failures += epochs;
  }

  async function send(json: string, run: Run): Promise<boolean> {
    if (run.signal.aborted) return false;
    const signal = AbortSignal.any([run.signal, AbortSignal.timeout(timeout)]);
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: allHeaders,
        body: sendAsJson ? json : new URLSearchParams({ [field]: json }),
        signal,
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
      return true;
    } catch (error) {
      // Aborted: not the server's fault.
      if (!run.signal.aborted) lost(1, reasonOf(url, error), run);
      return false;
    }
  }

  function outboxOf(run: Run): Outbox<string> {
    return outbox((json) => send(json, run), MOST_WAITING);
  }

  return {
    name,
    order: "post",
    needs: { onEpochEnd: "all" },
    permissions: { net: [url.host] },
    state,
    // What was on its way may have got there: better twice than never.
    keeps: {
      save: () => posts?.unsent() ?? [],
      load: (saved) => (saved as string[]).forEach((json) => posts?.post(json)),
    },
    onTrainBegin(_logs, run) {
      posts = outboxOf(run);
    },
    onEpochEnd(epoch, logs, run) {
      posts ??= outboxOf(run);
      if (posts.post(JSON.stringify({ epoch, ...logs }))) return;
      lost(1, `${MOST_WAITING} epochs wait for it`, run);
    },
    async onTrainEnd(_logs, run) {
      const dropped = await posts?.close(timeout) ?? 0;
      posts = undefined;
      if (dropped > 0 && !run.signal.aborted) {
        lost(dropped, "it is too slow", run);
      }
      if (state.failures > 1) {
        run.print(
          `Warning: remote-monitor could not reach ${url} in ${state.failures} epochs`,
        );
      }
    },
  };
}

/** Epochs that may wait for the server before one is left out. */
const MOST_WAITING = 1000;

function addressOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // "localhost:9000" parses as a URL too, with the scheme "localhost".
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new OptionError(
    `Cannot create remote-monitor as 'root' must be an address such as "http://localhost:9000": current value with path is "${text}"`,
  );
}

function headersOf(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers);
  } catch (error) {
    throw new OptionError(
      `Cannot create remote-monitor as 'headers' must be names and values such as {"x-token":"abc"}: current value is ${
        JSON.stringify(headers)
      }`,
      { cause: error },
    );
  }
}

function reasonOf(url: URL, error: unknown): string {
  if (error instanceof Deno.errors.NotCapable) {
    return `no permission; run with --allow-net=${url.host}`;
  }
  return error instanceof Error ? error.message : String(error);
}
