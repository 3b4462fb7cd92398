import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Backup } from "../../../core/run/backup.ts";
import {
  backupNumbers,
  newestBackup,
  removeBackups,
  writeBackup,
} from "../../../core/run/backup_folder.ts";
import { encode } from "../../../core/run/plain_data.ts";
import { InputError } from "../../../core/errors.ts";

/** Write backups that hold their number. */
async function written(dir: string, numbers: number[], keep = 2) {
  for (const number of numbers) {
    const weights = new Float32Array([number, NaN, -0]);
    await writeBackup(dir, number, encode({ number, weights }), keep);
  }
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

Deno.test("what else lies in the folder is left alone", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.mkdir(`${dir}/backup`);
  await Deno.writeTextFile(`${dir}/backup/000009.backup.1234.part`, "half");
  await Deno.writeTextFile(`${dir}/backup/notes.txt`, "mine");
  assertEquals(held(dir).number, undefined);
  await written(dir, [1]);
  assertEquals(held(dir).number, 1);
});
