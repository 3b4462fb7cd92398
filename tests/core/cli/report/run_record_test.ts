import { assertEquals, assertThrows } from "@std/assert";
import { runRecord } from "../../../../core/cli/report/run_record.ts";
import { InputError } from "../../../../core/errors.ts";
import type { History } from "../../../../core/run/history.ts";
import type { PlannedRun } from "../../../../core/run/planned_run.ts";

const PLANNED = {
  entries: [{ name: "shout", file: "plugins/shout.ts" }],
  params: { mode: "fit", epochs: 2 },
} as unknown as PlannedRun;

/** The content of the record, without its times. */
function read(dir: string): unknown {
  const { ended: _, ...facts } = JSON.parse(
    Deno.readTextFileSync(`${dir}/run.json`),
  );
  return facts;
}

Deno.test("a record exists from the plan on, and contains the history at the end", async () => {
  const dir = `${await Deno.makeTempDir()}/a/run`;
  const record = runRecord(dir, { seed: 42 });
  record.begun(PLANNED);
  const begun = {
    seed: 42,
    plugins: [{ name: "shout", file: "plugins/shout.ts" }],
    params: { mode: "fit", epochs: 2 },
  };
  assertEquals(read(dir), begun);

  const history = {
    history: { loss: [1, NaN] },
    outcome: { status: "stopped", error: new Error("why") },
  } as unknown as History;
  record.finished({ history, aborted: false });
  assertEquals(read(dir), {
    ...begun,
    history: { loss: [1, "NaN"] },
    outcome: { status: "stopped", error: "why" },
  });
  assertEquals([...Deno.readDirSync(dir)].map(({ name }) => name), [
    "run.json",
  ]);
});

Deno.test("a second run of the same experiment continues the first one's record", async () => {
  const dir = await Deno.makeTempDir();
  const record = runRecord(dir, {});
  record.begun(PLANNED);
  record.begun({ ...PLANNED, entries: [] });
  record.finished({ history: undefined, aborted: true });
  assertEquals(read(dir), {
    plugins: [{ name: "shout", file: "plugins/shout.ts" }],
    params: { mode: "fit", epochs: 2 },
    outcome: { status: "aborted" },
  });
});

Deno.test("a run that was refused before it began leaves no folder", async () => {
  const dir = `${await Deno.makeTempDir()}/run`;
  const record = runRecord(dir, {});
  record.failed(new Error("refused"));
  record.finished({ history: undefined, aborted: false });
  assertThrows(() => Deno.statSync(dir), Deno.errors.NotFound);
});

Deno.test("a run that failed has its error in the record", async () => {
  const dir = await Deno.makeTempDir();
  const record = runRecord(dir, {});
  record.begun({ ...PLANNED, entries: [] });
  record.failed(new Error("disk full"));
  assertEquals(read(dir), {
    plugins: [],
    params: { mode: "fit", epochs: 2 },
    outcome: { status: "failed" },
    error: "disk full",
  });
});

Deno.test("a folder that cannot be created is reported, with what helps", async () => {
  const file = await Deno.makeTempFile();
  const record = runRecord(file, {});
  const error = assertThrows(() => record.begun(PLANNED), InputError);
  assertEquals(
    error.message,
    `Cannot write into the run folder ${file}: a file is in the place of a folder; --run-dir names another folder`,
  );
});
