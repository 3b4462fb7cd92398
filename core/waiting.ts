/**
 * Waiting that does not end in silence: where nothing is left that could settle
 * a promise, an error says so.
 *
 * @module
 */

/** Those that wait, the innermost last. */
const waiting: { readonly giveUp: () => void }[] = [];

let watching = false;

/**
 * Wait for a promise, unless nothing is left that could settle it: no timer, no
 * request, no file. Deno tells so with the event `beforeunload`, once the main
 * module has run to its end; where that does not come, this waits as `await`
 * does.
 *
 * @param promise What is waited for.
 * @param never What to throw then.
 */
export function waitFor<T>(
  promise: PromiseLike<T>,
  never: () => Error,
): Promise<T> {
  if (!watching) watch();
  return new Promise((resolve, reject) => {
    const entry = { giveUp: () => reject(never()) };
    waiting.push(entry);
    Promise.resolve(promise).then((value) => {
      leave(entry);
      resolve(value);
    }, (error) => {
      leave(entry);
      reject(error);
    });
  });
}

function leave(entry: (typeof waiting)[number]): void {
  const at = waiting.lastIndexOf(entry);
  if (at >= 0) waiting.splice(at, 1);
}

function watch(): void {
  watching = true;
  globalThis.addEventListener?.("beforeunload", (event) => {
    const innermost = waiting.pop();
    if (!innermost) return;
    event.preventDefault(); // The process goes on, with the error.
    innermost.giveUp();
  });
}
