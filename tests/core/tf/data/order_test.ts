import { assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import type { HostOptions } from "../../../../core/run/run_options.ts";
import { startPosition } from "../../../../core/run/state.ts";
import {
  fit,
  type FitOptions,
  type Plugin,
  silent,
  type TrainingData,
} from "../../../../mod.ts";
import { grown, linear, numbers } from "../_models.ts";

/** Samples that no two orders of which train alike. */
const samples = Array.from({ length: 7 }, (_, i) => i);
const x = samples.map((i) => [i / 7, Math.sin(i)]);
const y = samples.map((i) => [i % 3]);
const pairs = tf.data.array(samples.map((i) => ({ xs: x[i]!, ys: y[i]! })));

function* batch(...indices: number[]) {
  yield { x: indices.map((i) => x[i]!), y: indices.map((i) => y[i]!) };
}
function* inTurn(epoch: number) {
  for (let i = 0; i < 3; i++) yield* batch((epoch + i) % 7, (2 * i) % 7);
}
function* endless() {
  for (let i = 0;; i++) yield* batch(i % 7, (3 * i) % 7);
}

const set = (make: () => unknown, more: FitOptions = {}) => ({
  make: make as () => TrainingData,
  more,
});

/** Data of all kinds, made anew for each run, and options that go with them. */
const KINDS: Record<string, ReturnType<typeof set>> = {
  "shuffled arrays": set(() => ({ x, y })),
  "shuffled arrays in pieces": set(() => ({ x, y }), { stepsPerEpoch: 3 }),
  "a function of the epoch": set(() => inTurn),
  "a function of the epoch in pieces": set(() => inTurn, { stepsPerEpoch: 2 }),
  "a generator": set(() => endless(), { stepsPerEpoch: 3 }),
  "an async generator": set(async function* () {
    yield* endless();
  }, { stepsPerEpoch: 3 }),
  "a data set": set(() => pairs.batch(2)),
  "a shuffled data set": set(() => pairs.shuffle(4, "seed").batch(2)),
  "a shuffled data set in pieces": set(
    () => pairs.shuffle(4, "seed").batch(2),
    { stepsPerEpoch: 3 },
  ),
  "shuffled, mapped and prefetched": set(() =>
    pairs.map((it) => it).shuffle(7, "seed").batch(3).prefetch(2)
  ),
  "zipped of two that are shuffled alike": set(() => {
    const [xs, ys] = [tf.data.array(x), tf.data.array(y)]
      .map((it) => it.shuffle(5, "seed"));
    return tf.data.zip({ xs: xs!, ys: ys! }).batch(2);
  }),
  "shuffled and repeated": set(() =>
    pairs.shuffle(4, "seed").repeat(2).batch(3)
  ),
  "zipped of repeated ones": set(() => {
    const [xs, ys] = [tf.data.array(x), tf.data.array(y)]
      .map((it) => it.shuffle(5, "seed").repeat(2));
    return tf.data.zip({ xs: xs!, ys: ys! }).batch(5);
  }),
  "shuffled and repeated for ever": set(
    () => pairs.shuffle(4, "seed").repeat().batch(3),
    { stepsPerEpoch: 3 },
  ),
  "a generator that is told the pass": set(() => {
    let pass = 0;
    return tf.data.generator(() => {
      const begin = pass++;
      return (function* () {
        for (let i = 0; i < 3; i++) {
          yield { xs: tf.tensor2d([x[(begin + i) % 7]!]), ys: [y[i]!] };
        }
      })();
    });
  }),
};

const options = { epochs: 3, batchSize: 2, seed: 5, printer: silent() };

interface Cut {
  readonly hook: "onTrainBatchEnd" | "onTestBatchEnd";
  /** How often the hook was called by then. */
  readonly calls: number;
}

/** One run, in one piece or in two. */
async function run(
  { make, more }: ReturnType<typeof set>,
  validate: (() => TrainingData) | undefined,
  cut?: Cut,
) {
  const model = linear({ inputs: 2, optimizer: tf.train.sgd(0.1) });
  const position = startPosition(0);
  const part = (rest: FitOptions & HostOptions) =>
    fit(model, make(), {
      ...{ ...options, ...more, ...rest },
      validationData: validate?.(),
    });
  if (!cut) {
    const { history } = await part({});
    return { history, weights: numbers(model) };
  }
  const giveUp = new AbortController();
  let calls = 0;
  const breaker: Plugin = {
    name: "breaker",
    needs: {},
    [cut.hook]: () => void (++calls === cut.calls && giveUp.abort()),
  };
  const { signal } = giveUp;
  await part({ position, signal, plugins: [breaker] });
  const { history } = await part({
    position: JSON.parse(JSON.stringify(position)),
  });
  return { history, weights: numbers(model) };
}

for (const [name, kind] of Object.entries(KINDS)) {
  Deno.test(`a run over ${name} that is cut anywhere sees the batches of the whole one`, async () => {
    const whole = await run(kind, undefined);
    for (let calls = 1; calls < 9; calls++) {
      const cut = await run(kind, undefined, {
        hook: "onTrainBatchEnd",
        calls,
      });
      assertEquals(cut, whole, `after step ${calls}`);
    }
  });
}

Deno.test("a run that is cut in a validation, or between two, validates on the batches of the whole one", async () => {
  const kinds: [() => TrainingData, FitOptions][] = [
    [() => pairs.shuffle(4, "other").batch(2) as never, {}],
    [() => pairs.shuffle(4, "other").batch(2) as never, { validationSteps: 2 }],
    [
      () => pairs.shuffle(4, "other").repeat().batch(2) as never,
      { validationSteps: 3 },
    ],
    [() => inTurn, { validationSteps: 2 }],
    [() => ({ x, y }), { validationFreq: 2 }],
  ];
  for (const [validate, more] of kinds) {
    const kind = set(() => pairs.shuffle(4, "seed").batch(2), more);
    const whole = await run(kind, validate);
    for (const hook of ["onTrainBatchEnd", "onTestBatchEnd"] as const) {
      for (let calls = 1; calls <= 4; calls++) {
        const cut = await run(kind, validate, { hook, calls });
        assertEquals(cut, whole, `${JSON.stringify(more)} ${hook} ${calls}`);
      }
    }
  }
});

Deno.test("orders of two seeds train differently", async () => {
  const once = async (seed: string, epochs: number) => {
    const model = linear({ inputs: 2, optimizer: tf.train.sgd(0.1) });
    const data = pairs.shuffle(7, seed).batch(1) as never;
    await fit(model, data, { ...options, epochs });
    return numbers(model);
  };
  assertNotEquals(await once("a", 1), await once("b", 1));
});

Deno.test("a run that is cut twice is the whole one too (property)", async () => {
  const kind = KINDS["shuffled and repeated"]!;
  const whole = await run(kind, undefined);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 13 }),
      fc.integer({ min: 1, max: 13 }),
      async (first, second) => {
        const model = linear({ inputs: 2, optimizer: tf.train.sgd(0.1) });
        let position = startPosition(0);
        for (const last of [Math.min(first, second), Math.max(first, second)]) {
          const giveUp = new AbortController();
          await fit(model, kind.make(), {
            ...options,
            ...{ position },
            signal: giveUp.signal,
            plugins: [{
              name: "breaker",
              needs: {},
              onTrainBatchEnd: (_batch, _logs, { step }) =>
                void (step >= last && giveUp.abort()),
            }],
          });
          position = structuredClone(position);
        }
        const { history } = await fit(model, kind.make(), {
          ...options,
          ...{ position },
        });
        assertEquals({ history, weights: numbers(model) }, whole);
      },
    ),
    { numRuns: 15 },
  );
});

Deno.test("batches that are read on are freed", async () => {
  for (const name of Object.keys(KINDS)) {
    const { make, more } = KINDS[name]!;
    const model = linear({ inputs: 2, optimizer: tf.train.sgd(0.1) });
    await fit(model, { x, y }, options);
    const position = startPosition(0);
    Object.assign(position, { epoch: 1, step: 5 });
    Object.assign(position.training, {
      ...{ begun: true, batch: 1 },
      ...more.stepsPerEpoch ? { taken: 3 } : { taken: 1, passes: 1, epoch: 1 },
      sums: { values: { loss: 1 }, weights: { loss: 1 } },
    });
    const leaked = await grown(() =>
      fit(model, make(), { ...options, ...more, ...{ position } })
    );
    assertEquals(leaked, 0, name);
  }
});

Deno.test("a shuffled data set that was read before in this process is doubted, once, and no other", async () => {
  const position = () => {
    const begun = startPosition(0);
    Object.assign(begun, { step: 1 });
    const sums = { values: { loss: 1 }, weights: { loss: 1 } };
    Object.assign(begun.training, { begun: true, batch: 1, taken: 1, sums });
    return begun;
  };
  const lines: string[] = [];
  const printer = {
    ...silent(),
    print: (line: string) => void lines.push(line),
  };
  const go = (data: TrainingData, at?: ReturnType<typeof position>) =>
    fit(linear({ inputs: 2 }), data, {
      ...{ ...options, printer },
      ...at && { position: at },
    });
  const shuffled = pairs.shuffle(4, "seed").batch(2) as never;
  const plain = pairs.batch(2) as never;
  await go(shuffled, position());
  await go(shuffled);
  for (const data of [plain, plain]) await go(data, position());
  assertEquals(lines.filter((it) => it.startsWith("Warning")), []);
  await go(shuffled, position());
  assertEquals(lines.filter((it) => it.startsWith("Warning")), [
    "Warning: a shuffled tf.data.Dataset goes on in another order, as it was read before; make it anew for a run that goes on",
  ]);
});
