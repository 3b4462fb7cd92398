import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { GradientTransform } from "../../../core/loop/gradients.ts";
import { OptionError } from "../../../core/plugin.ts";
import { useBackend } from "../../../core/tf/backend.ts";
import { accumulate } from "../../../core/tf/accumulate.ts";
import {
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
} from "../../../core/tf/gradient_transforms.ts";
import { grown } from "./_models.ts";

type Numbers = Record<string, number[]>;

const context = { step: 0, values: {} };

/** What a transform returns for gradients; undefined if it returns none. Frees everything but what it keeps. */
async function applied(
  transform: GradientTransform<tf.Tensor>,
  gradients: Numbers,
): Promise<Numbers | undefined> {
  const given: Record<string, tf.Tensor> = {};
  for (const name in gradients) given[name] = tf.tensor1d(gradients[name]!);
  const result = await transform.apply(given, context);
  const numbers: Numbers = {};
  for (const name in result) {
    numbers[name] = [...await result[name]!.data() as Float32Array];
  }
  tf.dispose([given, result ?? {}]);
  return result && numbers;
}

function assertClose(actual: Numbers | undefined, expected: Numbers): void {
  assertEquals(Object.keys(actual!), Object.keys(expected));
  for (const name in expected) {
    expected[name]!.forEach((value, i) => {
      const got = actual![name]![i]!;
      if (Number.isFinite(value)) assertAlmostEquals(got, value, 1e-6, name);
      else assertEquals(got, value, name);
    });
  }
}

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`clipByValue() clips number by number (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    const clip = clipByValue(0.5);
    assertClose(
      await applied(clip, { a: [-2, -0.5, 0.25, 3], b: [0.5] }),
      { a: [-0.5, -0.5, 0.25, 0.5], b: [0.5] },
    );
    assertClose(
      await applied(clip, { a: [NaN, 2, Infinity, -Infinity] }),
      { a: [NaN, 0.5, Infinity, -Infinity] },
    );
  });

  Deno.test(`clipByNorm() scales each gradient by its own norm (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    const clip = clipByNorm(2.5);
    // |(3, 4)| = 5, so half of it; |(0, 1)| = 1 stays.
    assertClose(
      await applied(clip, { a: [3, 4], b: [0, 1], c: [0, 0] }),
      { a: [1.5, 2], b: [0, 1], c: [0, 0] },
    );
    assertClose(
      await applied(clip, { a: [NaN, 9], b: [30, 40], c: [Infinity, 9] }),
      { a: [NaN, 9], b: [1.5, 2], c: [Infinity, 9] },
    );
  });

  Deno.test(`clipByGlobalNorm() scales all by the norm of all (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    const clip = clipByGlobalNorm(6.5);
    // sqrt(3² + 4² + 12²) = 13, so half of each.
    assertClose(
      await applied(clip, { a: [3, 4], b: [12] }),
      { a: [1.5, 2], b: [6] },
    );
    assertClose(await applied(clip, { a: [3, 4] }), { a: [3, 4] });
    assertClose(await applied(clip, { a: [0], b: [0] }), { a: [0], b: [0] });
    assertClose(
      await applied(clip, { a: [NaN, 9], b: [30, 40] }),
      { a: [NaN, 9], b: [30, 40] },
    );
    assertEquals(await applied(clip, {}), {});
  });

  Deno.test(`accumulate() returns the mean of every few steps (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    const three = accumulate(3);
    for (let round = 0; round < 2; round++) {
      assertEquals(await applied(three, { a: [1, 0], b: [3] }), undefined);
      // A variable without a gradient counts as one of 0.
      assertEquals(await applied(three, { a: [2, 0] }), undefined);
      assertClose(await applied(three, { a: [6, -3], b: [3] }), {
        a: [3, -1],
        b: [2],
      });
    }
    three.reset!();
  });
}

Deno.test("accumulate() starts over after a reset, and 1 step means every step", async () => {
  await useBackend("cpu");
  const two = accumulate(2);
  assertEquals(await applied(two, { a: [100] }), undefined);
  two.reset!();
  assertEquals(await applied(two, { a: [1] }), undefined);
  assertClose(await applied(two, { a: [3] }), { a: [2] });
  assertClose(await applied(accumulate(1), { a: [5] }), { a: [5] });
});

Deno.test("gradient transforms leak nothing, and leave their inputs alone", async () => {
  await useBackend("cpu");
  for (
    const transform of [
      clipByValue(1),
      clipByNorm(1),
      clipByGlobalNorm(1),
      accumulate(2),
    ]
  ) {
    const leaked = await grown(async () => {
      for (let i = 0; i < 5; i++) await applied(transform, { a: [3], b: [4] });
      const given = tf.tensor1d([3]);
      const result = await transform.apply({ a: given }, context);
      assert(!given.isDisposed);
      tf.dispose([given, result ?? {}]);
      transform.reset?.();
      transform.reset?.();
    });
    assertEquals(leaked, 0, transform.name);
  }
});

Deno.test("gradient transforms reject options out of range", () => {
  for (const bad of [0, -1, NaN, Infinity, "1" as unknown as number]) {
    assertThrows(
      () => clipByValue(bad),
      OptionError,
      `Cannot create clip-by-value as 'limit' must be a finite number > 0: current value is ${bad}`,
    );
    assertThrows(() => clipByNorm(bad), OptionError, "clip-by-norm as 'max'");
    assertThrows(
      () => clipByGlobalNorm(bad),
      OptionError,
      "clip-by-global-norm as 'max'",
    );
  }
  for (const bad of [0, 1.5, -1, NaN]) {
    assertThrows(
      () => accumulate(bad),
      OptionError,
      `Cannot create accumulate as 'steps' must be an integer >= 1: current value is ${bad}`,
    );
  }
});

for (const backend of ["cpu", "wasm"] as const) {
  Deno.test(`accumulate() goes on bit for bit in another process, where variables have other names (${backend})`, async () => {
    await useBackend(backend, { threads: 1 });
    const gradients = (step: number, [a, b]: [string, string]): Numbers => ({
      ...step % 2 ? {} : { [a]: [Math.sin(step), step / 3] },
      [b]: [1 / (step + 3)],
    });
    const step = async (
      transform: GradientTransform<tf.Tensor>,
      at: number,
      names: [string, string],
    ) => {
      const values = { [names[0]]: tf.scalar(0), [names[1]]: tf.scalar(0) };
      const given = Object.fromEntries(
        Object.entries(gradients(at, names)).map((
          [name, numbers],
        ) => [name, tf.tensor1d(numbers)]),
      );
      const result = await transform.apply(given, { step: at, values });
      const numbers = Object.entries(result ?? {}).map((
        [name, tensor],
      ) => [names.indexOf(name), ...tensor.dataSync()]);
      tf.dispose([given, values, result ?? {}]);
      return numbers;
    };
    const before = tf.memory().numTensors;
    const unbroken = accumulate(3);
    const expected: unknown[] = [];
    for (let i = 0; i < 9; i++) {
      expected.push(await step(unbroken, i, ["d_Dense1/k", "d_Dense1/b"]));
    }
    for (const at of [0, 1, 2, 3, 5]) {
      const first = accumulate(3);
      for (let i = 0; i < at; i++) {
        await step(first, i, ["d_Dense1/k", "d_Dense1/b"]);
      }
      let resumed = first;
      // Broken twice, without a step in between.
      for (let times = 0; times < 2; times++) {
        const saved = structuredClone(resumed.keeps!.save());
        resumed.reset!();
        resumed = accumulate(3);
        await resumed.keeps!.load(saved);
      }
      const rest: unknown[] = [];
      for (let i = at; i < 9; i++) {
        rest.push(await step(resumed, i, ["d_Dense7/k", "d_Dense7/b"]));
      }
      assertEquals(rest, expected.slice(at), `from step ${at}`);
    }
    assertEquals(tf.memory().numTensors, before);
  });
}
