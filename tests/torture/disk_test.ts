import { assert, assertEquals } from "@std/assert";
import { differenceOf, filesOf } from "./compare.ts";
import { busy, inFolder, NEVER, wholeFiles } from "./_whole.ts";

/** Why the files of a run are not those of an unbroken one, checkpoints that could not be saved aside. */
async function difference(dir: string): Promise<string | undefined> {
  const whole = new Map(await wholeFiles());
  const files = filesOf(dir);
  const missing = [...whole.keys()]
    .filter((path) => path.startsWith("c/") && !files.has(path));
  for (const path of missing) whole.delete(path);
  // Nothing is told of what was not saved, but that it was not.
  return differenceOf(withoutEvents(whole), withoutEvents(files));
}

/** Warnings are events too. */
function withoutEvents(files: ReadonlyMap<string, string>) {
  return new Map([...files].filter(([path]) => path !== "events.jsonl"));
}

Deno.test("a disk that is full for a while: the run goes on, says so, and is whole in the end", async () => {
  for (
    const [at, times, half] of [[40, 1, true], [150, 60, true], [
      320,
      25,
      false,
    ]] as const
  ) {
    await inFolder(async (dir) => {
      const bomb = { at, times, half, what: "full" } as const;
      const { code, out, err } = await busy(dir, bomb);
      assertEquals([code, err], [0, ""], out);
      assert(times === 1 || out.includes("No space left on device"), out);
      assertEquals(await difference(dir), undefined, `${at}\n${out}`);
    });
  }
});
