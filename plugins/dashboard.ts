/**
 * A local web page that follows a run live: its curves, learning rate, batch
 * rate and memory, what plugins do, and buttons to stop it after an epoch, to
 * set its learning rate and to save it. What a button asks for is an act of this
 * plugin, like any other plugin's.
 *
 * @example
 * ```ts
 * import dashboard from "@hookloop/hookloop/plugins/dashboard";
 *
 * const plugin = dashboard({ port: 8471 });
 * console.log(plugin.permissions); // { net: ["127.0.0.1:8471"] }
 * ```
 *
 * @module
 */
import { OptionError, type Plugin } from "../core/plugin.ts";
import type { Open } from "./_dashboard/open.ts";
import type { Place } from "./_dashboard/server.ts";
import type { Saved } from "./_dashboard/show.ts";
import { checkInteger } from "./_ranges.ts";
import { shown } from "./_shown.ts";

/** Options of {@linkcode dashboard}. */
export interface DashboardOptions {
  /** Name or number of this machine to listen on. Any but a loopback address lets other machines in. Default `"127.0.0.1"`. */
  readonly host?: string;
  /** Port to listen on; 0 for any that is free. Default: 8470, the next one up to 8479 that is free, or else any. */
  readonly port?: number;
  /** What the address must hold: 16 characters or more out of letters, digits, `-` and `_`. Default `""`, for 128 random bits. */
  readonly token?: string;
  /** Whether to draw the logs of each batch, which a GPU makes the run wait for. Default true. */
  readonly batchLogs?: boolean;
  /** Its name in this run, which must be another where it runs twice. Default `"dashboard"`. */
  readonly name?: string;
}

/** The options with their defaults. */
export const defaults: Required<DashboardOptions> = {
  host: "127.0.0.1",
  port: 8470,
  token: "",
  batchLogs: true,
  name: "dashboard",
};

/** One line of help per option. */
export const help: Readonly<Record<keyof DashboardOptions, string>> = {
  host: "name or number of this machine to listen on",
  port:
    "port to listen on, 0 for any; without it 8470 or the next one that is free",
  token: "what the address must hold, 16 characters or more; random if empty",
  batchLogs: "draw the logs of each batch, which a GPU makes the run wait for",
  name: "its name in this run, another where it runs twice",
};

/** How many ports are tried where none is given, before any will do. */
const PORTS = 10;

/**
 * Serve a page that follows the training while it runs, and print its address.
 * Its token is the key to it: whoever has the address sees the run, and may stop
 * it. Only training is shown; in `evaluate` and `predict` there is no page.
 *
 * @param options Where it listens.
 * @throws {OptionError} If an option is out of range; in `onTrainBegin`, if it
 * cannot listen there, such as on a port that is in use.
 */
export default function dashboard(options: DashboardOptions = {}): Plugin {
  const { host, port, token, batchLogs, name } = { ...defaults, ...options };
  checkInteger(defaults.name, "port", port, 0);
  if (port > 65535) throw outOfRange("port", "at most 65535", port);
  if (!/^[\w.:-]+$/.test(host)) {
    throw outOfRange("host", `a name or number such as "127.0.0.1"`, host);
  }
  if (token !== "" && !/^[\w-]{16,}$/.test(token)) {
    throw outOfRange(
      "token",
      "16 letters, digits, - and _ or more",
      `${token.length} characters`,
    );
  }
  const ports = options.port === undefined
    ? [...Array.from({ length: PORTS }, (_, i) => port + i), 0]
    : [port];
  const place = { host, ports, token: token || randomToken() };
  let open: Open | undefined;

  return {
    name,
    order: "post", // Behind the others, so that it sees what they did.
    onlooker: true,
    needs: batchLogs ? { onTrainBatchEnd: "all" } : {},
    permissions: { net: [netOf(place)] },
    keeps: {
      save: () => open?.show.save(),
      load: (saved) => void (saved && open?.show.load(saved as Saved)),
    },
    async onTrainBegin(_logs, run) {
      await open?.close();
      if (!isLoopback(host)) {
        run.print(
          `Warning: the dashboard listens on ${host}, where other machines may reach it: whoever has its address sees the run and may stop it, and nothing on the way is encrypted`,
        );
      }
      const { openFor } = await import("./_dashboard/open.ts");
      open = openFor(run, place);
      run.print(`Dashboard: ${open.address}`);
    },
    onEpochBegin(_epoch, _logs, run) {
      if (!open) return;
      open.show.epochBegins();
      return open.wishes.any ? open.wishes.carryOut(run) : undefined;
    },
    onTrainBatchEnd(batch, logs, run) {
      if (!open) return;
      open.show.batchEnds(batch, logs);
      const { wishes, turn } = open;
      return (wishes.any ? wishes.carryOut(run) : undefined) ?? turn();
    },
    onEpochEnd(_epoch, _logs, run) {
      if (!open?.wishes.any) return;
      open.wishes.epochEnds(run);
      return open.wishes.carryOut(run);
    },
    onTrainEnd: () => open?.close(),
  };
}

/** As Deno names it: with the port, where it is known. */
function netOf({ host, ports }: Place): string {
  const [port, ...others] = ports;
  const name = host.includes(":") ? `[${host}]` : host;
  return port === 0 || others.length ? name : `${name}:${port}`;
}

/** Whether only this machine can reach it. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host.startsWith("127.");
}

/** 128 random bits. */
function randomToken(): string {
  return crypto.getRandomValues(new Uint8Array(16)).toHex();
}

function outOfRange(
  option: keyof DashboardOptions,
  expected: string,
  value: unknown,
): OptionError {
  return new OptionError(
    `Cannot create ${defaults.name} as '${option}' must be ${expected}: current value is ${
      shown(value)
    }`,
  );
}
