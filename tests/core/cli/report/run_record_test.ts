import { assertEquals, assertThrows } from "@std/assert";
import { runRecord } from "../../../../core/cli/report/run_record.ts";
import { InputError } from "../../../../core/errors.ts";

function read(dir: string): unknown {
  return JSON.parse(Deno.readTextFileSync(`${dir}/run.json`));
}

/** A record of a fresh folder, whose clock is set by hand. */
function fresh(facts = {}) {
  const dir = Deno.makeTempDirSync();
  const lines: string[] = [];
  const clock = { now: 0, perRead: 0 };
  const record = runRecord(
    dir,
    facts,
    (line) => void lines.push(line),
    () => clock.now += clock.perRead,
  );
  return { dir, lines, clock, record };
}

Deno.test("a record grows: facts are added, and brought up to date", () => {
  const { dir, record } = fresh({ seed: 42 });
  assertEquals(read(dir), { seed: 42 });
  record.add({ epoch: [0] });
  record.add({ epoch: [0, 1], outcome: { status: "completed" } });
  assertEquals(read(dir), {
    seed: 42,
    epoch: [0, 1],
    outcome: { status: "completed" },
  });
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), [
    "run.json",
  ]);
});

Deno.test("what JSON does not have is written as text: NaN, errors, functions", () => {
  const { dir, record } = fresh();
  const loss = () => 0;
  record.add({ values: [1, NaN, -Infinity], error: new Error("why"), loss });
  assertEquals(read(dir), {
    values: [1, "NaN", "-Infinity"],
    error: "why",
    loss: "function loss",
  });
});

Deno.test("facts that come often are left for later where writing takes long", () => {
  const { dir, clock, record } = fresh();
  clock.perRead = 2000; // Milliseconds from one look at the clock to the next.
  record.follow(() => ({ epoch: 0 }));
  record.follow(() => ({ epoch: 1 }));
  assertEquals(read(dir), { epoch: 0 });
  clock.now += 20 * 2000;
  record.follow(() => ({ epoch: 2 }));
  assertEquals(read(dir), { epoch: 2 });
});

Deno.test("a record that cannot be written is warned of once, and tried again", () => {
  const { dir, lines, record } = fresh({ seed: 1 });
  Deno.removeSync(dir, { recursive: true });
  Deno.writeTextFileSync(dir, "in the way");
  record.add({ epoch: 0 });
  record.add({ epoch: 1 });
  const problem =
    `Cannot write ${dir}/run.json: a file is in the place of a folder`;
  assertEquals(lines, [
    `Warning: ${problem}; the run goes on, and it is tried again`,
  ]);
  assertEquals(record.problem, problem);
  Deno.removeSync(dir);
  record.add({ epoch: 2 });
  assertEquals(read(dir), { seed: 1, epoch: 2 });
  assertEquals(record.problem, undefined);
});

Deno.test("a record that cannot even be begun is an error", () => {
  const file = Deno.makeTempFileSync();
  assertThrows(
    () => runRecord(file, {}, () => {}),
    InputError,
    `Cannot write ${file}/run.json: a file is in the place of a folder`,
  );
});
