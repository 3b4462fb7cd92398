import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Backup } from "../../../../core/run/backup/backup.ts";
import {
  backupNumbers,
  isBackedUp,
  newestBackup,
  removeBackups,
  writeBackup,
} from "../../../../core/run/backup/backup_folder.ts";
import { encode } from "../../../../core/run/backup/plain_data.ts";
import { InputError } from "../../../../core/errors.ts";

/** Holds its number. */
function example(number: number) {
  return {
    number,
    weights: new Float32Array([number, NaN, -0]),
    slots: new Uint8Array([number, 10, 10]), // 10 is a line break.
    rest: new Uint8Array(),
  };
}

/** Write backups; gives the oldest one that is left after each. */
async function written(dir: string, numbers: number[], keep = 2) {
  const oldest: number[] = [];
  for (const number of numbers) {
    oldest.push(
      await writeBackup(dir, number, encode(example(number)), keep),
    );
  }
  return oldest;
}

function held(dir: string): { number: unknown; lines: string[] } {
  const lines: string[] = [];
  const found = newestBackup(dir, (line) => lines.push(line));
  const backup = found?.backup as (Backup & { number: number }) | undefined;
  return { number: backup?.number, lines };
}

Deno.test("the newest backup is found, and only as many are kept as are wanted", async () => {
  const dir = await Deno.makeTempDir();
  assertEquals(held(dir), { number: undefined, lines: [] });
  await written(dir, [1, 2, 3]);
  assertEquals(backupNumbers(dir), [3, 2]);
  assertEquals(held(dir), { number: 3, lines: [] });
  await written(dir, [4], 1);
  assertEquals(backupNumbers(dir), [4]);
  assertEquals([...Deno.readDirSync(`${dir}/backup`)].length, 1);
  removeBackups(dir);
  assertEquals(backupNumbers(dir), []);
});

Deno.test("where the newest is damaged in any way, the one before is used, and both are named", async () => {
  const dir = await Deno.makeTempDir();
  await written(dir, [1, 2]);
  const path = `${dir}/backup/000002.backup`;
  const whole = await Deno.readFile(path);
  const bit = fc.nat(whole.length * 8 - 1).map((at) => {
    const bytes = whole.slice();
    bytes[at >> 3]! ^= 1 << (at & 7);
    return bytes;
  });
  const cut = fc.nat(whole.length - 1).map((length) => whole.slice(0, length));
  const grown = fc.constant(new Uint8Array([...whole, 0]));
  fc.assert(
    fc.property(fc.oneof(bit, cut, grown), (bytes) => {
      Deno.writeFileSync(path, bytes);
      const { number, lines } = held(dir);
      assertEquals(number, 1);
      assertEquals(lines.length, 1);
      assert(
        lines[0]!.startsWith(`Warning: ${path} is damaged: `) &&
          lines[0]!.endsWith(`; ${dir}/backup/000001.backup is used`),
        lines[0],
      );
    }),
    { numRuns: 300 },
  );
  await Deno.writeFile(path, whole);
  assertEquals(held(dir), { number: 2, lines: [] });
});

Deno.test("where no backup is whole, all are named", async () => {
  const dir = await Deno.makeTempDir();
  await written(dir, [1, 2]);
  for (const number of [1, 2]) {
    await Deno.writeTextFile(`${dir}/backup/00000${number}.backup`, "");
  }
  const { message } = assertThrows(() => held(dir), InputError);
  assertEquals(
    message,
    `Cannot go on with the run in ${dir}: no backup is whole
- ${dir}/backup/000002.backup is damaged: it is no backup of this version
- ${dir}/backup/000001.backup is damaged: it is no backup of this version`,
  );
});

Deno.test("a backup comes back as it was, with where it is", async () => {
  const dir = await Deno.makeTempDir();
  assertEquals(await written(dir, [1, 2, 3]), [1, 1, 2]);
  assertEquals(newestBackup(dir, () => {}), {
    path: `${dir}/backup/000003.backup`,
    number: 3,
    backup: example(3) as unknown as Backup,
  });
});

Deno.test("a run with a folder for backups is one that can go on, until they are removed", async () => {
  const dir = await Deno.makeTempDir();
  assertEquals(isBackedUp(dir), false);
  await written(dir, [1]);
  assertEquals(isBackedUp(dir), true);
  removeBackups(dir);
  assertEquals(isBackedUp(dir), false);
});

Deno.test("what a killed process was writing is removed, with the next backup or with all", async () => {
  const dir = await Deno.makeTempDir();
  const names = () =>
    [...Deno.readDirSync(`${dir}/backup`)].map(({ name }) => name).sort();
  const [part, own] = ["000007.backup.0123abcd.part", "a.txt.0123abcd.part"];
  await written(dir, [1]);
  await Deno.writeTextFile(`${dir}/backup/${part}`, "half");
  await Deno.writeTextFile(`${dir}/backup/${own}`, "somebody else's");
  await written(dir, [2]);
  assertEquals(names(), ["000001.backup", "000002.backup", own]);
  await Deno.writeTextFile(`${dir}/backup/${part}`, "half");
  removeBackups(dir);
  assertEquals(names(), [own]);
});

Deno.test("a file in the place of the folder is named", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/backup`, "");
  assertThrows(
    () => backupNumbers(dir),
    InputError,
    `Cannot look for backups in ${dir}: a file is in the place of a folder`,
  );
});

Deno.test("what else lies in the folder is left alone", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/backup`);
  await Deno.writeTextFile(`${dir}/backup/000009.backup.1234.part`, "half");
  await Deno.writeTextFile(`${dir}/backup/notes.txt`, "mine");
  assertEquals(held(dir).number, undefined);
  await written(dir, [1]);
  assertEquals(held(dir).number, 1);
});
