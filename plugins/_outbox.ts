/**
 * Sends things one after the other, beside whatever else goes on.
 *
 * @module
 */

/** What is to be sent, in order. */
export interface Outbox<T> {
  /** Put something in; false if it is full, and then it is left out. */
  post(item: T): boolean;
  /** What has not been sent, as far as is known: what is on its way comes first. */
  unsent(): readonly T[];
  /**
   * Wait until all is sent, but not long: what is left after that time, or
   * behind the next failure, is dropped.
   *
   * @returns How much was dropped.
   */
  close(milliseconds: number): Promise<number>;
}

/**
 * An empty outbox.
 *
 * @param send Sends one; false if that failed. It must not throw.
 * @param size How many may wait.
 */
export function outbox<T>(
  send: (item: T) => Promise<boolean>,
  size: number,
): Outbox<T> {
  const waiting: T[] = [];
  let onItsWay: readonly T[] = [];
  let sending: Promise<void> | undefined;
  let closing = false;
  let dropped = 0;

  function drop(): void {
    dropped += waiting.length;
    waiting.length = 0;
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const item = waiting.shift()!;
      onItsWay = [item];
      const sent = await send(item);
      onItsWay = [];
      if (!sent && closing) drop();
    }
    sending = undefined;
  }

  return {
    post(item) {
      if (waiting.length >= size) return false;
      waiting.push(item);
      sending ??= sendAll();
      return true;
    },
    unsent: () => [...onItsWay, ...waiting],
    async close(milliseconds) {
      closing = true;
      const deadline = setTimeout(drop, milliseconds);
      await sending;
      clearTimeout(deadline);
      return dropped;
    },
  };
}
