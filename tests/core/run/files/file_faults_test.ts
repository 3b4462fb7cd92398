import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import type { Disk } from "../../../../core/disk.ts";
import { PluginError } from "../../../../core/errors.ts";
import type { HostOptions } from "../../../../core/loop/mod.ts";
import { decode, encode } from "../../../../core/run/backup/plain_data.ts";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import { writeCheckpoint } from "../../../../core/tf/checkpoint/write_checkpoint.ts";
import csvLogger from "../../../../plugins/csv_logger.ts";
import modelCheckpoint from "../../../../plugins/model_checkpoint.ts";
import { faultyDisk } from "../../_faulty_disk.ts";
import {
  batches,
  notebook,
  plugin,
  scripted,
  training,
} from "../../_scripted.ts";

const FULL = Object.assign(new Error("No space left on device"), {
  code: "ENOSPC",
});

/** A disk that is full while `full` is set; a write gets half-way. */
function disk() {
  const state = { full: false };
  let half = false;
  const made = faultyDisk(({ name, bytes = 0 }) => {
    if (!state.full || name === "removeSync" || name === "openSync") return;
    half = !half && name === "write" && bytes > 1;
    if (half) return Math.floor(bytes / 2);
    throw FULL;
  });
  return Object.assign(state, { disk: made });
}

/** Five epochs, with what happens before each. */
async function run(
  plugins: HostOptions["plugins"],
  options: HostOptions & { before?: (epoch: number) => void } = {},
) {
  const { before, ...rest } = options;
  const printer = notebook();
  const history = await training(scripted(), batches(1), undefined, {
    ...{ epochs: 5, printer, ...rest },
    plugins: [
      plugin("before", { onEpochBegin: (epoch) => before?.(epoch) }),
      plugins,
    ],
  });
  return { history, lines: printer.lines };
}

const CSV = "epoch,loss\r\n0,1\r\n1,1\r\n2,1\r\n3,1\r\n4,1\r\n";

Deno.test("a log on a disk that is full for a while is whole in the end: it is said once, and once that it works again", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const { history, lines } = await run([csvLogger()], {
    dir,
    files: runFiles(dir, it.disk),
    before: (epoch) => it.full = epoch === 1 || epoch === 2,
  });
  assertEquals(await Deno.readTextFile(`${dir}/log.csv`), CSV);
  assertEquals(lines, [
    `Warning: Cannot write ${dir}/log.csv: No space left on device, which plugin "csv-logger" writes; the run goes on, what is missing waits, and is written once that is possible`,
    `${dir}/log.csv is written again, nothing is missing`,
  ]);
  assertEquals(history.outcome.status, "completed");
  assertEquals("unwritten" in history, false);
});

Deno.test("while it is full, the file ends with a whole row", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const seen: string[] = [];
  await run([csvLogger()], {
    dir,
    files: runFiles(dir, it.disk),
    before(epoch) {
      seen.push(Deno.readTextFileSync(`${dir}/log.csv`));
      it.full = epoch === 1 || epoch === 2;
    },
  });
  assertEquals(seen.map((text) => CSV.startsWith(text)), Array(5).fill(true));
  assertEquals(seen.map((text) => text.split("\r\n").length), [2, 3, 3, 3, 6]);
});

Deno.test("what is still missing at the end is told, to the program too", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const { history, lines } = await run([csvLogger()], {
    dir,
    files: runFiles(dir, it.disk),
    before: (epoch) => it.full = epoch > 2,
  });
  const problem =
    `Cannot write ${dir}/log.csv: No space left on device: 10 bytes are missing in it`;
  assertEquals(history.unwritten, [problem]);
  assertEquals(lines.length, 2);
  assertEquals(lines[1], `Warning: ${problem}; the run is over`);
  assertEquals(
    await Deno.readTextFile(`${dir}/log.csv`),
    CSV.slice(0, -10),
  );
});

Deno.test('with onFileError: "fail" the plugin fails, and so the run', async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const { place } = await assertRejects(
    () =>
      run([csvLogger()], {
        ...{ dir, files: runFiles(dir, it.disk), onFileError: "fail" },
        before: (epoch) => it.full = epoch === 1,
      }),
    PluginError,
    "No space left on device",
  );
  assertEquals([place.plugin, place.epoch], ["csv-logger", 1]);
});

Deno.test("a file that is taken away while it is written comes back with all that was in it", async () => {
  const dir = await Deno.makeTempDir();
  const { lines } = await run([csvLogger({ filename: "logs/log.csv" })], {
    dir,
    before(epoch) {
      if (epoch === 2) Deno.removeSync(`${dir}/logs`, { recursive: true });
      if (epoch === 3) Deno.removeSync(dir, { recursive: true });
    },
  });
  assertEquals(await Deno.readTextFile(`${dir}/logs/log.csv`), CSV);
  assertEquals(lines, []);
});

Deno.test("a file that is written whole waits too, as it was last to be", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const picture = plugin("picture", {
    onEpochEnd: (epoch, _logs, run) => run.files.write("x.svg", `<${epoch}>`),
  });
  const { history } = await run([picture], {
    dir,
    files: runFiles(dir, it.disk),
    before: (epoch) => it.full = epoch > 1,
  });
  assertEquals(await Deno.readTextFile(`${dir}/x.svg`), "<1>");
  assertEquals(history.unwritten, [
    `Cannot write ${dir}/x.svg: No space left on device`,
  ]);
  const again = runFiles(dir, it.disk);
  again.watch({ failed() {}, full() {}, mended() {} });
  for (const text of ["a", "b"]) again.write("x.svg", text);
  it.full = false;
  assertEquals(again.finish(), []);
  assertEquals(await Deno.readTextFile(`${dir}/x.svg`), "b");
});

/** Steps that save, as a model does. */
function saving(disk: Disk) {
  return scripted({
    save: (path) =>
      writeCheckpoint(path, { numbers: [], json: () => "{}" }, disk),
  });
}

Deno.test("a checkpoint that cannot be written is not taken for the best: the next one that is better than what is there is saved", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const saved: number[] = [];
  const steps = saving(it.disk);
  const printer = notebook();
  const history = await training(
    {
      ...steps,
      async save(path, options) {
        await steps.save!(path, options);
        saved.push(losses.length);
      },
    },
    { steps: 1, batches: () => [losses.shift()!] },
    undefined,
    {
      ...{ epochs: 5, dir, printer, files: runFiles(dir, it.disk) },
      plugins: [
        plugin("before", {
          onEpochBegin: (epoch) => void (it.full = epoch === 1),
        }),
        modelCheckpoint({
          filepath: "best",
          monitor: "loss",
          saveBestOnly: true,
        }),
      ],
    },
  );
  // Losses 5, 1 (full), 3, 2, 4: that of epoch 2 is better than what is there.
  assertEquals(saved, [4, 2, 1]);
  assertEquals(history.outcome.status, "completed");
  assertEquals(printer.lines, [
    `Warning: Cannot save to "${dir}/best": No space left on device, which plugin "model-checkpoint" writes; the run goes on, it is tried again the next time`,
    `${dir}/best is written again, nothing is missing`,
  ]);
});
const losses = [5, 1, 3, 2, 4];

Deno.test("what a plugin throws itself fails the run, whatever its name says", async () => {
  const bad = plugin("bad", {
    onEpochEnd() {
      throw new Error("Cannot write x: the disk is full");
    },
  });
  await assertRejects(() => run([bad]), PluginError);
});

Deno.test("what waits belongs to a mark, so that a run that goes on from it has it", () => {
  const dir = Deno.makeTempDirSync();
  const it = disk();
  const files = runFiles(dir, it.disk);
  files.watch({ failed() {}, full() {}, mended() {} });
  const log = files.open("log");
  log.write("a");
  it.full = true;
  log.write("bc");
  const marks = files.mark(1);
  log.write("de");
  log.close();
  assertEquals(Deno.readTextFileSync(`${dir}/log`), "a");
  const again = runFiles(dir);
  assertEquals(again.putBack(decode(encode(marks))), []);
  again.goOn();
  again.open("log").write("de");
  assertEquals(Deno.readTextFileSync(`${dir}/log`), "abcde");
});

Deno.test("for more than 16 MiB there is no room: that is said, and what is lost", () => {
  const dir = Deno.makeTempDirSync();
  const it = disk();
  const files = runFiles(dir, it.disk);
  const told: unknown[] = [];
  files.watch({
    failed: () => void told.push("failed"),
    full: () => void told.push("full"),
    mended: (_path, lost) => void told.push(["mended", lost]),
  });
  const log = files.open("log");
  const mebibyte = "x".repeat(2 ** 20);
  it.full = true;
  for (let i = 0; i < 18; i++) log.write(mebibyte);
  it.full = false;
  log.write("end");
  assertEquals(Deno.statSync(`${dir}/log`).size, 16 * 2 ** 20);
  assertEquals(told.filter((it) => it !== "failed"), [
    "full",
    ["mended", 2 * 2 ** 20 + 3],
  ]);
  log.close();
});

Deno.test("whenever a disk fails and however far a write gets, a log is the text in order, each once, at whole writes", () => {
  const texts = fc.array(fc.string({ unit: "binary", minLength: 1 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(texts, fc.infiniteStream(fc.nat(3)), (texts, choices) => {
      const dir = Deno.makeTempDirSync();
      let failing = true;
      const files = runFiles(
        dir,
        faultyDisk(({ name, bytes }) => {
          if (!failing || name === "removeSync") return undefined;
          const choice = choices.next().value;
          if (choice === 0) throw FULL;
          return choice === 1 && bytes ? Math.ceil(bytes / 3) : undefined;
        }),
      );
      files.watch({ failed() {}, full() {}, mended() {} });
      const log = files.open("log", { append: true });
      let all = "";
      for (const text of texts) {
        log.write(text);
        all += text;
      }
      failing = false;
      assertEquals(files.finish(), []);
      assertEquals(Deno.readTextFileSync(`${dir}/log`), text(all));
      log.close();
      Deno.removeSync(dir, { recursive: true });
    }),
    { numRuns: 30 },
  );
});

/** As it comes back from a file: halves of characters do not. */
function text(it: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(it));
}

Deno.test("a run writes as before where nothing fails", async () => {
  const dir = await Deno.makeTempDir();
  const calls: string[] = [];
  const files = runFiles(
    dir,
    faultyDisk(({ name }) => void calls.push(name)),
  );
  await run([csvLogger()], { dir, files });
  assertEquals(calls, ["openSync", "openSync", ...Array(6).fill("write")]);
});

Deno.test("who reads a file finds what was written, also while that waits for the disk", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const files = runFiles(dir, it.disk);
  await run([plugin("reader", {
    onEpochEnd(epoch, _logs, run) {
      const notes = run.files.read("notes.txt") ?? "";
      run.files.write("notes.txt", `${notes}${epoch},`);
      const log = run.files.open("log.txt", { append: true });
      log.write(`${epoch},`);
      assertEquals(run.files.read("log.txt")?.split(",").length, epoch + 2);
      log.close();
      run.files.write("gone.txt", "x");
      run.files.remove("gone.txt");
      assertEquals(run.files.read("gone.txt"), undefined);
    },
  })], { dir, files, before: (epoch) => it.full = epoch === 1 || epoch === 2 });
  assertEquals(await Deno.readTextFile(`${dir}/notes.txt`), "0,1,2,3,4,");
  assertEquals(await Deno.readTextFile(`${dir}/log.txt`), "0,1,2,3,4,");
});

Deno.test("a file that cannot be removed is removed once that is possible, and is gone for who reads it", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/a.txt`, "old");
  let stuck = true;
  const files = runFiles(
    dir,
    faultyDisk(({ name }) => {
      if (stuck && name === "removeSync") throw FULL;
    }),
  );
  files.watch?.({ failed() {}, full() {}, mended() {} });
  files.remove("a.txt");
  assertEquals(files.read("a.txt"), undefined);
  assertEquals(files.finish?.(), [
    `Cannot remove ${dir}/a.txt: No space left on device`,
  ]);
  stuck = false;
  assertEquals(files.finish?.(), []);
  assertThrows(() => Deno.statSync(`${dir}/a.txt`), Deno.errors.NotFound);
});

Deno.test("what waits is part of a mark: another process writes it", async () => {
  const dir = await Deno.makeTempDir();
  const it = disk();
  const files = runFiles(dir, it.disk);
  files.watch?.({ failed() {}, full() {}, mended() {} });
  files.write("a.txt", "1");
  files.write("b.txt", "1");
  files.mark(1);
  it.full = true;
  files.write("a.txt", "2");
  files.remove("b.txt");
  const marks = decode(encode(files.mark(2)));
  it.full = false;
  const again = runFiles(dir);
  again.putBack(marks);
  again.goOn();
  assertEquals([again.read("a.txt"), again.read("b.txt")], ["2", undefined]);
  assertEquals(again.finish?.(), []);
  assertEquals(Deno.readTextFileSync(`${dir}/a.txt`), "2");
  assertThrows(() => Deno.statSync(`${dir}/b.txt`), Deno.errors.NotFound);
});
