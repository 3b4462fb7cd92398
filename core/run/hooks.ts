/**
 * From a plan to the functions the loop calls: each plugin gets its handle on
 * the run, each hook becomes one function, and a throw is given its place.
 *
 * @module
 */
import { type Fire, type Listener, makeFire } from "./dispatch.ts";
import { PluginError, SetupError } from "../errors.ts";
import type { Validation } from "../contract/log_keys.ts";
import { type HookPlan, type Plan, planHook } from "../contract/plan.ts";
import { HOOK_NAMES, type HookName, type Logs } from "../plugin.ts";
import type { Entry } from "../contract/plugin_list.ts";
import { runHandle, type RunState } from "./handle.ts";

/** The hooks of a run, ready to be called. */
export interface Hookup {
  /** By hook: one function, or nothing where nobody listens. */
  readonly fire: { readonly [H in HookName]?: Fire };
  /** Whether any plugin reads the loop's own keys in a hook. */
  reads(hook: HookName): boolean;
  /** The first error of the end hooks since the last call, which all ran nevertheless. */
  takeEndError(): PluginError | undefined;
}

/**
 * Connect the plugins to a run.
 *
 * @param state The run.
 * @param plan Who runs when.
 * @param entries The plugins.
 * @param validation How often validation runs.
 */
export function connect(
  state: RunState,
  plan: Plan,
  entries: readonly Entry[],
  validation: Validation,
): Hookup {
  const plans: { [H in HookName]?: HookPlan } = { ...plan.hooks };
  const listeners = new Map(entries.map((entry) => [entry, listen(entry)]));
  const fire: { [H in HookName]?: Fire } = {};
  let endError: PluginError | undefined;
  for (const hook of HOOK_NAMES) {
    const planned = plans[hook];
    if (planned) fire[hook] = fireOf(hook, planned);
    else if (entries.some(({ plugin }) => plugin[hook])) {
      fire[hook] = fireLate(hook);
    }
  }

  function listen(entry: Entry): Listener {
    const keys = (hook: HookName) => {
      const turn = plans[hook]?.turns.find((turn) => turn.entry === entry);
      return [...turn?.sees.keys() ?? []].sort();
    };
    const run = runHandle(state, entry.plugin, keys);
    return { plugin: entry.plugin, run, bare: entry.bare, muted: undefined };
  }

  function fireOf(hook: HookName, { turns }: HookPlan): Fire {
    const list = turns.map(({ entry }) => listeners.get(entry)!);
    return makeFire(hook, list, onFailure, state)!;
  }

  /** The keys are known only when they come: check the contract at the first call. */
  function fireLate(hook: HookName): Fire {
    let ready: Fire | undefined;
    return (index, logs) => (ready ??= settle(hook, logs))(index, logs);
  }

  function settle(hook: HookName, logs: Logs): Fire {
    const base = Object.keys(logs).map((key) => [key, "always"] as const);
    const checked = planHook(hook, entries, new Map(base), validation);
    if (checked.problems.length) {
      throw new SetupError(`go on with ${hook}`, checked.problems);
    }
    plans[hook] = checked;
    return fireOf(hook, checked);
  }

  function onFailure(
    hook: HookName,
    list: readonly Listener[],
    position: number,
    error: unknown,
  ): void {
    const listener = list[position]!;
    const failure = placed(state, hook, listener, entries, error);
    if (listener.plugin.onError === "disable") {
      listener.muted = "all";
      state.muting = true;
      state.printer.print(
        `Warning: ${failure.message}; it is switched off for the rest of the run`,
      );
      return;
    }
    // All end hooks run; the first error is thrown after the last of them.
    if (/^on(Train|Test|Predict)End$/.test(hook)) {
      endError ??= failure;
      return;
    }
    if (/^on(Train|Test|Predict)Begin$/.test(hook)) {
      const end = hook.replace("Begin", "End") as HookName;
      for (const late of list.slice(position)) late.muted ??= end;
      state.muting = true;
    }
    throw failure;
  }

  return {
    fire,
    reads: (hook) => fire[hook] !== undefined && (plans[hook]?.reads ?? true),
    takeEndError() {
      const error = endError;
      endError = undefined;
      return error;
    },
  };
}

function placed(
  state: RunState,
  hook: HookName,
  { plugin }: Listener,
  entries: readonly Entry[],
  error: unknown,
): PluginError {
  const place = {
    plugin: plugin.name,
    file: entries.find((entry) => entry.plugin === plugin)?.file,
    hook,
    epoch: state.params.mode === "fit" ? state.epoch : undefined,
    batch: hook.includes("Batch") ? state.batch : undefined,
  };
  return new PluginError(place, error);
}
