/**
 * What a run tells its dashboard, hook by hook, as its journal has it.
 *
 * @module
 */
import type { LogRecord, Logs, Run, RunEvent } from "../../core/plugin.ts";
import { actTeller } from "./acts.ts";
import { type Journal, journal, newId, type ShownEpoch } from "./journal.ts";
import type { ActMessage, RunMessage, StatusMessage } from "./page/protocol.ts";
import {
  curveOf,
  next,
  noPoints,
  type Points,
  put,
  thinned,
} from "./points.ts";
import type { Can, Wishes } from "./wishes.ts";

/** What of a run outlives its process. */
export interface Saved {
  readonly points: Points;
  readonly epochs: ShownEpoch[];
  readonly best: Journal["best"];
  readonly acts: ActMessage[];
  readonly dropped: number;
  readonly startedAt: number;
  /** Milliseconds since the run began, and since its epoch did. */
  readonly elapsed: number;
  readonly inEpoch: number;
}

/** One run, shown. */
export interface Show {
  /** What is shown of it. */
  readonly journal: Journal;
  /** An epoch begins. */
  epochBegins(): void;
  /** A batch is over. */
  batchEnds(batch: number, logs: Logs): void;
  /** Something happened. */
  follow(event: RunEvent): void;
  /** Some time has passed, or something was asked for. */
  tick(): void;
  /** The run is over. */
  ends(): void;
  /** What outlives the process, and how to take it back. */
  save(): Saved;
  load(saved: Saved): void;
}

/** How many points of a curve go into a backup. */
const SAVED_POINTS = 5000;

/** Over how long the rate is a mean, in milliseconds. */
const PACE = 1000;

/** How long a status holds while nothing happens, in milliseconds. */
const STATUS = 1000;

/** The folder's own name; with the one above it where that is the number of a further training. */
function nameOf(dir: string): string {
  const parts = dir.split(/[\\/]/).filter((part) => /[^.]/.test(part));
  const last = parts.at(-1) ?? "this run";
  return /^\d+$/.test(last) ? parts.slice(-2).join("/") : last;
}

/** A run that begins. */
export function show(run: Run, can: Can, wishes: Wishes): Show {
  let began = run.now();
  let startedAt = run.time();
  let epochBegan = began;
  let batch = -1;
  /** Batches since the rate was last known, how long they took, and when the last one was over. */
  const paced = { batches: 0, took: 0, last: began };
  /** The first batch of this process, and when it was over. */
  let from: { readonly step: number; readonly at: number } | undefined;
  const gauges = { batches_per_second: NaN, memory_bytes: NaN, tensors: NaN };
  /** The curves that each batch adds to; undefined where keys may be new. */
  let curves: ReturnType<typeof connected> | undefined;
  const shown: Journal = journal(
    factsOf(),
    statusNow(run.now()),
  );

  const tellActs = actTeller(shown, run, wishes, () => run.now() - began);

  function factsOf(): RunMessage {
    const { mode, epochs, initialEpoch, steps, batchSize, seed, ...params } =
      run.params;
    return {
      name: nameOf(run.dir),
      dir: run.dir,
      mode,
      plugins: run.plugins,
      params: {
        ...{ epochs, initialEpoch, steps: steps ?? null },
        ...{ batchSize: batchSize ?? null, seed: seed ?? null },
        ...{ metrics: params.metrics, directions: params.directions },
      },
      can: { ...can },
      startedAt,
      now: run.time(),
    };
  }

  function statusNow(now: number): StatusMessage {
    return {
      ...{ epoch: run.epoch, batch: Math.max(0, batch), step: run.step },
      elapsed: now - began,
      eta: etaAt(now),
      waiting: wishes.waiting(),
    };
  }

  function etaAt(now: number): number | null {
    const { epochs, initialEpoch, steps } = run.params;
    if (!from || run.step <= from.step || !steps) return null;
    const left = (epochs - initialEpoch) * steps - run.step;
    return Math.max(0, left) * (now - from.at) / (run.step - from.step);
  }

  /** The curves of these logs, and of what is measured beside them. */
  function connected(logs: Logs) {
    const { points } = shown;
    const curve = (key: string) => ({ key, curve: curveOf(points, key) });
    const measured = Object.keys(gauges) as (keyof typeof gauges)[];
    const rated = can.learningRate && !("learning_rate" in logs);
    return {
      logs: Object.keys(logs).map(curve),
      rate: rated ? curveOf(points, "learning_rate") : undefined,
      gauges: measured.filter((key) => !(key in logs))
        .map((key) => ({ key, curve: curveOf(points, key) })),
    };
  }

  function measure(): void {
    const first = Number.isNaN(gauges.batches_per_second);
    if (paced.took > (first ? 0 : PACE)) {
      gauges.batches_per_second = paced.batches * 1000 / paced.took;
      paced.batches = 0;
      paced.took = 0;
    }
    gauges.memory_bytes = Deno.memoryUsage().rss;
    gauges.tensors = run.tensors ?? NaN;
  }

  function epochIsOver(epoch: number, logs: LogRecord): void {
    const now = run.now();
    const seconds = Math.round(now - epochBegan) / 1000;
    const key = run.bestBy(logs);
    if (key !== undefined) shown.best = { epoch, key, value: logs[key]! };
    shown.epochs.push({ epoch, step: run.step, logs, seconds });
  }

  return {
    journal: shown,
    epochBegins() {
      epochBegan = run.now();
      // The validation before it is no part of the rate.
      paced.last = epochBegan;
      batch = -1;
      curves = undefined;
    },
    batchEnds(index, logs) {
      const now = run.now();
      batch = index;
      paced.batches++;
      paced.took += now - paced.last;
      paced.last = now;
      from ??= { step: run.step, at: now };
      if (!curves) {
        const { points } = shown;
        if (points.length + points.open === 0) {
          shown.points = noPoints(run.step - 1);
        }
        curves = connected(logs);
      }
      for (const { key, curve } of curves.logs) {
        const value = logs[key];
        if (value !== undefined) put(curve, value);
      }
      for (const { key, curve } of curves.gauges) {
        const value = gauges[key];
        if (value === value) put(curve, value);
      }
      if (curves.rate) put(curves.rate, run.optimizer.learningRate);
      next(shown.points);
    },
    follow(event) {
      if (event.kind === "logs") {
        if (event.hook === "onEpochEnd") {
          epochIsOver(event.epoch ?? run.epoch, event.logs);
        }
      } else tellActs(event);
    },
    tick() {
      const now = run.now();
      measure();
      const { run: facts, status } = shown;
      const { epochs, steps } = run.params;
      if (
        facts.params.steps !== (steps ?? null) || facts.params.epochs !== epochs
      ) {
        shown.run = factsOf();
      }
      const fresh = statusNow(now);
      if (
        fresh.step !== status.step || fresh.epoch !== status.epoch ||
        fresh.waiting.join() !== status.waiting.join() ||
        fresh.elapsed - status.elapsed >= STATUS
      ) shown.status = fresh;
    },
    ends() {
      const { error: _, ...outcome } = run.outcome ?? { status: "completed" };
      const now = run.now();
      shown.status = { ...statusNow(now), eta: null, waiting: [] };
      shown.end = {
        outcome,
        elapsed: now - began,
        best: shown.best ?? null,
      };
    },
    save() {
      const now = run.now();
      return {
        points: thinned(shown.points, SAVED_POINTS),
        ...{ epochs: shown.epochs, best: shown.best },
        ...{ acts: shown.acts, dropped: shown.dropped },
        startedAt,
        elapsed: now - began,
        inEpoch: now - epochBegan,
      };
    },
    load({ points, elapsed, inEpoch, ...saved }) {
      const { epochs, best, acts, dropped } = saved;
      Object.assign(shown, { epochs, best, acts, dropped, id: newId() });
      shown.points = points;
      startedAt = saved.startedAt;
      began = run.now() - elapsed;
      epochBegan = run.now() - inEpoch;
      paced.last = run.now();
      curves = undefined;
      shown.run = factsOf();
      shown.status = statusNow(run.now());
    },
  };
}
