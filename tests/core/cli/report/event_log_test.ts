import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventLog } from "../../../../core/cli/report/event_log.ts";
import { eventsIn } from "../../../../core/cli/report/past_events.ts";
import type { RunEvent } from "../../../../core/events.ts";

function logs(epoch: number, loss = 1): RunEvent {
  return { kind: "logs", hook: "onEpochEnd", epoch, logs: { loss } };
}

/** A log in a fresh folder, whose clock is set by hand. */
function fresh(options: { resumed?: boolean; most?: number } = {}) {
  const dir = Deno.makeTempDirSync();
  const clock = { now: 5000 };
  const lines: string[] = [];
  const log = eventLog(dir, (line) => void lines.push(line), {
    ...options,
    now: () => clock.now,
  });
  return { dir, clock, lines, log, file: `${dir}/events.jsonl` };
}

const epochsIn = (dir: string) =>
  eventsIn(dir).map((event) => event.kind === "logs" ? event.epoch : event);

Deno.test("a log has an event a line, with its time since the run began", () => {
  const { log, clock, file } = fresh();
  log.tell(logs(0));
  clock.now += 1234.6;
  log.tell({ kind: "warning", text: "mind the gap" });
  assertEquals(Deno.readTextFileSync(file), ""); // Nobody waits for the disk.
  log.flush();
  assertEquals(
    Deno.readTextFileSync(file),
    `{"at":0,"kind":"logs","hook":"onEpochEnd","epoch":0,"logs":{"loss":1}}
{"at":1235,"kind":"warning","text":"mind the gap"}
`,
  );
});

Deno.test("NaN and the infinities come back as numbers, and text as text", () => {
  const { dir, log } = fresh();
  const events: RunEvent[] = [
    {
      kind: "logs",
      hook: "onEpochEnd",
      epoch: 0,
      logs: { a: NaN, b: -Infinity, c: 0.1, d: 1e-300 },
    },
    {
      kind: "act",
      by: "x",
      hook: "onEpochEnd",
      epoch: 0,
      what: { kind: "set", setting: "learningRate", value: NaN },
      was: Infinity,
    },
    {
      kind: "act",
      by: "x",
      hook: "onEpochEnd",
      epoch: 0,
      what: { kind: "stop", reason: "NaN" },
    },
  ];
  events.forEach(log.tell);
  log.flush();
  assertEquals(eventsIn(dir), events.map((event) => ({ at: 0, ...event })));
});

Deno.test("what was taken is written soon, though nobody asks for it", async () => {
  const { dir, log } = fresh();
  log.tell(logs(0));
  for (let i = 0; i < 100 && epochsIn(dir).length === 0; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals(epochsIn(dir), [0]);
});

Deno.test("a log goes on from its mark: what came later is dropped, the time goes on", () => {
  const { dir, log, clock } = fresh();
  log.tell(logs(0));
  clock.now += 1000;
  const mark = structuredClone(log.mark());
  log.tell(logs(1));
  log.flush();
  Deno.writeTextFileSync(`${dir}/events.jsonl`, `{"at":9,"ki`, {
    append: true,
  });
  const lines: string[] = [];
  const next = eventLog(dir, (line) => void lines.push(line), {
    resumed: true,
    now: () => clock.now,
  });
  next.tell(logs(7)); // What a run tells of before it is put back.
  assertEquals(epochsIn(dir), [0, 1]);
  next.goOn(mark);
  clock.now += 500;
  next.tell(logs(1, 3));
  next.flush();
  assertEquals([epochsIn(dir), lines], [[0, 1], []]);
  assertEquals(eventsIn(dir)[1], { at: 1500, ...logs(1, 3) });
});

Deno.test("a log of an earlier run is emptied at once, and that of one that goes on is not", () => {
  const { dir, log } = fresh();
  log.tell(logs(0));
  log.flush();
  const resumed = eventLog(dir, () => {}, { resumed: true });
  assertEquals(epochsIn(dir), [0]);
  resumed.tell(logs(5)); // The run failed before it was put back.
  resumed.flush();
  assertEquals(epochsIn(dir), [0]);
  eventLog(dir, () => {});
  assertEquals(epochsIn(dir), []);
});

Deno.test("a file that cannot be written is warned of once; what waited is written when it can be again", () => {
  const { dir, log, lines, file } = fresh();
  Deno.removeSync(dir, { recursive: true });
  Deno.writeTextFileSync(dir, "in the way");
  log.tell(logs(0));
  log.flush();
  log.tell(logs(1));
  log.flush();
  const problem = `Cannot write ${file}: a file is in the place of a folder`;
  assertEquals(lines, [
    `Warning: ${problem}; the run goes on, and it is tried again`,
  ]);
  assertEquals(log.problem, problem);
  Deno.removeSync(dir);
  log.tell(logs(2));
  log.flush();
  assertEquals([epochsIn(dir), log.problem], [[0, 1, 2], undefined]);
});

Deno.test("a disk that fills in mid-line leaves no half line, and what waits is part of a mark", () => {
  const { dir, log, file } = fresh();
  log.tell(logs(0));
  log.flush();
  const whole = Deno.readTextFileSync(file);
  const { writeSync } = Deno.FsFile.prototype;
  try {
    let room = 10;
    Deno.FsFile.prototype.writeSync = function (bytes) {
      if (room === 0) throw new Error("No space left on device");
      const some = bytes.subarray(0, room);
      room -= some.length;
      return writeSync.call(this, some);
    };
    log.tell(logs(1));
    log.flush();
    assertStringIncludes(log.problem!, "No space left on device");
    assertEquals(Deno.readTextFileSync(file), whole);
    const mark = log.mark();
    assertEquals(mark.length, whole.length);
    assertStringIncludes(mark.rest, '"epoch":1');
    Deno.FsFile.prototype.writeSync = writeSync;
    const next = eventLog(dir, () => {}, { resumed: true });
    next.goOn(mark);
    assertEquals(epochsIn(dir), [0, 1]);
  } finally {
    Deno.FsFile.prototype.writeSync = writeSync;
  }
});

Deno.test("for what there is no room, its number is in its place, and said", () => {
  const { dir, log, lines } = fresh({ most: 2 });
  Deno.removeSync(dir, { recursive: true });
  Deno.writeTextFileSync(dir, "in the way");
  for (let epoch = 0; epoch < 5; epoch++) {
    log.tell(logs(epoch));
    log.flush();
  }
  Deno.removeSync(dir);
  log.flush();
  log.tell(logs(5));
  log.flush();
  assertEquals(epochsIn(dir), [0, 1, { at: 0, kind: "lost", lost: 3 }, 5]);
  assertEquals(lines.slice(1), [
    `Warning: ${dir}/events.jsonl is written again; for 3 events there was no room`,
  ]);
});

Deno.test("what an untyped plugin gives for plain data keeps nothing else from being written", () => {
  const { dir, log } = fresh();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  log.tell({
    kind: "act",
    by: "x",
    hook: "onEpochEnd",
    what: { kind: "stop", reason: circle as unknown as string },
  });
  log.tell(logs(1));
  log.flush();
  const written: unknown[] = epochsIn(dir);
  assertEquals(written, [
    { at: 0, kind: "act", problem: "no plain data" },
    1,
  ]);
});

Deno.test("eventsIn() reads what it is asked for, and nothing where there is no log", () => {
  const { dir, log } = fresh();
  log.tell(logs(0));
  log.tell({ kind: "warning", text: "mind the gap" });
  log.flush();
  const warnings = eventsIn(dir, (line) => !line.includes('"kind":"logs"'));
  assertEquals(warnings.length, 1);
  assertEquals(eventsIn(`${dir}/none`), []);
});
