/**
 * Kills the process that it is set in, at a change of the disk: before it, or
 * with half of a write done. What a run has on the disk at any other moment is
 * what it has before the next change.
 *
 * @module
 */

import { type PowerCut, powerCut } from "./power.ts";

/** When the process is killed. */
export interface Bomb {
  /** Before which change of the disk, counted from 1; 0 for never. */
  readonly at: number;
  /** Whether half of it is done first, if it is a write. */
  readonly half: boolean;
  /** Whether what was not flushed is lost, as in a power cut. Default false. */
  readonly power?: boolean | undefined;
}

/** How many changes there have been. */
export interface Changes {
  readonly count: number;
}

/** Count the changes of the disk that this process makes, and die at one of them. */
export function setBomb({ at, half, power }: Bomb): Changes {
  const cut = power ? powerCut() : undefined;
  let count = 0;
  const isDue = () => ++count === at;

  function around(
    owner: object,
    name: string,
    changes = (..._: never[]) => true,
  ) {
    const methods = owner as Record<string, (...args: never[]) => unknown>;
    const own = methods[name]!;
    methods[name] = function (this: unknown, ...args: never[]) {
      if (changes(...args) && isDue()) die(cut);
      return own.apply(this, args);
    };
  }
  for (const name of CHANGING) {
    around(Deno, name);
    around(Deno, `${name}Sync`);
  }
  const writes = (_path: string, options: Deno.OpenOptions = {}) =>
    Boolean(options.create || options.createNew || options.truncate);
  around(Deno, "open", writes);
  around(Deno, "openSync", writes);

  const file = Deno.FsFile.prototype;
  const { write, writeSync } = file;
  around(file, "truncate");
  around(file, "truncateSync");
  function first(this: Deno.FsFile, bytes: Uint8Array): void {
    if (!isDue()) return;
    if (half) writeSync.call(this, bytes.subarray(0, bytes.length / 2));
    die(cut);
  }
  file.write = function (bytes) {
    first.call(this, bytes);
    return write.call(this, bytes);
  };
  file.writeSync = function (bytes) {
    first.call(this, bytes);
    return writeSync.call(this, bytes);
  };
  return {
    get count() {
      return count;
    },
  };
}

const CHANGING = [
  ...["rename", "link", "symlink", "copyFile", "truncate", "remove", "mkdir"],
  ...["writeFile", "writeTextFile"],
] as const;

/** What a process says that is not permitted to kill itself. */
export const DIED = "\u0007kill me\u0007";

function die(cut: PowerCut | undefined): never {
  cut?.lose();
  try {
    Deno.kill(Deno.pid, "SIGKILL");
  } catch {
    Deno.stdout.writeSync(new TextEncoder().encode(DIED));
  }
  while (true); // The signal is on its way.
}
