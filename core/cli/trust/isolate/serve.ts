/**
 * The worker's side of an isolated plugin. Its text is sent to the worker, so
 * the function refers to nothing outside of itself.
 *
 * @module
 */
import type { Keeper, Run } from "../../../plugin.ts";
import type {
  Created,
  Description,
  ModuleDescription,
  PlainError,
  Question,
  RunView,
} from "./messages.ts";

type Factory = (options: unknown) => unknown;
type Fields = Record<string, unknown>;

/** A worker's global scope. */
interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent<Question>) => void) | null;
}

/**
 * Answer the run's questions about a plugin's module.
 *
 * @param module What its file exports.
 * @param port The worker.
 */
export function serve(module: Fields, port: Port): void {
  const plugins = new Map<number, Fields>();
  const main = module.default as Fields | Factory | undefined;

  function describe(plugin: Fields): Description {
    const hooks: Record<string, boolean> = {};
    for (
      let at: object | null = plugin;
      at && at !== Object.prototype;
      at = Object.getPrototypeOf(at)
    ) {
      for (const key of Object.getOwnPropertyNames(at)) {
        if (!/^on[A-Z]/.test(key) || key === "onError") continue;
        if (plugin[key] !== undefined) {
          hooks[key] = typeof plugin[key] === "function";
        }
      }
    }
    const { name, needs, provides, requires, order, onError } = plugin;
    const { state, permissions } = plugin;
    const tables = { name, needs, provides, requires, order, onError };
    const keeps = plugin.keeps !== undefined;
    return { ...tables, state, permissions, keeps, hooks } as Description;
  }

  function plainError(error: unknown): PlainError {
    if (!(error instanceof Error)) {
      return { name: "Error", message: String(error) };
    }
    const { name, message, stack } = error;
    return {
      name: String(name),
      message: String(message),
      stack: stack && String(stack),
    };
  }

  /** Options whose default is a function take anything. */
  function plain(values: unknown): Fields | undefined {
    if (typeof values !== "object" || values === null) return undefined;
    return Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "function" ? {} : value,
      ]),
    );
  }

  function create({ id, options, answer }: Question & { ask: "create" }): void {
    let created: Created;
    try {
      const plugin = (main as Factory)(options) as Fields;
      plugins.set(id, plugin);
      created = { plugin: describe(plugin ?? {}) };
    } catch (error) {
      created = { error: plainError(error) };
    }
    // JSON has no Infinity, with which many a plugin's state begins.
    const json = JSON.stringify(
      created,
      (_key, value) =>
        typeof value === "number" && !Number.isFinite(value)
          ? { notFinite: String(value) }
          : value,
    );
    const text = new TextEncoder().encode(json);
    const fits = text.length <= answer.byteLength - 4;
    if (fits) new Uint8Array(answer, 4).set(text);
    const length = new Int32Array(answer, 0, 1);
    Atomics.store(length, 0, fits ? text.length : -1);
    Atomics.notify(length, 0);
  }

  async function call(question: Question & { ask: "hook" }): Promise<void> {
    const { id, hook, args, view } = question;
    const plugin = plugins.get(question.plugin) ?? main as Fields;
    const own = plugin.state as Fields | undefined;
    if (own && question.state) {
      for (const key of Object.keys(own)) delete own[key];
      Object.assign(own, question.state);
    }
    const acts: unknown[] = [];
    try {
      const run = facade(view, acts);
      const result = await (plugin[hook] as (...args: unknown[]) => unknown)
        .call(plugin, ...args.map(Object.freeze), run);
      port.postMessage({ id, result, acts, state: own });
    } catch (error) {
      port.postMessage({ id, acts, error: plainError(error) });
    }
  }

  /** A backup is taken, or put back. */
  async function keep(
    { ask, id, plugin, saved }: Question & { ask: "save" | "load" },
  ): Promise<void> {
    const { keeps } = plugins.get(plugin) ?? main as Fields;
    try {
      const result = await (keeps as Keeper)[ask](saved);
      port.postMessage({ id, result, acts: [] });
    } catch (error) {
      port.postMessage({ id, acts: [], error: plainError(error) });
    }
  }

  function facade(view: RunView, acts: unknown[]): Run {
    const began = performance.now();
    const aborter = new AbortController();
    if (view.aborted) aborter.abort();
    const act = (what: unknown) => void acts.push(what);
    const missing = (what: string) => (): never => {
      const error = new Error(
        `an isolated plugin has no ${what}: it gets logs, and may stop the run, print, and set the learning rate and the momentum`,
      );
      // The mistake of who isolates it, and recognised by this name.
      throw Object.assign(error, { name: "OptionError" });
    };
    const all = (what: string, names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, missing(what)]));
    return {
      epoch: view.epoch,
      step: view.step,
      params: view.params,
      outcome: view.outcome,
      plugins: [],
      tensors: undefined,
      dir: view.dir,
      terminal: view.terminal,
      signal: aborter.signal,
      model: undefined,
      validation: undefined,
      optimizer: optimizer(view, act),
      weights: all("run.weights", [
        ...["snapshot", "has", "restore", "average", "release", "entries"],
      ]) as unknown as Run["weights"],
      files: all("run.files", [
        ...["read", "write", "open", "remove"],
      ]) as unknown as Run["files"],
      stop: (reason, { resumable = false } = {}) =>
        act({ kind: "stop", reason: String(reason), resumable }),
      backup: ({ keep = 2 } = {}) => act({ kind: "backup", keep }),
      print: (line) => act({ kind: "print", line: String(line) }),
      status: (line) => act({ kind: "status", line: String(line) }),
      show() {}, // Its terminal has no pictures.
      bestBy: missing("run.bestBy"),
      save: missing("run.save"),
      predict: missing("run.predict"),
      firstNonFinite: missing("run.firstNonFinite"),
      batchLogs: missing("run.batchLogs"),
      follow: missing("run.follow"),
      profile: missing("run.profile"),
      offers: () => false,
      keys: () => view.keys,
      direction(key) {
        const direction = view.params.directions[key];
        if (direction) return direction;
        throw new Error(
          `it is not known whether lower or higher "${key}" is better`,
        );
      },
      path: (path) => `${view.dir}/${path}`,
      now: () => view.now + performance.now() - began,
      time: () => view.time + performance.now() - began,
    };
  }

  function optimizer(
    view: RunView,
    act: (what: unknown) => void,
  ): Run["optimizer"] {
    const values: Record<string, number | undefined> = {
      learningRate: view.learningRate,
      momentum: view.momentum,
    };
    const handle = {};
    for (const setting of Object.keys(values)) {
      Object.defineProperty(handle, setting, {
        get() {
          if (values[setting] !== undefined) return values[setting];
          throw new Error(`declare requires: ["${setting}"] to see it`);
        },
        set(value: number) {
          values[setting] = value;
          act({ kind: "set", setting, value });
        },
      });
    }
    return handle as Run["optimizer"];
  }

  port.onmessage = ({ data }) =>
    data.ask === "create"
      ? create(data)
      : void (data.ask === "hook" ? call(data) : keep(data));
  const kind = main === undefined
    ? "none"
    : typeof main === "function"
    ? "factory"
    : typeof main === "object" && main !== null
    ? "plugin"
    : "other";
  const description: ModuleDescription = {
    main: kind,
    plugin: kind === "plugin" ? describe(main as Fields) : undefined,
    defaults: plain(module.defaults),
    help: plain(module.help) as Record<string, string> | undefined,
    permissions: module.permissions,
  };
  port.postMessage({ module: description });
}
