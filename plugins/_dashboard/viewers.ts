/**
 * Those who look on. Each reads at its own pace: a piece is made when its
 * connection takes one, so that nothing waits for it and nothing piles up.
 *
 * @module
 */
import { type Journal, NOTHING, piece, type Seen } from "./journal.ts";

/** Those who look on. */
export interface Viewers {
  /** What another one reads, who has seen something before or {@linkcode NOTHING}. */
  open(seen?: Seen): ReadableStream<Uint8Array>;
  /** There may be something new. */
  wake(): void;
  /** Wait until all have read the end, but not long. */
  over(milliseconds: number): Promise<void>;
}

/** Nobody looks on yet. */
export function viewers(journal: Journal): Viewers {
  const encoder = new TextEncoder();
  const all = new Set<object>();
  /** They wait for something new. */
  let asleep: (() => void)[] = [];
  let noneLeft: (() => void) | undefined;
  /** Those who keep up read the same. */
  let lately: { before: Seen; bytes: Uint8Array; seen: Seen } | undefined;

  function wake(): void {
    const awake = asleep;
    asleep = [];
    for (const up of awake) up();
  }

  function leave(viewer: object): void {
    all.delete(viewer);
    if (all.size === 0) noneLeft?.();
  }

  function nextPiece(before: Seen): typeof lately {
    if (lately?.before === before && lately.seen.id === journal.id) {
      return lately;
    }
    const found = piece(journal, before);
    if (!found) return undefined;
    const { text, seen } = found;
    return lately = { before, bytes: encoder.encode(text), seen };
  }

  return {
    open(seen = NOTHING) {
      const viewer = {};
      let left = false;
      all.add(viewer);
      return new ReadableStream<Uint8Array>({
        start: (it) => it.enqueue(encoder.encode("retry: 1000\n\n")),
        async pull(it) {
          for (;;) {
            const found = nextPiece(seen);
            if (found) {
              seen = found.seen;
              it.enqueue(found.bytes);
              return;
            }
            if (seen.end) {
              it.close();
              return leave(viewer);
            }
            await new Promise<void>((up) => asleep.push(up));
            if (left) return;
          }
        },
        cancel() {
          left = true;
          leave(viewer);
          wake();
        },
      }, { highWaterMark: 0 });
    },
    wake,
    async over(milliseconds) {
      wake();
      if (all.size === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      noneLeft = resolve;
      const timer = setTimeout(resolve, milliseconds);
      await promise;
      clearTimeout(timer);
    },
  };
}
