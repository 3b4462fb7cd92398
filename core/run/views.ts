/**
 * Which part of the logs each call gets; nothing is copied where that is all.
 *
 * @module
 */
import type { LogRecord } from "../plugin.ts";

/** The logs of a hook that gets none. */
export const NO_LOGS: LogRecord = Object.freeze({});

/** The part of the logs that a call gets. */
export type View = (logs: LogRecord) => LogRecord;

const ALL: View = (logs) => logs;
const NONE: View = () => NO_LOGS;

/** What each call makes of the logs; calls with the same list share what is picked. */
export function viewsOf(
  calls: readonly { readonly gets: "all" | readonly string[] }[],
): readonly View[] {
  const pickers = new Map<string, View>();
  return calls.map(({ gets }) => {
    if (gets === "all") return ALL;
    if (gets.length === 0) return NONE;
    const id = JSON.stringify(gets.toSorted());
    const view = pickers.get(id) ?? picker(gets);
    pickers.set(id, view);
    return view;
  });
}

function picker(keys: readonly string[]): View {
  let from: LogRecord | undefined;
  let picked: LogRecord = NO_LOGS;
  return (logs) => {
    if (from === logs) return picked;
    const some: Record<string, number> = {};
    for (const key of keys) {
      const value = logs[key];
      if (value !== undefined) some[key] = value;
    }
    from = logs;
    picked = Object.freeze(some);
    return picked;
  };
}
