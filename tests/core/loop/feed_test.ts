import { assertEquals, assertRejects } from "@std/assert";
import { type Feed, feed } from "../../../core/loop/feed.ts";
import type { Reader } from "../../../core/loop/seek.ts";
import type { RunParams } from "../../../core/plugin.ts";
import { silent } from "../../../core/terminal.ts";
import { startOfPass } from "../../../core/run/state.ts";
import type { Source } from "../../../core/steps.ts";
import { notebook, scripted, training } from "../_scripted.ts";

/** A source of three batches that notes when its passes begin and end. */
function noting(notes: string[]): Source<number> {
  return {
    *batches(epoch) {
      notes.push(`begin ${epoch}`);
      try {
        yield* [1, 2, 3];
      } finally {
        notes.push("end");
      }
    },
  };
}

/** A run that reads, of nothing else. */
function reader(): Reader {
  return {
    printer: silent(),
    signal: new AbortController().signal,
    params: { seed: 1 } as RunParams,
    now: () => 0,
    turned: 0,
  };
}

/** One pass, of at most `most` batches: what came. */
async function pass(
  feed: Feed<number>,
  epoch: number,
  most = feed.limit,
): Promise<number[]> {
  const came: number[] = [];
  await feed.begin(epoch, reader());
  let ranOut = false;
  while (came.length < most) {
    const next = await feed.next();
    if (next.done) {
      ranOut = true;
      break;
    }
    came.push(next.value);
    feed.at.batch++;
  }
  feed.over(ranOut, came.at(-1)!);
  await feed.end();
  return came;
}

Deno.test("without a limit each pass is the whole source, and its steps are known after the first", async () => {
  const notes: string[] = [];
  const all = feed(noting(notes), startOfPass());
  assertEquals(all.steps, undefined);
  assertEquals(await pass(all, 0), [1, 2, 3]);
  assertEquals(all.steps, 3);
  assertEquals(await pass(all, 1), [1, 2, 3]);
  assertEquals(notes, ["begin 0", "end", "begin 1", "end"]);
});

Deno.test("a pass that is left early tells nothing of the steps, and is closed", async () => {
  const notes: string[] = [];
  const all = feed(noting(notes), startOfPass());
  assertEquals(await pass(all, 0, 2), [1, 2]);
  assertEquals(all.steps, undefined);
  assertEquals(notes, ["begin 0", "end"]);
});

Deno.test("what a source says of its steps counts", async () => {
  const source = { steps: 5, batches: () => [1, 2, 3] };
  const all = feed(source, startOfPass());
  await pass(all, 0);
  assertEquals(all.steps, 5);
});

Deno.test("with a limit a pass goes on where the last one ended, and begins anew once the data ran out", async () => {
  const notes: string[] = [];
  const some = feed(noting(notes), startOfPass(), 2);
  const passes: number[][] = [];
  for (let epoch = 0; epoch < 4; epoch++) passes.push(await pass(some, epoch));
  assertEquals(passes, [[1, 2], [3], [1, 2], [3]]);
  assertEquals(notes, ["begin 0", "end", "begin 2", "end"]);
  assertEquals(some.steps, 2);
});

Deno.test("with a limit anew each pass begins at the beginning", async () => {
  const notes: string[] = [];
  const some = feed(noting(notes), startOfPass(), 2, true);
  assertEquals([await pass(some, 0), await pass(some, 1)], [[1, 2], [1, 2]]);
  assertEquals(notes, ["begin 0", "end", "begin 1", "end"]);
});

Deno.test("steps are those of the source, or the limit where that is less", () => {
  const steps = (known: number | undefined, limit?: number) =>
    feed({ steps: known, batches: () => [] }, startOfPass(), limit).steps;
  assertEquals(steps(3), 3);
  assertEquals(steps(3, 2), 2);
  assertEquals(steps(3, 5), 3);
  assertEquals(steps(undefined, 5), 5);
});

Deno.test("a source that can begin at a batch is opened there alone", async () => {
  const asked: string[] = [];
  const source: Source<number> = {
    batches(epoch) {
      asked.push(`all of ${epoch}`);
      return [1, 2, 3];
    },
    batchesFrom(epoch, start) {
      asked.push(`${epoch} from ${start}`);
      return [1, 2, 3].slice(start);
    },
  };
  const at = { ...startOfPass(), epoch: 4, batch: 2, taken: 2 };
  assertEquals(await pass(feed(source, at), 4), [3]);
  assertEquals(asked, ["4 from 2"]);
});

Deno.test("the last batch of each pass is freed", async () => {
  const freed: number[] = [];
  const source = {
    ...noting([]),
    free: (batch: number) => void freed.push(batch),
  };
  await pass(feed(source, startOfPass()), 0);
  await training(scripted(), source, source, { epochs: 2, stepsPerEpoch: 2 });
  assertEquals(freed, [3, 2, 3, 3, 3]);
});

/** Batches that can be closed, in a way of their own. */
function closing(close: () => Promise<unknown>): Source<number> {
  return {
    batches: () => ({
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ value: 1, done: false }),
        return: async () => {
          await close();
          return { value: undefined, done: true };
        },
      }),
    }),
  };
}

const oneBatch = { stepsPerEpoch: 1 };

Deno.test("a source that takes its time to close is waited for, and a failure of it is one of the run", async () => {
  let closed = false;
  const slow = closing(async () => {
    await new Promise((resolve) => setTimeout(resolve));
    closed = true;
  });
  await training(scripted(), slow, undefined, oneBatch);
  assertEquals(closed, true);
  const broken = closing(() => Promise.reject(new Error("not closed")));
  await assertRejects(
    () => training(scripted(), broken, undefined, oneBatch),
    Error,
    "not closed",
  );
});

Deno.test("a source that never closes does not keep the run", async () => {
  const never = closing(() => new Promise(() => {}));
  const ending = training(scripted(), never, undefined, oneBatch);
  await new Promise((resolve) => setTimeout(resolve));
  // As Deno does once it has nothing left to do.
  globalThis.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  assertEquals((await ending).outcome.status, "completed");
});

/** Four batches, and what the source was asked for. */
function asked(more: Partial<Source<number>> = {}) {
  const calls: unknown[][] = [];
  const source: Source<number> = {
    steps: 4,
    batches(...args) {
      calls.push(["batches", ...args]);
      return [0, 1, 2, 3];
    },
    batchesFrom(...args) {
      calls.push(["batchesFrom", ...args]);
      return [0, 1, 2, 3].slice(args[1]);
    },
    skipPass() {
      calls.push(["skipPass"]);
      return Promise.resolve(undefined);
    },
    free: (batch) => void calls.push(["free", batch]),
    ...more,
  } as Source<number>;
  const printer = notebook();
  const { signal } = new AbortController();
  const run = { printer, signal, params: { seed: 7 }, now: () => 0, turned: 0 };
  return { calls, source, run: run as unknown as Reader, lines: printer.lines };
}

Deno.test("a source is sought where it was left: after its passes, in the epoch in which it began", async () => {
  const { calls, source, run, lines } = asked({
    doubt: () => Promise.resolve("the order may be another"),
  });
  const at = { ...startOfPass(), epoch: 2, taken: 1, batch: 1, passes: 2 };
  const data = feed(source, at);
  await data.begin(5, run);
  assertEquals(calls, [["skipPass"], ["skipPass"], ["batchesFrom", 2, 1, 7]]);
  assertEquals(lines, ["Warning: the order may be another"]);
  assertEquals(data.next(), { done: false, value: 1 });
  assertEquals(at.taken, 2);
});

Deno.test("between two passes a source begins the next one, which is not sought", async () => {
  const { calls, source, run, lines } = asked();
  const at = { ...startOfPass(), passes: 3 };
  await feed(source, at).begin(5, run);
  const skips = Array(3).fill(["skipPass"]);
  assertEquals(calls, [...skips, ["batches", 5, 7]]);
  assertEquals([at.epoch, at.passes, lines], [5, 3, []]);
});

Deno.test("a run from its beginning seeks nothing, in no pass, and counts them", async () => {
  const { calls, source, run } = asked({ doubt: fail as never });
  const at = startOfPass();
  const data = feed(source, at);
  for (const epoch of [0, 1, 2]) {
    assertEquals(data.begin(epoch, run), undefined);
    assertEquals([at.epoch, at.passes], [epoch, epoch]);
    data.over(true, undefined);
    await data.end();
  }
  assertEquals(calls, [0, 1, 2].map((epoch) => ["batches", epoch, 7]));
});

function fail(): never {
  throw new Error("nothing is sought");
}

Deno.test("data that go on over two passes keep where they began, and begin anew at their end", async () => {
  const { calls, source, run } = asked();
  const at = startOfPass();
  const data = feed(source, at, 2);
  const seen: unknown[] = [];
  for (const epoch of [0, 1, 2]) {
    await data.begin(epoch, run);
    for (at.batch = 0; at.batch < data.limit; at.batch++) {
      seen.push(((await data.next()) as { value: number }).value);
    }
    data.over(false, seen.at(-1) as number);
    await data.end();
    const { taken, epoch: began, passes } = at;
    const expected = [[2, 0, 0], [0, 0, 1], [2, 2, 1]];
    assertEquals([taken, began, passes], expected[epoch]);
  }
  assertEquals(seen, [0, 1, 2, 3, 0, 1]);
  assertEquals(calls.filter(([name]) => name === "batches"), [
    ["batches", 0, 7],
    ["batches", 2, 7],
  ]);
});

Deno.test("of passes that must be read again, a validation that was cut reads as many batches as it took", async () => {
  for (const [restarts, read] of [[true, 2], [false, 4]] as const) {
    let given = 0;
    const { source, run } = asked({
      skipPass: () =>
        Promise.resolve((async function* () {
          for (let i = 0; i < 4; i++) {
            given++;
            yield i;
          }
        })()),
    });
    const at = { ...startOfPass(), passes: 1 };
    await feed(source, at, 2, restarts).begin(1, run);
    assertEquals(given, read);
  }
});
