/**
 * A measurement: what takes how long, from here on until it is stopped.
 *
 * @module
 */
import type {
  MemorySample,
  Profile,
  Profiling,
  Span,
  SpanKind,
} from "../../profile.ts";
import type { KernelWatcher } from "../../steps.ts";
import { placeOf } from "../acts.ts";
import { isPromise } from "../dispatch.ts";
import type { RunState } from "../state.ts";
import type { PassKind, Wrapper } from "./swaps.ts";

/** As many as viewers can open. */
const MOST = 1_000_000;

/** Milliseconds below which there was nothing to back up between two steps. */
const NO_BACKUP = 0.1;

/** A span, some of which is not known yet: one that is under way has not taken any time. */
type Open = { -readonly [K in keyof Span]: Span[K] };

/** Where in a run. */
type Place = Pick<Span, "epoch" | "batch">;

/**
 * Begin to measure.
 *
 * @param state The run.
 * @param most How many spans end it. Default a million.
 */
export function profiling(state: RunState, most = MOST): Profiling {
  const { now, resources: { engine } } = state;
  const { name, asynchronous = false } = engine ?? {};
  const [began, time] = [now(), state.time()];
  const spans: Open[] = [];
  const memory: MemorySample[] = [];
  const open = new Set<Open>();
  let profile: Profile | undefined;

  function begin(kind: SpanKind, name: string, more: Partial<Open>): Open {
    const span: Open = { kind, name, ...more, at: now(), took: 0 };
    if (spans.push(span) > most) profile ??= end(true);
    open.add(span);
    return span;
  }

  function close(span: Open): void {
    // What is under way at the end is cut there.
    if (open.delete(span) && !profile) span.took = now() - span.at;
  }

  /** Do something that may be over later. */
  function timed<R>(span: Open, work: () => R, onPromise?: () => void): R {
    let result: R;
    let pending: boolean;
    try {
      result = work();
      pending = isPromise(result);
    } catch (error) {
      close(span);
      throw error;
    }
    if (!pending) {
      close(span);
      return result;
    }
    onPromise?.();
    return Promise.resolve(result).finally(() => close(span)) as R;
  }

  function sample(): void {
    if (engine) memory.push({ at: now(), ...engine.memory() });
  }

  const wrapper: Wrapper = {
    ...hooksAndWaits(state, begin, close, timed),
    ...parts(state, begin, close, timed, sample),
  };
  const unwrap = state.swaps.add(wrapper);
  const unwatch = engine?.watch(kernels(open, begin, close, sample));

  function end(cut: boolean): Profile {
    unwrap();
    unwatch?.();
    const ended = now();
    for (const span of open) span.took = ended - span.at;
    state.profilings.delete(handle);
    const all = spans.slice(0, most)
      .filter(({ kind, took }) => kind !== "backup" || took >= NO_BACKUP);
    return {
      ...{ began, ended, time, spans: all, memory },
      ...{ engine: name, submitted: asynchronous, cut },
    };
  }

  const handle: Profiling = { stop: () => profile ??= end(false) };
  state.profilings.add(handle);
  return handle;
}

type Begin = (kind: SpanKind, name: string, more: Partial<Open>) => Open;
type Close = (span: Open) => void;
type Timed = <R>(span: Open, work: () => R, onPromise?: () => void) => R;

/** Hooks, and what the run waits for because of them. */
function hooksAndWaits(
  state: RunState,
  begin: Begin,
  close: Close,
  timed: Timed,
): Wrapper {
  let returned = false;
  let waiting: Open | undefined;
  const placed = (by: string) => {
    const { epoch, batch } = placeOf(state);
    return { by, epoch, batch };
  };
  return {
    hook: (hook, { name }, call) =>
      function (this: unknown, ...args) {
        const span = begin("hook", hook, placed(name));
        return timed(span, () => call.apply(this, args), () => {
          returned = true;
        });
      },
    wait(awaited) {
      // The promise of a hook is part of its span; what it began is not.
      if (typeof awaited === "object" && !returned) {
        waiting = begin("hook", state.hook, placed(awaited.name));
      }
      returned = false;
    },
    waited() {
      if (waiting) close(waiting);
      waiting = undefined;
    },
  };
}

/** Steps, and what stands between them. */
function parts(
  state: RunState,
  begin: Begin,
  close: Close,
  timed: Timed,
  sample: () => void,
): Wrapper {
  const training = state.params.mode === "fit";
  const place = (batch: number): Place => ({
    ...training && { epoch: state.position.epoch },
    batch,
  });
  let step: Open | undefined;
  return {
    pass(kind, at, { next, step, logs, rest }) {
      const span = (what: SpanKind) => begin(what, kind, place(at.batch));
      return {
        next: () => timed(span("data"), next),
        step(batch) {
          sample();
          return timed(span("step"), () => step(batch));
        },
        logs() {
          sample();
          // The step has been counted.
          const about = place(at.batch - 1);
          return timed(begin("logs", kind, about), logs);
        },
        rest: () => timed(begin("backup", kind, place(at.batch - 1)), rest),
      };
    },
    steps: (steps) => ({
      begin(testBatch) {
        steps.begin(testBatch);
        if (step) close(step);
        const kind: PassKind = testBatch === undefined ? "train" : "test";
        sample();
        step = begin("step", kind, place(state.index));
      },
      end() {
        if (step) {
          close(step);
          sample();
        }
        step = undefined;
        steps.end();
      },
    }),
  };
}

/** Kernels, which lie within what is under way. */
function kernels(
  open: ReadonlySet<Open>,
  begin: Begin,
  close: Close,
  sample: () => void,
): KernelWatcher {
  const calls: Open[] = [];
  /** What kernels run in: the last that was begun of what is not one. */
  function around(): Open | undefined {
    let last: Open | undefined;
    for (const span of open) if (span.kind !== "kernel") last = span;
    return last;
  }
  return {
    begin(name) {
      const outer = around();
      if (calls.length === 0) sample();
      calls.push(begin("kernel", name, {
        depth: calls.length,
        ...outer && { within: outer.kind },
        ...outer && { epoch: outer.epoch, batch: outer.batch },
      }));
    },
    end(facts) {
      const span = calls.pop();
      if (!span) return;
      close(span);
      Object.assign(span, facts);
    },
  };
}
