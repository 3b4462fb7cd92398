/**
 * From the folder of a run to a recording of it: from its log of events, or
 * where an older version wrote none, from the history in its record.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import type { RecordedEvent, Recording } from "../../loop/recording.ts";
import type { Direction, HookName, LogRecord } from "../../plugin.ts";
import { numberFrom } from "../report/json_text.ts";
import { eventsIn } from "../report/past_events.ts";
import type { PastRun } from "../report/past_run.ts";
import type { Facts } from "../report/run_record.ts";

/** Logs that are read whoever listens: they tell how far the run came. */
const ALWAYS: readonly HookName[] = ["onEpochEnd", "onTrainEnd"];

/** Acts that change what plugins see. */
const CHANGES = ['"kind":"set"', '"kind":"stop"'];

/**
 * The recording of a run.
 *
 * @param run The run.
 * @param hooks The hooks whose logs are read; those of batches may be many.
 * @throws {InputError} If not one epoch was recorded.
 */
export function recordingOf(
  run: PastRun,
  hooks: Iterable<HookName>,
): Recording {
  const marks = [...new Set([...ALWAYS, ...hooks])]
    .map((hook) => `"kind":"logs","hook":"${hook}"`);
  const told = eventsIn(
    run.dir,
    (line) => [...marks, ...CHANGES].some((mark) => line.includes(mark)),
  ) as RecordedEvent[];
  const events = told.some(isEpoch) ? told : eventsFrom(run);
  if (!events.some(isEpoch)) {
    throw new InputError(
      `Cannot replay ${run.dir}: not one epoch of it was recorded`,
    );
  }
  const { learningRate, optimizer } = run.facts;
  const { momentum } = Object(optimizer) as Facts;
  return {
    events,
    params: paramsOf(run),
    settings: {
      learningRate: numberFrom(learningRate),
      momentum: numberFrom(momentum),
    },
    began: dateOf(run.began),
    outcome: run.outcome,
  };
}

/** Milliseconds since 1970; undefined if it is no date. */
function dateOf(iso: string): number | undefined {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? undefined : time;
}

function isEpoch({ kind, ...event }: RecordedEvent): boolean {
  return kind === "logs" && "hook" in event && event.hook === "onEpochEnd";
}

/** What the record says of the run, as far as it is what it should be. */
function paramsOf(run: PastRun): NonNullable<Recording["params"]> {
  const facts = Object(run.facts.params) as Facts;
  const params: Record<string, unknown> = {};
  for (
    const name of [
      ...["epochs", "initialEpoch", "steps", "validationSteps", "batchSize"],
      "seed",
    ]
  ) {
    if (Number.isInteger(facts[name])) params[name] = facts[name];
  }
  const directions = Object.entries(Object(facts.directions))
    .filter((it): it is [string, Direction] =>
      it[1] === "min" || it[1] === "max"
    );
  return { ...params, directions: Object.fromEntries(directions) };
}

/** The logs of each epoch, and a learning rate that changed before it. */
function eventsFrom({ facts, epoch: epochs }: PastRun): RecordedEvent[] {
  const columns = Object.entries(Object(facts.history) as Facts)
    .filter((column): column is [string, unknown[]] =>
      Array.isArray(column[1])
    );
  const seconds = Array.isArray(facts.seconds) ? facts.seconds : [];
  const events: RecordedEvent[] = [];
  let rate = numberFrom(facts.learningRate);
  let at = 0;
  for (const [i, epoch] of epochs.entries()) {
    const logs: Record<string, number> = {};
    for (const [key, values] of columns) {
      const value = numberFrom(values[i]);
      if (value !== undefined) logs[key] = value;
    }
    const { learning_rate: next } = logs as LogRecord;
    if (next !== undefined && next !== rate) {
      const what = {
        kind: "set",
        setting: "learningRate",
        value: next,
      } as const;
      events.push({
        kind: "act",
        by: "",
        hook: "onEpochBegin",
        epoch,
        what,
        at,
      });
    }
    rate = next ?? rate;
    at += 1000 * (numberFrom(seconds[i]) ?? 0);
    events.push({ kind: "logs", hook: "onEpochEnd", epoch, logs, at });
  }
  return events;
}
