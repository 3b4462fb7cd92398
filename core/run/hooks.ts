/**
 * From a plan to the functions the loop calls: each plugin gets its handle on
 * the run, each hook becomes one function.
 *
 * @module
 */
import type { Facts } from "../contract/facts.ts";
import { keysThatCame } from "../contract/log_keys.ts";
import { possible } from "../contract/if_possible.ts";
import { isOuter } from "../contract/phases.ts";
import { type CheckedHook, type HookPlan, planHook } from "../contract/plan.ts";
import type { Entry } from "../contract/plugin_list.ts";
import { SetupError } from "../errors.ts";
import { HOOK_NAMES, type HookName, type LogRecord } from "../plugin.ts";
import { type Fire, type Listener, makeFire } from "./dispatch.ts";
import type { Failures } from "./failure.ts";
import { type KeysOf, runHandle } from "./handle.ts";
import type { PlannedRun } from "./planned_run.ts";
import { shadowRun } from "./shadow/shadow.ts";
import type { RunState } from "./state.ts";

/** The hooks of a run, ready to be called. */
export interface RunHooks {
  /** By hook: one function, or none if no plugin has it. */
  readonly fire: { readonly [H in HookName]?: Fire };
  /** Whether any plugin reads the loop's own keys in a hook. */
  reads(hook: HookName): boolean;
  /** The plugins with their handles. */
  readonly listeners: readonly Listener[];
}

/** Connect the plugins of a plan to a run; those among `before` that are muted stay so. */
export function connect(
  state: RunState,
  { entries, plan }: Pick<PlannedRun, "entries" | "plan">,
  facts: Facts,
  failures: Failures,
  before: readonly Listener[] = [],
): RunHooks {
  const plans: { [H in HookName]?: HookPlan } = { ...plan.hooks };
  const listeners = new Map(entries.map((entry) => {
    const same = before.find((it) => it.entry.plugin === entry.plugin);
    const shadow = entry.shadow
      ? same?.shadow ?? shadowRun(state, entry.name)
      : undefined;
    const run = runHandle(
      shadow?.state ?? state,
      entry.name,
      keysIn(entry, plans),
    );
    return [entry, { entry, run, shadow, muted: same?.muted }];
  }));

  function fireOf(hook: HookName, { calls }: HookPlan): Fire | undefined {
    const called = calls.map(({ entry, gets }) => ({
      listener: listeners.get(entry)!,
      gets,
    }));
    return makeFire(hook, called, failures.onFailure, state);
  }

  /** The keys are known only when they come: the contract is checked at the first call. */
  function fireLate(hook: HookName): Fire {
    let ready: Fire | undefined;
    let settled = false;
    return (index, logs) => {
      if (!settled) {
        plans[hook] = settle(hook, logs);
        ready = fireOf(hook, plans[hook]);
        // A failing run calls its end hooks with what logs there are.
        settled = !state.failing;
      }
      return ready?.(index, logs);
    };
  }

  function settle(hook: HookName, logs: LogRecord): HookPlan {
    const { validation } = facts;
    const base = keysThatCame(hook, Object.keys(logs), validation);
    const plan = (some: readonly Entry[]) =>
      planHook(hook, some, base, validation);
    const { entries: all, leftOut } = possible(
      entries,
      (some) => plan(some).problems,
      () => true,
    );
    const checked = plan(all);
    if (state.failing) return unchecked(hook, all, checked);
    for (const line of leftOut) state.printer.print(line);
    if (checked.problems.length === 0) return checked;
    const error = new SetupError(`go on with ${hook}`, checked.problems);
    // The end hooks of the plugins whose keys are there run all the same.
    if (!isOuter(hook)) throw error;
    failures.defer(error);
    return checked;
  }

  const fire: { [H in HookName]?: Fire | undefined } = {};
  for (const hook of HOOK_NAMES) {
    const planned = plans[hook];
    const listened = entries.some((entry) => entry.hooks[hook]);
    if (planned) fire[hook] = fireOf(hook, planned);
    else if (listened) fire[hook] = fireLate(hook);
  }
  return {
    fire: fire as RunHooks["fire"],
    reads: (hook) => fire[hook] !== undefined && (plans[hook]?.reads ?? true),
    listeners: [...listeners.values()],
  };
}

/** The keys a plugin gets in a hook, as far as the plans are made. */
function keysIn(
  entry: Entry,
  plans: { readonly [H in HookName]?: HookPlan },
): KeysOf {
  return (hook) => {
    const known = HOOK_NAMES.includes(hook);
    const call = known &&
      plans[hook]?.calls.find((call) => call.entry === entry);
    if (!call) return [];
    return call.gets === "all"
      ? [...call.sees.keys()].sort()
      : call.gets.toSorted();
  };
}

/** The plan with the plugins too whose keys are missing. */
function unchecked(
  hook: HookName,
  entries: readonly Entry[],
  checked: CheckedHook,
): HookPlan {
  const planned = new Set(checked.calls.map(({ entry }) => entry));
  const others = entries.filter((entry) =>
    entry.hooks[hook] && !planned.has(entry)
  ).map((entry) => ({ entry, sees: checked.keys, gets: "all" as const }));
  return { ...checked, calls: [...checked.calls, ...others] };
}
