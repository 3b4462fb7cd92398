import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  lockFolder,
  lookAtLock,
} from "../../../../core/cli/report/run_lock.ts";
import { InputError } from "../../../../core/errors.ts";

/** What is not expected to be said. */
function never(line: string): void {
  throw new Error(line);
}

const there = (dir: string) => [...Deno.readDirSync(dir)].length > 0;

Deno.test("a folder in use is refused, with who uses it and since when", () => {
  const dir = Deno.makeTempDirSync();
  assertEquals(lookAtLock(dir), undefined);
  const lock = lockFolder(dir, never);
  const look = lookAtLock(dir)!;
  assertEquals([look.running, look.holder.pid], [true, Deno.pid]);
  const { message } = assertThrows(() => lockFolder(dir, never), InputError);
  assertMatch(
    message,
    new RegExp(
      `^Cannot use ${dir}: process ${Deno.pid}( on \\S+)?, since 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d, runs there; wait until it has ended, or name another folder with --run-dir$`,
    ),
  );
  lock.release();
  assertEquals([lookAtLock(dir), there(dir)], [undefined, false]);
  lock.release();
  lockFolder(dir, never).release();
});

Deno.test("the lock of a process that is gone is known to be one: who left it is told, and it is taken over", async () => {
  const dir = Deno.makeTempDirSync();
  const source = `
import { lockFolder } from "${new URL(
    "../../../../core/cli/report/run_lock.ts",
    import.meta.url,
  )}";
globalThis.lock = lockFolder("${dir}", console.error);
console.log("locked");
setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-read", "--allow-write", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const reader = child.stdout.getReader();
  await reader.read();
  assertThrows(
    () => lockFolder(dir, never),
    InputError,
    `Cannot use ${dir}: process ${child.pid}, since `,
  );
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  const look = lookAtLock(dir)!;
  assertEquals([look.running, look.holder.pid], [false, child.pid]);
  const lock = lockFolder(dir, never);
  assertEquals(lock.left?.pid, child.pid);
  assertEquals(lookAtLock(dir)!.holder.pid, Deno.pid);
  lock.release();
});

Deno.test("a lock that was taken over can be given back as it was found", () => {
  const dir = Deno.makeTempDirSync();
  const left = { pid: 1, since: "2026-11-21T10:00:00.000Z" };
  Deno.writeTextFileSync(`${dir}/lock`, JSON.stringify(left));
  const lock = lockFolder(dir, never);
  assertEquals(lock.left, left);
  lock.giveBack();
  assertEquals(lookAtLock(dir), { holder: left, running: false });
  lock.release();
  assertEquals(there(dir), true);
});

Deno.test("a lock whose content says nothing is one all the same", () => {
  for (const content of ["", "{", "[]", '{"pid":"x","since":5}']) {
    const dir = Deno.makeTempDirSync();
    Deno.writeTextFileSync(`${dir}/lock`, content);
    assertEquals(lookAtLock(dir), { holder: {}, running: false });
    const lock = lockFolder(dir, never);
    assertEquals(lock.left, content === "" ? undefined : {});
    lock.release();
    using file = Deno.openSync(`${dir}/lock`, { create: true, write: true });
    assertEquals(file.tryLockSync(true), true);
    assertThrows(
      () => lockFolder(dir, never),
      InputError,
      `Cannot use ${dir}: another process runs there; wait`,
    );
  }
});

Deno.test("where a file system has no locks, that is said, and the folder used", () => {
  const dir = Deno.makeTempDirSync();
  const { tryLockSync } = Deno.FsFile.prototype;
  const lines: string[] = [];
  try {
    Deno.FsFile.prototype.tryLockSync = () => {
      throw new Error("Function not implemented");
    };
    lockFolder(dir, (line) => void lines.push(line)).release();
  } finally {
    Deno.FsFile.prototype.tryLockSync = tryLockSync;
  }
  assertEquals(lines, [
    `Warning: the file system of ${dir} has no locks: nothing keeps a second process out of it`,
  ]);
});
