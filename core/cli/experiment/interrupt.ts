/**
 * Ctrl-C, as a signal that a run can heed.
 *
 * @module
 */

/** Listens for Ctrl-C until disposed of. */
export interface Interrupt extends Disposable {
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

/**
 * The first Ctrl-C aborts the run, which ends cleanly; the second kills it.
 */
export function interruptible(): Interrupt {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) Deno.exit(130);
    controller.abort(new Error("interrupted"));
  };
  Deno.addSignalListener("SIGINT", onInterrupt);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => Deno.removeSignalListener("SIGINT", onInterrupt),
  };
}
