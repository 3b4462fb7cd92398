/**
 * Spans of hooks, and of what the run waits for because of them.
 *
 * @module
 */
import type { Entry } from "../../contract/plugin_list.ts";
import type { Span } from "../../profile.ts";
import { placeOf } from "../acts.ts";
import { isPromise } from "../dispatch.ts";
import type { RunState } from "../state.ts";
import type { Wrapper } from "./swaps.ts";

/** A span, some of which is not known yet: one that is under way has not taken any time. */
export type Open = { -readonly [K in keyof Span]: Span[K] };

/** A span of anything but a kernel. */
export type Outer = Open & { readonly kind: NonNullable<Span["within"]> };

/** Whose it is, and where in a run. */
export type Place = Pick<Span, "by" | "file" | "begun" | "epoch" | "batch">;

/** Writes spans down. */
export interface Recorder {
  /** Something begins. */
  begin(kind: Outer["kind"], name: string, place: Place): Outer;
  /** It is over. Twice is not an error. */
  close(span: Outer): void;
}

/**
 * Do something that may be over later.
 *
 * @param onPromise Told where it is.
 */
export function timed<R>(
  { close }: Pick<Recorder, "close">,
  span: Outer,
  work: () => R,
  onPromise?: () => void,
): R {
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

/** Hooks, and what the run waits for because of them. */
export function hooksAndWaits(state: RunState, recorder: Recorder): Wrapper {
  const { begin, close } = recorder;
  let returned = false;
  let waiting: Outer | undefined;
  const placed = ({ name, file }: Entry): Place => {
    const { epoch, batch } = placeOf(state);
    return { by: name, ...file !== undefined && { file }, epoch, batch };
  };
  return {
    hook: (hook, entry, call) =>
      function (this: unknown, ...args) {
        const span = begin("hook", hook, placed(entry));
        return timed(recorder, span, () => call.apply(this, args), () => {
          returned = true;
        });
      },
    wait(awaited) {
      // The promise of a hook is part of its span; what it began is not.
      if (typeof awaited === "object" && !returned) {
        waiting = begin("hook", state.hook, {
          ...placed(awaited),
          begun: true,
        });
      }
      returned = false;
    },
    waited() {
      if (waiting) close(waiting);
      waiting = undefined;
    },
  };
}
