import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import {
  type Batches,
  callbackList,
  type CallbackListOptions,
  type HostOptions,
  type LoopOptions,
} from "../../../core/loop/mod.ts";
import { startPosition } from "../../../core/run/state.ts";
import type { Source } from "../../../core/steps.ts";
import { notebook, scripted, training } from "../_scripted.ts";

/** A position after `done` batches of the first epoch. */
function after(done: number) {
  const position = startPosition(0);
  const sums = { values: { loss: 0 }, weights: { loss: done } };
  Object.assign(position, { step: done });
  Object.assign(position.training, {
    ...{ begun: true, batch: done, taken: done, sums },
  });
  return position;
}

/** A source of `count` batches that cannot be sought, and which of them it has given. */
function plain(count: number): Source<number> & { readonly given: number[] } {
  const given: number[] = [];
  return {
    given,
    *batches() {
      for (let i = 0; i < count; i++) {
        given.push(i);
        yield i;
      }
    },
  };
}

/** A run on a terminal whose clock goes on by 60 ms whenever it is asked: the lines at its bottom. */
async function statusesOf(
  source: Source<number>,
  options: LoopOptions & HostOptions,
): Promise<string[]> {
  const statuses: string[] = [];
  let now = 0;
  await training(scripted(), source, undefined, {
    ...options,
    now: () => now += 60,
    printer: {
      ...{ ...notebook(), interactive: true },
      status: (line) => void statuses.push(line),
    },
  });
  return statuses;
}

Deno.test("while a source is read on to where the run was, a line says how far that is, and goes", async () => {
  const source = plain(12);
  const statuses = await statusesOf(source, { position: after(8) });
  assertEquals(source.given.length, 12);
  assertMatch(
    statuses[0]!,
    /^Reading on to where the run was: batch [1-7] of 8$/,
  );
  assertEquals(statuses.filter((it) => it !== "").length < 8, true);
  assertEquals(statuses.at(-1), "");
});

Deno.test("a source that can be sought shows no line, nor does a run from its beginning", async () => {
  const sought = {
    ...plain(12),
    batchesFrom: (_epoch: number, start: number) =>
      Array.from({ length: 12 - start }, (_, i) => start + i),
  };
  const quiet = [
    await statusesOf(sought, { position: after(8) }),
    await statusesOf(plain(12), {}),
  ];
  assertEquals(quiet.flat().filter((it) => it !== ""), []);
});

Deno.test("passes that have to be read say which they are of how many", async () => {
  const passes: number[] = [];
  const source: Source<number> = {
    ...plain(3),
    skipPass() {
      passes.push(passes.length);
      return Promise.resolve((async function* () {
        yield* [1, 2, 3];
      })());
    },
  };
  const position = after(1);
  Object.assign(position.training, { passes: 2 });
  const statuses = await statusesOf(source, { position });
  assertEquals(passes, [0, 1]);
  assertMatch(
    statuses[0]!,
    /^Reading on to where the run was: batch [1-3] of pass 1 of 2$/,
  );
});

Deno.test("of passes that are over nothing is read where the order of the next ones does not depend on them", async () => {
  const position = after(1);
  Object.assign(position.training, { passes: 2 });
  const source = plain(3);
  await training(scripted(), source, undefined, {
    position: structuredClone(position),
  });
  assertEquals(source.given, [0, 1, 2]);
  let skipped = 0;
  const counting = {
    ...plain(3),
    skipPass: () => (skipped++, Promise.resolve(undefined)),
  };
  await training(scripted(), counting, undefined, { position });
  assertEquals(skipped, 2);
});

Deno.test("an abort is heard between passes that are read", async () => {
  const giveUp = new AbortController();
  let skipped = 0;
  const position = after(1);
  Object.assign(position.training, { passes: 3 });
  await training(
    scripted(),
    {
      ...plain(3),
      skipPass() {
        skipped++;
        giveUp.abort();
        return Promise.resolve(undefined);
      },
    },
    undefined,
    { position, signal: giveUp.signal },
  );
  assertEquals(skipped, 1);
});

Deno.test("data that ended with the pass were asked for one batch more than there are", async () => {
  const { outcome } = await training(scripted(), plain(7), undefined, {
    position: after(8),
  });
  assertEquals(outcome.status, "completed");
});

Deno.test("an abort is heard while data are read on, and the position stays", async () => {
  const giveUp = new AbortController();
  const source = plain(1000);
  const position = after(900);
  const aborting: Source<number> = {
    *batches(epoch) {
      for (const batch of source.batches(epoch) as Iterable<number>) {
        if (batch === 5) giveUp.abort();
        yield batch;
      }
    },
  };
  const { outcome } = await training(scripted(), aborting, undefined, {
    position,
    signal: giveUp.signal,
  });
  assertEquals(outcome.status, "aborted");
  assertEquals(source.given.length, 6);
  assertEquals([position.training.taken, position.step], [900, 900]);
});

Deno.test("data that end before where the run was are refused", async () => {
  for (const count of [0, 3, 6]) {
    await assertRejects(
      () =>
        training(scripted(), plain(count), undefined, { position: after(8) }),
      InputError,
      `Cannot go on with the data: the run had taken 8 batches of them, and now there are ${count}; they must be those that it began with`,
    );
  }
});

/** The batches that a hand-written loop sees from a position on. */
async function seenByHand(
  data: Batches<number>,
  position: ReturnType<typeof after>,
  more: CallbackListOptions & HostOptions = {},
): Promise<number[][]> {
  const options = { epochs: 2, printer: notebook(), ...more, ...{ position } };
  await using list = callbackList(options);
  const seen: number[][] = [];
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches(data)) {
      seen.push([epoch.index, batch.index, batch.data]);
      await batch.end({ loss: 1 });
    }
  }
  return seen;
}

Deno.test("a hand-written loop that goes on sees the batches it has not seen", async () => {
  const closed: number[] = [];
  function* later(epoch: number) {
    try {
      for (const it of [7, 8, 9]) yield Promise.resolve(it);
    } finally {
      closed.push(epoch);
    }
  }
  const expected = [
    ...[[0, 1, 8], [0, 2, 9]],
    ...[[1, 0, 7], [1, 1, 8], [1, 2, 9]],
  ];
  const all: Batches<number>[] = [
    [7, 8, 9],
    new Set([7, 8, 9]),
    later as never,
    async function* (epoch) {
      yield* later(epoch);
    },
  ];
  for (const data of all) {
    assertEquals(await seenByHand(data, after(1)), expected);
  }
  assertEquals(closed, [0, 1, 0, 1]);
});

Deno.test("a hand-written loop may go over data twice in an epoch, also where it goes on in the second pass", async () => {
  const pass = async function* (from: number) {
    for (let i = 0; i < 3; i++) yield await Promise.resolve(from + i);
  };
  const passes: Batches<number>[][] = [
    [[0, 1, 2], [3, 4, 5]],
    [() => pass(0), () => pass(3)],
  ];
  for (const data of passes) {
    for (const done of [0, 2, 3, 4]) {
      const options = { printer: notebook(), position: after(done) };
      await using list = callbackList(options);
      const seen: number[][] = [];
      for await (const epoch of list.epochs(1)) {
        for (const half of data) {
          for await (const batch of epoch.batches(half)) {
            seen.push([batch.index, batch.data]);
            await batch.end({ loss: 1 });
          }
        }
      }
      const all = [0, 1, 2, 3, 4, 5].map((it) => [it, it]);
      assertEquals(seen, all.slice(done));
    }
  }
});

Deno.test("a hand-written loop is refused data that end before where it was", async () => {
  const data: Batches<number>[] = [[7, 8], new Set([7, 8])];
  for (const batches of data) {
    await assertRejects(
      () => seenByHand(batches, after(5)),
      InputError,
      "Cannot go on with the data: the run had taken 5 batches of them, and now there are 2; they must be those that it began with",
    );
  }
});

Deno.test("a hand-written loop that was told to stop in its last batch does no other", async () => {
  const position = after(2);
  await using list = callbackList({
    ...{ epochs: 2, printer: notebook() },
    plugins: [{
      name: "stopper",
      onTrainBegin: (_logs, run) => run.stop("enough"),
    }],
    ...{ position },
  });
  let batches = 0;
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches([1, 2, 3, 4])) {
      batches++;
      await batch.end({ loss: 1 });
    }
  }
  assertEquals(batches, 0);
});

Deno.test("an abort is heard while a hand-written loop reads on", async () => {
  const giveUp = new AbortController();
  const source = plain(1000);
  function* data() {
    for (const batch of source.batches(0) as Iterable<number>) {
      if (batch === 5) giveUp.abort();
      yield batch;
    }
  }
  const { signal } = giveUp;
  assertEquals(await seenByHand(data, after(900), { signal }), []);
  assertEquals(source.given.length, 6);
});

/** Batches 7, 8 and 9, and how often they were closed before their end. */
function closable() {
  let left = [7, 8, 9];
  const data = {
    closed: 0,
    [Symbol.iterator]() {
      left = [7, 8, 9];
      return {
        next: () => {
          const value = left.shift();
          return value === undefined
            ? { done: true as const, value }
            : { done: false as const, value };
        },
        return() {
          data.closed++;
          return { done: true as const, value: undefined };
        },
      };
    },
  };
  return data;
}

Deno.test("data are closed where a loop that goes on is left, and only there", async () => {
  const data = closable();
  assertEquals((await seenByHand(data, after(1), { epochs: 1 })).length, 2);
  assertEquals(data.closed, 0);
  const options = { epochs: 1, position: after(1), printer: notebook() };
  const list = callbackList(options);
  for await (const epoch of list.epochs()) {
    for await (const batch of epoch.batches(data)) {
      await batch.end({ loss: 1 });
      break;
    }
  }
  assertEquals(data.closed, 1);
  await list.fail(new Error("enough"));
});
