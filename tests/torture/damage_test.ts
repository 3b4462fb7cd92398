import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { differenceOf, filesOf } from "./compare.ts";
import { busy, inFolder, NEVER, wholeFiles } from "./_whole.ts";

/** The backups in a folder, the newest first. */
function backupsIn(dir: string): string[] {
  return [...Deno.readDirSync(`${dir}/backup`)]
    .filter(({ name }) => name.endsWith(".backup"))
    .map(({ name }) => `${dir}/backup/${name}`)
    .sort().reverse();
}

type Damage = (bytes: Uint8Array) => Uint8Array;

/** One bit is another one, or the end is missing. */
const damages: fc.Arbitrary<Damage> = fc.oneof(
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    .map((part): Damage => (bytes) => {
      const bit = Math.floor(part * 8 * bytes.length);
      return bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
    }),
  fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
    .map((part): Damage => (bytes) =>
      bytes.subarray(0, Math.floor(part * bytes.length))
    ),
);

function damage(path: string, by: Damage): void {
  Deno.writeFileSync(path, by(Deno.readFileSync(path)));
}

Deno.test("with the newest backup damaged, the run goes on from the one before, names both, and ends as one that was never broken", async () => {
  const whole = await wholeFiles();
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 200, max: 400 }),
      damages,
      (at, by) =>
        inFolder(async (dir) => {
          await busy(dir, { ...NEVER, at });
          const [newest, before] = backupsIn(dir);
          damage(newest!, by);
          const { code, out, err } = await busy(dir);
          assertEquals([code, err], [0, ""]);
          const line = out.split("\n").find((it) => it.includes("is damaged"))!;
          assert(line.startsWith(`Warning: ${newest} is damaged: `), line);
          assert(line.endsWith(`; ${before} is used`), line);
          assertEquals(differenceOf(whole, filesOf(dir)), undefined);
        }),
    ),
    { numRuns: 5, seed: 1, endOnFailure: true },
  );
});

Deno.test("with all of them damaged it is refused in one message, and nothing is touched", () =>
  inFolder(async (dir) => {
    await busy(dir, { ...NEVER, at: 400 });
    const backups = backupsIn(dir);
    for (const path of backups) damage(path, (bytes) => bytes.subarray(1));
    const before = filesOf(dir);
    const { code, err } = await busy(dir);
    assertEquals(code, 1);
    assertStringIncludes(
      err,
      `InputError: Cannot go on with the run in ${dir}: no backup is whole\n${
        backups.map((it) =>
          `- ${it} is damaged: it is no backup of this version`
        )
          .join("\n")
      }`,
    );
    assertEquals(differenceOf(before, filesOf(dir)), undefined);
  }));
