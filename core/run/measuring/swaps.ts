/**
 * Functions on the path of a run that others may be put in place of while it
 * goes on: who measures pays for it, and where nobody does, nothing is asked.
 *
 * @module
 */
import type { AnyHook } from "../../contract/callback.ts";
import type { Entry } from "../../contract/plugin_list.ts";
import type { HookName } from "../../plugin.ts";
import type { Patience, Waits } from "../awaited.ts";
import type { PassPosition } from "../state.ts";

/** Which kind of pass over batches it is. */
export type PassKind = "train" | "test" | "predict";

/** What a pass over batches does again and again. */
export interface PassParts {
  /** The next batch. */
  next(): unknown;
  /** The step. */
  step(batch: never): unknown;
  /** The logs for the hooks after it. */
  logs(): unknown;
}

/** What a run does where it can be backed up. */
export interface Resting {
  /** It is backed up, if that was asked for. */
  rest(): Promise<void> | undefined;
}

/** What a loop that is not driven from here tells of its steps. */
export interface HandSteps {
  /** A step begins: of training, or with the batch of this index, of validation. */
  begin(testBatch?: number): void;
  /** It is over, if there was one. */
  end(): void;
}

/** What is put around functions of a run; each part is optional. */
export interface Wrapper {
  /** The hooks it is put around. Default all. */
  readonly only?: readonly HookName[];
  /** Around a plugin's hook. */
  hook?(hook: HookName, entry: Entry, call: AnyHook): AnyHook;
  /** Around the parts of a pass. */
  pass?(kind: PassKind, at: PassPosition, parts: PassParts): PassParts;
  /** Around the steps of a loop that is not driven from here. */
  steps?(steps: HandSteps): HandSteps;
  /** Around what the run does where it can be backed up. */
  resting?(resting: Resting): Resting;
  /** Told of what the run waits for. */
  wait?(awaited: Waits["awaited"]): void;
  /** Told that it has come. */
  waited?(): void;
}

/** What a run is made of, as far as it can be wrapped. */
export interface Swaps {
  /** The hooks of some plugins: `calls` is changed in place. */
  hooks(hook: HookName, entries: readonly Entry[], calls: AnyHook[]): void;
  /** The plugins are connected anew: what was given so far is not called any more. */
  forgetHooks(): void;
  /** The parts of the pass that begins, changed in place; the one before is over. */
  pass<P extends PassParts>(kind: PassKind, at: PassPosition, parts: P): P;
  /** The steps of a loop, changed in place. */
  steps<S extends HandSteps>(steps: S): S;
  /** What the run does where it can be backed up, changed in place. */
  resting<R extends Resting>(resting: R): R;
  /** The same patience, of which those who wrap are told too. */
  patience(run: Waits, patience: Patience | undefined): Patience;
  /**
   * Put `wrapper` around all there is, and around what comes.
   *
   * @returns Takes it away again. Twice is not an error.
   */
  add(wrapper: Wrapper): () => void;
}

/** Something that can be wrapped. */
interface Target {
  /** Whose calls they are; undefined for what is no hook. */
  readonly hook?: HookName;
  /** Make it anew with the wrappers there are. */
  install(): void;
}

/** The swaps of a run. */
export function swaps(): Swaps {
  let hooks: Target[] = [];
  let pass: Target | undefined;
  let steps: Target | undefined;
  let resting: Target | undefined;
  let wrappers: readonly Wrapper[] = [];

  function wrapped<T>(plain: T, wrap: (wrapper: Wrapper, it: T) => T): T {
    return wrappers.reduce((it, wrapper) => wrap(wrapper, it), plain);
  }

  /** Functions of an object, which is changed in place. */
  function target<T extends object>(
    live: T,
    plain: T,
    wrap: (wrapper: Wrapper, it: T) => T,
  ): Target {
    const install = () => void Object.assign(live, wrapped(plain, wrap));
    if (wrappers.length) install();
    return { install };
  }

  function install({ only }: Wrapper): void {
    for (const it of hooks) {
      if (!only || only.includes(it.hook!)) it.install();
    }
    if (only) return;
    pass?.install();
    steps?.install();
    resting?.install();
  }

  return {
    hooks(hook, entries, calls) {
      const plain = [...calls];
      const { install } = target(
        calls,
        plain,
        (wrapper, all) =>
          wrapper.hook && (wrapper.only?.includes(hook) ?? true)
            ? all.map((it, i) => wrapper.hook!(hook, entries[i]!, it))
            : all,
      );
      hooks.push({ hook, install });
    },
    forgetHooks: () => void (hooks = []),
    pass(kind, at, parts) {
      pass = target<PassParts>(
        parts,
        { ...parts },
        (wrapper, it) => wrapper.pass?.(kind, at, it) ?? it,
      );
      return parts;
    },
    steps(live) {
      const { begin, end } = live;
      steps = target<HandSteps>(
        live,
        { begin, end },
        (wrapper, it) => wrapper.steps?.(it) ?? it,
      );
      return live;
    },
    resting(live) {
      const { rest } = live;
      resting = target<Resting>(
        live,
        { rest },
        (wrapper, it) => wrapper.resting?.(it) ?? it,
      );
      return live;
    },
    patience: (run, inner) => ({
      begin() {
        inner?.begin();
        for (const wrapper of wrappers) wrapper.wait?.(run.awaited);
      },
      end() {
        inner?.end();
        for (const wrapper of wrappers) wrapper.waited?.();
      },
    }),
    add(wrapper) {
      wrappers = [...wrappers, wrapper];
      install(wrapper);
      return () => {
        if (!wrappers.includes(wrapper)) return;
        wrappers = wrappers.filter((it) => it !== wrapper);
        install(wrapper);
      };
    },
  };
}
