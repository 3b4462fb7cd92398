/**
 * Something happens to the process that it is set in, at a change of the disk:
 * before it, or with half of a write done. What a run has on the disk at any
 * other moment is what it has before the next change.
 *
 * @module
 */
import { powerCut } from "./power.ts";

/** What happens, and when. */
export interface Bomb {
  /** Before which change of the disk, counted from 1; 0 for never. */
  readonly at: number;
  /** Whether half of it is done first, if it is a write. */
  readonly half: boolean;
  /**
   * What happens: the process is killed, the power is cut, so that what was not
   * flushed is lost too, the disk is full for some `times`, or the permission to
   * write is gone. Default `"kill"`.
   */
  readonly what?: "kill" | "power" | "full" | "revoke" | undefined;
  /** For how many changes the disk is full. Default 1. */
  readonly times?: number | undefined;
  /** Before which change the process is killed where something else has happened before. Default: it is not. */
  readonly kill?: number | undefined;
}

/** How many changes there have been. */
export interface Changes {
  readonly count: number;
}

/** Count the changes of the disk that this process makes, until the bomb goes off. */
export function setBomb(
  { at, half, what = "kill", times = 1, kill }: Bomb,
): Changes {
  const cut = what === "power" ? powerCut() : undefined;
  let count = 0;

  /** `first` does half of the change. */
  function goOff(first?: () => void): void {
    count++;
    if (at === 0 || count < at) return;
    if (count === kill) die();
    if (what === "revoke") {
      if (count === at) Deno.permissions.revokeSync({ name: "write" });
      return;
    }
    if (what === "full" && count >= at + times) return;
    if (half) first?.();
    if (what === "full") throw noSpace();
    cut?.lose();
    die();
  }

  function around(
    owner: object,
    name: string,
    changes = (..._: never[]) => true,
  ) {
    const methods = owner as Record<string, (...args: never[]) => unknown>;
    const own = methods[name]!;
    methods[name] = function (this: unknown, ...args: never[]) {
      if (changes(...args)) goOff();
      return own.apply(this, args);
    };
  }
  for (const name of what === "full" ? GROWING : CHANGING) {
    around(Deno, name);
    around(Deno, `${name}Sync`);
  }
  const creates = (_path: string, options: Deno.OpenOptions = {}) =>
    Boolean(options.create || options.createNew || options.truncate);
  around(Deno, "open", creates);
  around(Deno, "openSync", creates);

  const file = Deno.FsFile.prototype;
  const { write, writeSync } = file;
  const halfOf = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);
  file.write = async function (bytes) {
    goOff(() => writeSync.call(this, halfOf(bytes)));
    return await write.call(this, bytes);
  };
  file.writeSync = function (bytes) {
    goOff(() => writeSync.call(this, halfOf(bytes)));
    return writeSync.call(this, bytes);
  };
  if (what !== "full") {
    around(file, "truncate");
    around(file, "truncateSync");
  }
  return {
    get count() {
      return count;
    },
  };
}

/** What needs room on the disk. */
const GROWING = [
  ...["link", "symlink", "copyFile", "mkdir"],
  ...["writeFile", "writeTextFile"],
] as const;

const CHANGING = [...GROWING, "rename", "truncate", "remove"] as const;

function noSpace(): Error {
  return Object.assign(new Error("No space left on device (os error 28)"), {
    code: "ENOSPC",
  });
}

/** What a process says that is not permitted to kill itself. */
export const DIED = "\u0007kill me\u0007";

function die(): never {
  try {
    Deno.kill(Deno.pid, "SIGKILL");
  } catch {
    Deno.stdout.writeSync(new TextEncoder().encode(DIED));
  }
  while (true); // The signal is on its way.
}
