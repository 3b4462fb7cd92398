/**
 * What a hook began and did not wait for. The run waits in its place, before
 * the next hook is called, and takes a failure that nobody listens to for one
 * of the hook: it neither gets lost nor ends the process.
 *
 * @module
 */
import type { Act } from "../events.ts";

/** Who began something, and where. */
export type Beginner = Pick<Act, "by" | "hook" | "epoch" | "batch">;

/** Something that was begun. */
export interface Begun {
  /** Who, and where. */
  readonly who: Beginner;
  /** What it writes to; things that write to the same wait for each other. */
  readonly target: string | undefined;
  /** Settles when it is over, however it went. */
  readonly over: Promise<void>;
  /** Its promise, and those that were made of it with `then`. */
  readonly branches: Branch[];
}

/** A failure that nobody listens to. */
export interface Lost {
  /** Who began what failed, and where. */
  readonly who: Beginner;
  /** The failure. */
  readonly error: unknown;
}

interface Branch {
  /** Whether somebody listens to it, as `await` does. Default false. */
  heard?: boolean;
  /** How it went; undefined while it is not over. */
  end?: "well" | { readonly error: unknown };
}

/** Where a run keeps what was begun. */
export interface Beginnings {
  /** What is to be waited for, in the order in which it was begun; undefined if there is nothing. */
  begun?: Begun[] | undefined;
  /** What is over, save for what a plugin does then, which may take its time. */
  trailing?: readonly Begun[];
}

/**
 * Begin something that takes a while.
 *
 * @param run Where it is kept.
 * @param who Who begins it, and where.
 * @param work What is done; it begins at once, unless something that was begun
 * before writes to the same target.
 * @param target What it writes to, if anything.
 */
export function begin<T>(
  run: Beginnings,
  who: Beginner,
  work: () => T | Promise<T>,
  target?: string,
): Promise<T> {
  const before = target === undefined
    ? undefined
    : run.begun?.findLast((it) => it.target === target);
  const start = async () => await work();
  const promise = before ? before.over.then(start) : start();
  const branches: Branch[] = [];
  const over = promise.then(nothing, nothing);
  (run.begun ??= []).push({ who, target, over, branches });
  return branch(promise, branches);
}

/**
 * Wait until all that was begun is over.
 *
 * @returns The failures that nobody listens to.
 */
export async function allOver(run: Beginnings): Promise<Lost[]> {
  const all = run.begun ?? [];
  // More may be begun in the meantime: the list grows.
  for (const { over } of all) {
    await over;
    if (all.some(isTrailing)) await turn();
  }
  run.begun = undefined;
  all.unshift(...run.trailing ?? []);
  run.trailing = all.filter(isTrailing);
  return all.flatMap(({ who, branches }) =>
    branches.splice(0).flatMap((branch) => {
      const { heard, end } = branch;
      if (end === undefined) branches.push(branch);
      return typeof end === "object" && !heard
        ? [{ who, error: end.error }]
        : [];
    })
  );
}

/** Whether something that was made of its promise is not over. */
function isTrailing({ branches }: Begun): boolean {
  return branches.some(({ end }) => end === undefined);
}

/** Whatever follows at once has its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve));
}

/**
 * A promise that knows whether somebody listens. `await` asks a promise of the
 * language for nothing that could be seen, but calls the `then` of any other.
 */
function branch<T>(promise: Promise<T>, branches: Branch[]): Promise<T> {
  const me: Branch = {};
  branches.push(me);
  promise.then(
    () => void (me.end = "well"),
    (error) => void (me.end = { error }),
  );
  const next = <U>(made: Promise<U>): Promise<U> => {
    me.heard = true;
    return branch(made, branches);
  };
  return {
    then: (done, failed) => next(promise.then(done, failed)),
    catch: (failed) => next(promise.catch(failed)),
    finally: (done) => next(promise.finally(done)),
    [Symbol.toStringTag]: "Promise",
  };
}

function nothing(): void {}
