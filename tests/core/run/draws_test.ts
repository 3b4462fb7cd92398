import {
  assertEquals,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { callbackList } from "../../../core/loop/callback_list.ts";
import {
  type HostOptions,
  silent,
  type StepContext,
  train,
} from "../../../core/loop/mod.ts";
import { seededRandom } from "../../../core/random.ts";
import {
  drawing,
  drawnAgain,
  handDraws,
  stepAtHand,
} from "../../../core/run/draws.ts";
import { type RunState, startPosition } from "../../../core/run/state.ts";

const quiet = { printer: silent() };
const seeds = fc.maxSafeNat();

/** What each step of a run draws with `draw`. */
async function drawn(
  draw: (context: StepContext) => number | Promise<number>,
  options: HostOptions & { seed?: number },
  steps = 5,
): Promise<number[]> {
  const numbers: number[] = [];
  await train(
    {
      async trainStep(_batch: number, context) {
        numbers.push(await draw(context));
        return { loss: 1 };
      },
    },
    Array(steps).fill(0),
    { ...quiet, ...options },
  );
  return numbers;
}

const later = (milliseconds = 0) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

Deno.test("what a step draws depends on the seed and the step alone (property)", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, fc.nat(4), async (seed, done) => {
      const all = await drawn(({ random }) => random.next(), { seed });
      assertEquals(new Set(all).size, 5);
      const position = { ...startPosition(0), step: done };
      const rest = await drawn(({ random }) => random.next(), {
        ...{ seed, position },
      }, 5 - done);
      assertEquals(rest, all.slice(done));
      const others = await drawn(({ random }) => random.next(), {
        seed: seed === 0 ? 1 : seed - 1,
      });
      assertNotEquals(others, all);
    }),
    { numRuns: 25 },
  );
});

Deno.test("Math.random gives the same numbers to a step that asks it, before and after it waits", async () => {
  const asked = await drawn(({ random }) => random.next(), { seed: 1 });
  assertEquals(await drawn(() => Math.random(), { seed: 1 }), asked);
  const waited = await drawn(async () => {
    await later();
    return Math.random();
  }, { seed: 1 });
  assertEquals(waited, asked);
  const second = await drawn(({ random }) => {
    Math.random();
    return random.next();
  }, { seed: 1 });
  assertEquals(second.some((number) => asked.includes(number)), false);
});

Deno.test("a step is told how many there were before it, over all epochs", async () => {
  const steps: number[] = [];
  const trainStep = (_batch: number, { step }: StepContext) => {
    steps.push(step);
    return { loss: 1 };
  };
  await train({ trainStep }, [1, 2], { epochs: 2, ...quiet });
  assertEquals(steps, [0, 1, 2, 3]);
});

Deno.test("without a seed each run draws its own, and its parameters say which", async () => {
  const run = async (seed?: number) => {
    const numbers: number[] = [];
    const { params } = await train(
      {
        trainStep(_batch: number, { random }) {
          numbers.push(random.next());
          return { loss: 1 };
        },
      },
      [1, 2],
      { seed, ...quiet },
    );
    return { numbers, seed: params.seed };
  };
  const [first, second] = [await run(), await run()];
  assertNotEquals(first, second);
  assertEquals(await run(first.seed), first);
});

Deno.test("outside of steps Math.random is what it was, also where a step throws", async () => {
  const native = Math.random;
  const seen: unknown[] = [];
  const look = () => void seen.push(Math.random);
  const plugin = {
    name: "looks",
    onTrainBegin: look,
    onTrainBatchBegin: look,
    onTrainBatchEnd: look,
    onTrainEnd: look,
  };
  const fail = () => Promise.reject(new Error("no"));
  for (
    const trainStep of [
      () => ({ loss: Math.random() }),
      () => Promise.resolve({ loss: Math.random() }),
      fail,
      () => {
        throw new Error("no");
      },
    ]
  ) {
    await train({ trainStep }, [1, 2], { plugins: [plugin], ...quiet })
      .catch(() => {});
  }
  assertEquals(seen.length, 6 + 6 + 3 + 3);
  assertEquals(seen.every((it) => it === native), true);
  assertEquals(Math.random, native);
});

Deno.test("steps of two runs at once draw as they do alone, and what else runs draws nothing of theirs", async () => {
  const draw = async () => {
    await later();
    const first = Math.random();
    await later();
    return first + Math.random();
  };
  const alone = [
    await drawn(draw, { seed: 1 }),
    await drawn(draw, { seed: 2 }),
  ];
  let over = false;
  const bystander = (async () => {
    const numbers: number[] = [];
    while (!over) {
      numbers.push(Math.random());
      await later();
    }
    return numbers;
  })();
  const together = await Promise.all(
    [1, 2].map((seed) => drawn(draw, { seed })),
  );
  over = true;
  assertEquals(together, alone);
  const numbers = await bystander;
  const streams = await drawn(({ random }) => random.next(), { seed: 1 });
  assertEquals(numbers.length > 5, true);
  assertEquals(numbers.some((it) => streams.includes(it)), false);
});

Deno.test("a validation step draws what depends on the seed, the steps before it and its batch", async () => {
  const run = async (seed: number, epochs: number) => {
    const numbers: number[] = [];
    await train(
      {
        trainStep: () => ({ loss: Math.random() }),
        testStep(_batch: number, { random, step }) {
          numbers.push(step, random.next(), Math.random());
          return { loss: 1 };
        },
      },
      [1, 2],
      { validation: [1, 2], seed, epochs, ...quiet },
    );
    return numbers;
  };
  const [short, long] = [await run(1, 1), await run(1, 2)];
  assertEquals(long.slice(0, 6), short);
  assertEquals(new Set(long).size, 2 + 8);
  assertNotEquals(await run(2, 1), short);
});

Deno.test("a hand-written loop draws the step's numbers between the begin and the end of a batch", async () => {
  const native = Math.random;
  const expected = await drawn(({ random }) => random.next(), { seed: 4 }, 4);
  const numbers: number[] = [];
  const late: Promise<unknown>[] = [];
  const hook = () => {
    assertEquals(stepAtHand(), undefined);
    // What a hook began draws nothing of the step that follows it either.
    late.push(later().then(() => assertEquals(stepAtHand(), undefined)));
  };
  await using list = callbackList({
    ...{ seed: 4, metrics: ["loss"], ...quiet },
    plugins: [{
      name: "waits",
      onTrainBatchBegin: hook,
      onTrainBatchEnd: hook,
    }],
  });
  for await (const epoch of list.epochs(2)) {
    for await (const batch of epoch.batches([1, 2])) {
      await later();
      numbers.push(batch.index === 0 ? Math.random() : batch.random.next());
      await batch.end({ loss: 1 });
      assertEquals(Math.random, native);
    }
  }
  await Promise.all(late);
  assertEquals(numbers, expected);
});

Deno.test("a hand-written loop that is left in a batch leaves Math.random as it was", async () => {
  const native = Math.random;
  const left = async (leave: () => void) => {
    await using list = callbackList(quiet);
    for await (const epoch of list.epochs()) {
      for await (const _ of epoch.batches([1, 2])) leave();
    }
  };
  await assertRejects(
    () =>
      left(() => {
        throw new Error("left");
      }),
    Error,
    "left",
  );
  assertEquals(Math.random, native);
  await assertRejects(() => left(() => {}), Error, "was not ended");
  assertEquals(Math.random, native);
  await assertRejects(async () => {
    await using list = callbackList(quiet);
    await list.onTrainBegin();
    await list.onEpochBegin(0);
    await list.onTrainBatchBegin(0);
    assertNotEquals(Math.random, native);
    throw new Error("left");
  });
  assertEquals(Math.random, native);
});

Deno.test("a seed out of range is refused", async () => {
  for (const seed of [-1, 0.5, NaN, 2 ** 53, "1" as unknown as number]) {
    const refused = "Cannot start as 'seed' must be an integer >= 0";
    assertThrows(() => callbackList({ seed, ...quiet }), Error, refused);
    await assertRejects(() => drawn(() => 0, { seed }), Error, refused);
  }
});

/** A run after so many steps, as far as drawing needs it. */
function runAfter(step: number, seed: number | undefined = 7): RunState {
  const position = { ...startPosition(0), step };
  return { params: { seed }, position } as RunState;
}

const three = () => [Math.random(), Math.random(), Math.random()];

/** The first three numbers of a stream. */
function stream(number: number): number[] {
  const random = seededRandom(7, number);
  return [random.next(), random.next(), random.next()];
}

Deno.test("each step has a stream of its own, above those of the data: a seed gives the same run in the next version", () => {
  const train = (step: number) => drawing(runAfter(step), "train", three)(0);
  assertEquals(train(0), stream(2 ** 32));
  assertEquals(train(5), stream(2 ** 32 + 5));
  assertEquals(train(2 ** 32 + 5), stream(2 ** 32 + 5));
  const state = runAfter(5);
  state.position.testing.batch = 3;
  assertEquals(drawing(state, "test", three)(0), stream(5 * 2 ** 32 + 5));
});

Deno.test("what the last step drew can be drawn again, and nothing else draws it", async () => {
  const own = Math.random;
  const state = runAfter(4);
  const drawn = drawing(state, "train", three)(0);
  state.position.step++;
  assertEquals(drawnAgain(state, three), drawn);
  assertEquals(Math.random, own);
  assertThrows(() =>
    drawnAgain(state, () => {
      throw new Error("it broke");
    })
  );
  assertEquals(Math.random, own);
  const unseeded = { ...runAfter(4), params: {} } as RunState;
  assertEquals(drawnAgain(unseeded, () => "done"), "done");
  assertEquals(drawing(unseeded, "predict", (batch) => batch)(3), 3);
  const late = drawing(state, "train", async () => {
    await 0;
    return Math.random !== own;
  });
  assertEquals([await late(0), Math.random], [true, own]);
});

Deno.test("a step of a hand-written loop that begins ends the one before; ending twice is no error", () => {
  const own = Math.random;
  const state = runAfter(0);
  const draws = handDraws(state);
  assertEquals(draws.random.next(), stream(2 ** 32)[0]);
  draws.begin();
  assertEquals(three(), stream(2 ** 32));
  state.position.step++;
  draws.begin();
  assertEquals(draws.random.next(), stream(2 ** 32 + 1)[0]);
  assertEquals(Math.random(), stream(2 ** 32 + 1)[1]);
  draws.end();
  draws.end();
  assertEquals(Math.random, own);
  assertEquals(stepAtHand(), undefined);
});

Deno.test("of two loops by hand, the one that ends takes only its own step away", () => {
  const [first, second] = [handDraws(runAfter(0)), handDraws(runAfter(9))];
  first.begin();
  second.begin();
  first.end();
  assertEquals(Math.random(), stream(2 ** 32 + 9)[0]);
  second.end();
  assertEquals(stepAtHand(), undefined);
});
