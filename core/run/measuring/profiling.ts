/**
 * A measurement: what takes how long, from here on until it is stopped.
 *
 * @module
 */
import type { MemorySample, Profile, Profiling } from "../../profile.ts";
import type { KernelWatcher } from "../../steps.ts";
import type { RunState } from "../state.ts";
import {
  hooksAndWaits,
  type Open,
  type Outer,
  type Place,
  type Recorder,
  timed,
} from "./spans.ts";
import type { PassKind, Wrapper } from "./swaps.ts";

/** As many as viewers open well. */
const MOST = 500_000;

/** Milliseconds below which there was nothing to back up between two steps. */
const NO_BACKUP = 0.1;

/**
 * Begin to measure.
 *
 * @param state The run.
 * @param most How many spans end it. Default half a million.
 */
export function profiling(state: RunState, most = MOST): Profiling {
  const { now, resources: { engine } } = state;
  const { name, asynchronous = false } = engine ?? {};
  const [began, time] = [now(), state.time()];
  const spans: Open[] = [];
  const memory: MemorySample[] = [];
  const open: Outer[] = [];
  let profile: Profile | undefined;

  function add(span: Open): void {
    if (spans.push(span) > most) profile ??= end(true);
  }

  const recorder: Recorder = {
    begin(kind, name, place) {
      const span: Outer = { kind, name, ...place, at: now(), took: 0 };
      add(span);
      open.push(span);
      return span;
    },
    close(span) {
      const at = open.indexOf(span);
      if (at < 0) return;
      open.splice(at, 1);
      // What is under way at the end is cut there.
      if (!profile) span.took = now() - span.at;
    },
  };
  function sample(): void {
    if (engine) memory.push({ at: now(), ...engine.memory() });
  }
  const watching = kernels(now, open, add, sample);
  const unwrap = state.swaps.add({
    ...hooksAndWaits(state, recorder),
    ...parts(state, recorder, sample),
  });
  const unwatch = engine?.watch(watching.watcher);

  function end(cut: boolean): Profile {
    unwrap();
    unwatch?.();
    const ended = now();
    for (const span of open) span.took = ended - span.at;
    watching.end(ended);
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

/** Steps, and what stands between them. */
function parts(
  state: RunState,
  recorder: Recorder,
  sample: () => void,
): Wrapper {
  const { begin, close } = recorder;
  const training = state.params.mode === "fit";
  const place = (batch: number): Place => ({
    ...training && { epoch: state.position.epoch },
    batch,
  });
  const here = () => place(Math.max(0, state.position.training.batch - 1));
  let step: Outer | undefined;
  return {
    resting: ({ rest }) => ({
      rest: () =>
        timed(recorder, begin("backup", state.params.mode, here()), rest),
    }),
    pass(kind, at, { next, step, logs }) {
      const span = (what: Outer["kind"], batch: number) =>
        begin(what, kind, place(batch));
      return {
        next: () => timed(recorder, span("data", at.batch), next),
        step(batch) {
          sample();
          return timed(recorder, span("step", at.batch), () => step(batch));
        },
        logs() {
          sample();
          // Its step has been counted.
          return timed(recorder, span("logs", at.batch - 1), logs);
        },
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

/** Kernels, of which there are many, so that each costs little: what is known of them is looked at in the end. */
function kernels(
  now: () => number,
  open: readonly Outer[],
  add: (span: Open) => void,
  sample: () => void,
): { readonly watcher: KernelWatcher; end(at: number): void } {
  const calls: Open[] = [];
  const about: [Open, Parameters<KernelWatcher["end"]>[0]][] = [];
  return {
    watcher: {
      begin(name) {
        if (calls.length === 0) sample();
        const outer = open.at(-1);
        const span: Open = {
          kind: "kernel",
          name,
          at: 0,
          took: 0,
          epoch: outer?.epoch,
          batch: outer?.batch,
          depth: calls.length,
        };
        if (outer) span.within = outer.kind;
        calls.push(span);
        add(span);
        span.at = now();
      },
      end(facts) {
        const ended = now();
        const span = calls.pop();
        if (!span) return;
        span.took = ended - span.at;
        if (facts) about.push([span, facts]);
      },
    },
    end(at) {
      for (const span of calls.splice(0)) span.took = at - span.at;
      for (const [span, facts] of about) Object.assign(span, facts!());
    },
  };
}
