/**
 * A profile in Chrome's trace event format, which Perfetto, chrome://tracing and
 * TensorBoard open: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * @module
 */
import type { Profile, Span } from "../../core/plugin.ts";

/** An event of a trace; times in microseconds. */
export interface TraceEvent {
  /** What it is: metadata, a complete event, or a counter. */
  readonly ph: "M" | "X" | "C";
  /** Its name. */
  readonly name: string;
  /** Its category. */
  readonly cat?: string;
  /** The process. */
  readonly pid: number;
  /** The track. */
  readonly tid: number;
  /** When it began. */
  readonly ts?: number;
  /** How long it took. */
  readonly dur?: number;
  /** More about it. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A trace. */
export interface Trace {
  /** The unit in which viewers show times. */
  readonly displayTimeUnit: "ms";
  /** Its events. */
  readonly traceEvents: readonly TraceEvent[];
  /** What is shown of the whole. */
  readonly otherData: Readonly<Record<string, string>>;
}

const PID = 1;
const STEPS = 1;
const KERNELS = 2;
const FIRST_PLUGIN = 3;

/**
 * The trace of a profile: a track for steps, one for kernels, one for the hooks
 * of each plugin, and the engine's memory. It begins at 0.
 *
 * @param title What was profiled, such as the run's name.
 */
export function traceOf(profile: Profile, title: string): Trace {
  const { began, spans, memory, engine, submitted, time } = profile;
  const plugins = [
    ...new Set(spans.flatMap(({ by }) => by === undefined ? [] : [by])),
  ];
  const kernels = submitted ? `kernels, handed to ${engine}` : "kernels";
  const tracks: readonly (readonly [number, string])[] = [
    [STEPS, "steps"],
    ...engine === undefined ? [] : [[KERNELS, kernels] as const],
    ...plugins.map((name, i) => [FIRST_PLUGIN + i, `plugin ${name}`] as const),
  ];
  const at = (ms: number) => microseconds(ms - began);

  function eventOf(span: Span): TraceEvent {
    const { kind, by, at: begin, took } = span;
    const ts = at(begin);
    const tid = kind === "kernel"
      ? KERNELS
      : by === undefined
      ? STEPS
      : FIRST_PLUGIN + plugins.indexOf(by);
    return {
      ...{ ph: "X", name: nameOf(span), cat: kind, pid: PID, tid, ts },
      // The end is rounded, and not the length: what lies within stays within.
      dur: microseconds(begin + took - began - ts / 1000),
      args: argsOf(span),
    };
  }

  return {
    displayTimeUnit: "ms",
    traceEvents: [
      about("process_name", 0, { name: title }),
      ...tracks.flatMap(([tid, name]) => [
        about("thread_name", tid, { name }),
        about("thread_sort_index", tid, { sort_index: tid }),
      ]),
      ...spans.map(eventOf),
      ...memory.flatMap(({ at: moment, bytes, tensors }) => [
        counter("memory", at(moment), { bytes }),
        counter("tensors", at(moment), { tensors }),
      ]),
    ],
    otherData: {
      began: new Date(time).toISOString(),
      ...engine !== undefined && { engine },
    },
  };
}

function about(
  name: string,
  tid: number,
  args: Readonly<Record<string, unknown>>,
): TraceEvent {
  return { ph: "M", name, pid: PID, tid, args };
}

function counter(
  name: string,
  ts: number,
  args: Readonly<Record<string, number>>,
): TraceEvent {
  return { ph: "C", name, pid: PID, tid: 0, ts, args };
}

/** Milliseconds as microseconds, to the nanosecond. */
function microseconds(ms: number): number {
  return Math.round(ms * 1e6) / 1e3;
}

function nameOf({ kind, name, begun }: Span): string {
  if (begun) return `what ${name} began`;
  if (kind === "hook" || kind === "kernel") return name;
  return kind === "step" ? `${name} step` : kind;
}

function argsOf(span: Span): Record<string, unknown> {
  const { epoch, batch, by, file, inputs, outputs, bytes } = span;
  const shape = (of: readonly number[]) => `[${of.join(", ")}]`;
  return {
    ...epoch !== undefined && { epoch },
    ...batch !== undefined && { batch },
    ...by !== undefined && { plugin: by },
    ...file !== undefined && { file },
    ...inputs && {
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([name, it]) => [name, shape(it)]),
      ),
    },
    ...outputs && { outputs: outputs.map(shape).join(" ") },
    ...bytes !== undefined && { bytes },
  };
}
