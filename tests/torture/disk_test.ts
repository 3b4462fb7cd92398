import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { loadModel } from "../../mod.ts";
import { differenceOf, filesOf } from "./compare.ts";
import { busy, inFolder, NEVER, wholeFiles } from "./_whole.ts";

await tf.setBackend("cpu");

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

Deno.test("killed while the disk is full, and taken up again with room on it: the same", async () => {
  for (const [at, kill] of [[200, 260], [290, 330]] as const) {
    await inFolder(async (dir) => {
      // First it is full, then it dies, still full.
      const times = kill - at;
      await busy(dir, { at, times, half: true, what: "full", kill });
      assertEquals(Deno.statSync(`${dir}/backup`).isDirectory, true);
      const { code, out, err } = await busy(dir);
      assertEquals([code, err], [0, ""], out);
      assertEquals(await difference(dir), undefined, `${at}\n${out}`);
    });
  }
});

Deno.test("without permission to write from some moment on it goes on, and with it again from there", async () => {
  await inFolder(async (dir) => {
    const lost = await busy(dir, { ...NEVER, at: 230, what: "revoke" });
    assert(lost.out.includes("write permission is missing"), lost.out);
    const { code, out, err } = await busy(dir);
    assertEquals([code, err], [0, ""], out);
    assertEquals(differenceOf(await wholeFiles(), filesOf(dir)), undefined);
  });
});

/** Run a program; whether it could. */
async function did(name: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(name, { args }).output()).success;
  } catch {
    return false;
  }
}

/** Do something on a disk of so many KiB; false where none can be had. */
async function onDisk(
  kib: number,
  act: (dir: string, grow: () => Promise<void>) => Promise<void>,
): Promise<boolean> {
  const dir = await Deno.makeTempDir();
  const size = `size=${kib}k`;
  if (!await did("mount", "-t", "tmpfs", "-o", size, "tmpfs", dir)) {
    return false;
  }
  try {
    await act(dir, async () => {
      assert(await did("mount", "-o", "remount,size=20m", dir));
    });
  } finally {
    await did("umount", dir);
    await Deno.remove(dir);
  }
  return true;
}

/** Files that grow. */
const GROWING = /^(log\.csv|diary\/(.\/)?steps\.txt)$/;

const mounts = await onDisk(100, async () => {});

Deno.test({
  name:
    "on a disk of 180 KiB that fills the run goes on to its end; nothing is half there, and with more room nothing is missing",
  ignore: !mounts, // Only root may mount.
  async fn() {
    await onDisk(180, async (disk, grow) => {
      const dir = `${disk}/run`;
      Deno.mkdirSync(dir);
      const { code, out, err } = await busy(dir);
      assertEquals([code, err], [0, ""], out);
      assert(out.includes("No space left on device"), out);
      const whole = await wholeFiles();
      for (const [path, content] of filesOf(dir)) {
        assert(!path.endsWith(".part"), path);
        // A checkpoint is whole, be it an older one.
        const saved = /^(.*)\/model.json$/.exec(path)?.[1];
        if (saved) (await loadModel(`${dir}/${saved}`)).dispose();
        if (!GROWING.test(path)) continue;
        assert(whole.get(path)!.startsWith(content), `${path}\n${out}`);
      }
      await grow();
      const again = await busy(dir);
      assertEquals([again.code, again.err], [0, ""], again.out);
      assertEquals(await difference(dir), undefined, again.out);
    });
  },
});
