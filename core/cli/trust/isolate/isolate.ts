/**
 * A plugin's module in a worker without any permission. What the run gets is a
 * module like any other, whose hooks are messages: logs go in, and what the
 * plugin asks for comes out and is carried out in its name.
 *
 * @module
 */
import { InputError } from "../../../errors.ts";
import type { Keeper, Plugin, Run } from "../../../plugin.ts";
import { putState } from "../../../run/plugin_state.ts";
import { askedFor, viewOf } from "./acts.ts";
import type {
  Answer,
  Created,
  Description,
  ModuleDescription,
  PlainError,
  Question,
} from "./messages.ts";
import { serve } from "./serve.ts";

/** Settings of {@linkcode isolatedModule}. */
export interface IsolateOptions {
  /** How long a hook may take, in milliseconds. Default 30000. */
  readonly deadline?: number;
}

const DEADLINE = 30_000;

/** What a plugin may require and still be isolated. */
const OFFERED: readonly string[] = ["learningRate", "momentum"];

/** Bytes for the description of a plugin. */
const ANSWER_BYTES = 65_536;

/**
 * Load a module into a worker.
 *
 * @param url Its address.
 * @param options How long to wait for it.
 * @throws {InputError} If it cannot be isolated.
 * @throws {Error} If it threw when it was loaded.
 */
export async function isolatedModule(
  url: string,
  { deadline = DEADLINE }: IsolateOptions = {},
): Promise<Readonly<Record<string, unknown>>> {
  const worker = await startWorker(url, deadline);
  const { main, plugin, defaults, help, permissions } = worker.module;
  const shown = { defaults, help, permissions };
  switch (main) {
    case "none":
      return shown;
    case "plugin":
      return { ...shown, default: proxy(plugin!, 0, worker) };
    case "factory":
      return {
        ...shown,
        default(options: Readonly<Record<string, unknown>> = {}) {
          const { id, created } = worker.create(options);
          if ("error" in created) throw revived(created.error);
          return proxy(created.plugin, id, worker);
        },
      };
  }
  throw new InputError(
    "its default export is neither an object nor a function",
  );
}

/**
 * What a module exports, and what its function returns without options.
 *
 * @param url Its address.
 * @throws {Error} If it threw when it was loaded.
 */
export async function describeModule(url: string): Promise<{
  readonly module: ModuleDescription;
  readonly sample: Description | undefined;
}> {
  const worker = await startWorker(url, DEADLINE);
  const { module } = worker;
  const created = module.main === "factory"
    ? worker.create({}).created
    : { error: undefined };
  return { module, sample: "plugin" in created ? created.plugin : undefined };
}

/** The plugin as the run sees it. */
function proxy(
  { hooks, keeps, ...described }: Description,
  id: number,
  worker: IsolatedWorker,
): Plugin {
  const { requires = [], state } = described;
  const beyond = requires.filter((what) => !OFFERED.includes(what));
  if (beyond.length || hooks.onPredictBatchEnd) {
    throw new InputError(
      `it cannot be isolated, for it ${
        beyond.length ? `requires ${beyond.join(", ")}` : "reads predictions"
      }: an isolated plugin gets logs, and may stop the run, print, and set the learning rate and the momentum`,
    );
  }
  const calls = Object.entries(hooks).map(([hook, isFunction]) => [
    hook,
    isFunction
      ? async (...args: unknown[]) => {
        const run = args.pop() as Run;
        const view = viewOf(run, hook, requires);
        const answer = await worker.call({
          ask: "hook",
          plugin: id,
          hook,
          args,
          state,
          view,
        });
        for (const act of answer.acts) askedFor(run, act);
        if (answer.error) throw revived(answer.error);
        if (state && answer.state) putState(state, answer.state);
        return answer.result;
      }
      : null,
  ]);
  const given = Object.entries(described).filter(([, value]) =>
    value !== undefined
  );
  return {
    ...Object.fromEntries([...given, ...calls]),
    ...keeps && { keeps: keeperOf(id, worker) },
  } as unknown as Plugin;
}

/** What the plugin keeps is in the worker. */
function keeperOf(plugin: number, { call }: IsolatedWorker): Keeper {
  const ask = async (what: Pick<KeepCall, "ask" | "saved">) => {
    const { result, error } = await call({ plugin, ...what });
    if (error) throw revived(error);
    return result;
  };
  return {
    save: () => ask({ ask: "save" }),
    load: async (saved) => void await ask({ ask: "load", saved }),
  };
}

function revived({ name, message, stack }: PlainError): Error {
  const error = new Error(message);
  return Object.assign(error, { name, stack: stack ?? error.stack });
}

type HookAnswer = Extract<Answer, { id: unknown }>;
type FirstAnswer = Exclude<Answer, HookAnswer>;
type HookCall = Omit<Question & { ask: "hook" }, "id">;
type KeepCall = Omit<Question & { ask: "save" | "load" }, "id">;

/** A worker with a plugin's module in it. */
interface IsolatedWorker {
  /** What its module exports. */
  readonly module: ModuleDescription;
  /** Call its factory, and wait. */
  create(options: object): { readonly id: number; readonly created: Created };
  /** Call a hook, or what it keeps. */
  call(what: HookCall | KeepCall): Promise<HookAnswer>;
}

async function startWorker(
  url: string,
  deadline: number,
): Promise<IsolatedWorker> {
  const worker = new Worker(codeOf(url), {
    type: "module",
    deno: { permissions: "none" },
  });
  let last = 0;
  let gone: Error | undefined;
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();

  function give(up: Error): void {
    gone = up;
    worker.terminate();
    for (const { reject } of waiting.values()) reject(up);
    waiting.clear();
  }
  worker.onerror = (event) => {
    event.preventDefault();
    give(new Error(event.message));
  };
  worker.onmessageerror = () =>
    give(new Error("it sent what is no plain data"));
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const id = "id" in data ? data.id : 0;
    waiting.get(id)?.resolve(data);
    waiting.delete(id);
  };

  async function answer(id: number): Promise<Answer> {
    if (gone) throw gone;
    const promised = Promise.withResolvers<Answer>();
    waiting.set(id, promised);
    const timer = setTimeout(() => {
      give(
        new Error(
          `its worker did not answer within ${
            deadline / 1000
          } s: it hangs, or it has ended itself`,
        ),
      );
    }, deadline);
    try {
      return await promised.promise;
    } finally {
      clearTimeout(timer);
    }
  }
  const first = await answer(0) as FirstAnswer;
  if ("failed" in first) {
    worker.terminate();
    throw revived(first.failed);
  }
  const { module } = first;
  return {
    module,
    create(options) {
      const id = ++last;
      const shared = new SharedArrayBuffer(ANSWER_BYTES);
      worker.postMessage({ ask: "create", id, options, answer: shared });
      return { id, created: createdIn(shared, deadline) };
    },
    async call(what) {
      const id = ++last;
      const answered = answer(id);
      if (!gone) worker.postMessage({ id, ...what });
      return await answered as HookAnswer;
    },
  };
}

function createdIn(shared: SharedArrayBuffer, deadline: number): Created {
  const length = new Int32Array(shared, 0, 1);
  if (Atomics.wait(length, 0, 0, deadline) === "timed-out") {
    throw new Error("its worker does not answer");
  }
  const size = Atomics.load(length, 0);
  if (size < 0) throw new Error("what its function returned is too large");
  const text = new TextDecoder().decode(
    new Uint8Array(shared, 4, size).slice(),
  );
  return JSON.parse(
    text,
    (_key, value) =>
      typeof value?.notFinite === "string" ? Number(value.notFinite) : value,
  );
}

/** Whatever would end the worker unheard is made to throw, before the plugin is there. */
const GUARD = `import process from "node:process";
function refuse() {
  throw new Error("a plugin cannot end the process: to stop a run, it calls run.stop(reason)");
}
for (const [on, names] of [
  [self, ["close"]], [Deno, ["exit"]], [process, ["exit", "reallyExit", "abort", "kill"]],
]) {
  for (const name of names) Object.defineProperty(on, name, { value: refuse });
}`;

/**
 * The import stands there in full, so that Deno loads it with the permissions of
 * the run; what the module imports later has those of the worker, which are none.
 */
function codeOf(url: string): string {
  const code = `${GUARD}
    try { (${serve})(await import(${JSON.stringify(url)}), self); }
    catch ({ name, message, stack }) { postMessage({ failed: { name, message, stack } }); }`;
  const type = { type: "text/javascript" };
  return URL.createObjectURL(new Blob([code], type));
}
