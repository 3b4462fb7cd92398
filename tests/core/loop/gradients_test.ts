import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import {
  gradientChain,
  type Gradients,
  type GradientTransform,
  transformGradients,
} from "../../../core/loop/gradients.ts";

/** Numbers that know whether they were freed. */
interface Box {
  readonly value: number;
  freed: number;
  dispose(): void;
}

function box(value: number): Box {
  return {
    value,
    freed: 0,
    dispose() {
      this.freed++;
    },
  };
}

const context = { step: 3, values: {} };

/** Doubles what `names` lists and hands the rest on; remembers what it made. */
function doubling(made: Box[], names: readonly string[]) {
  return (gradients: Gradients<Box>): Gradients<Box> =>
    Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => {
        if (!names.includes(name)) return [name, gradient];
        const doubled = box(2 * gradient.value);
        made.push(doubled);
        return [name, doubled];
      }),
    );
}

function sync(made: Box[], ...names: string[]): GradientTransform<Box> {
  return { name: "sync", apply: doubling(made, names) };
}

function later(made: Box[], ...names: string[]): GradientTransform<Box> {
  const double = doubling(made, names);
  return {
    name: "later",
    apply: async (gradients) => double(await Promise.resolve(gradients)),
  };
}

function valuesOf(gradients: Gradients<Box> | undefined) {
  return gradients &&
    Object.fromEntries(
      Object.entries(gradients).map(([name, { value }]) => [name, value]),
    );
}

for (const [kind, make] of Object.entries({ sync, later })) {
  Deno.test(`transformGradients() frees what a transform replaced, and nothing else (${kind})`, async () => {
    const made: Box[] = [];
    const given = { a: box(1), b: box(10) };
    const result = await transformGradients<Box>(
      given,
      [make(made, "a"), make(made, "a", "b")],
      context,
    );
    assertEquals(valuesOf(result), { a: 4, b: 20 });
    assertEquals([given.a.freed, given.b.freed], [1, 1]);
    assertEquals(made.map(({ freed }) => freed), [1, 0, 0]);
  });

  Deno.test(`transformGradients() gives back what no transform touched (${kind})`, async () => {
    const given = { a: box(1) };
    const result = await transformGradients<Box>(given, [make([])], context);
    assert(result!.a === given.a);
    assertEquals(given.a.freed, 0);
  });

  Deno.test(`transformGradients() frees all where a transform gives nothing (${kind})`, async () => {
    const made: Box[] = [];
    const given = { a: box(1), b: box(2) };
    const never: GradientTransform<Box> = {
      name: "never",
      apply() {
        throw new Error("nothing comes after nothing");
      },
    };
    const nothing: GradientTransform<Box> = {
      name: "nothing",
      apply: () => undefined,
    };
    const result = await transformGradients<Box>(
      given,
      [make(made, "a"), nothing, never],
      context,
    );
    assertEquals(result, undefined);
    assertEquals([given.a.freed, given.b.freed, made[0]!.freed], [1, 1, 1]);
  });

  Deno.test(`transformGradients() frees all where a transform throws, and names it (${kind})`, async () => {
    const made: Box[] = [];
    const fail = () => {
      throw new RangeError("too steep");
    };
    for (
      const apply of [fail, async () => await Promise.resolve().then(fail)]
    ) {
      const broken: GradientTransform<Box> = { name: "broken", apply };
      const given = { a: box(1), b: box(2) };
      const error = await assertRejects(
        async () =>
          await transformGradients<Box>(
            given,
            [make(made, "a"), broken],
            context,
          ),
        Error,
        `Gradient transform "broken" failed at step 3: too steep`,
      );
      assert(error.cause instanceof RangeError);
      assertEquals([given.a.freed, given.b.freed], [1, 1]);
    }
    assertEquals(made.map(({ freed }) => freed), [1, 1]);
  });
}

Deno.test("transformGradients() waits for nothing unless a transform does", () => {
  const result = transformGradients<Box>({ a: box(1) }, [sync([])], context);
  assert(!(result instanceof Promise));
  assert(
    transformGradients<Box>({ a: box(1) }, [later([])], context) instanceof
      Promise,
  );
});

Deno.test("transformGradients() takes numbers that need no freeing", () => {
  const negate: GradientTransform<number> = {
    name: "negate",
    apply: ({ a }) => ({ a: -a! }),
  };
  assertEquals(transformGradients({ a: 1 }, [negate, negate], context), {
    a: 1,
  });
});

function chainOf(transforms: readonly GradientTransform<Box>[]) {
  const applied: unknown[] = [];
  const variables = { a: box(100) };
  const chain = gradientChain(transforms, {
    variables: () => variables,
    applyGradients: (gradients) => void applied.push(valuesOf(gradients)),
  });
  return { chain, applied, variables };
}

Deno.test("gradientChain() applies what comes out, and frees it", async () => {
  for (const make of [sync, later]) {
    const made: Box[] = [];
    const { chain, applied, variables } = chainOf([make(made, "a")]);
    const given = box(1);
    await chain.apply({ a: given });
    assertEquals(applied, [{ a: 2 }]);
    assertEquals([given.freed, made[0]!.freed], [1, 1]);
    assertEquals(variables.a.freed, 0);
  }
});

Deno.test("gradientChain() tells the step and the values of the variables", () => {
  const told: unknown[] = [];
  const { chain } = chainOf([{
    name: "spy",
    apply(gradients, { step, values }) {
      told.push([step, values.a!.value]);
      return gradients;
    },
  }]);
  chain.apply({ a: box(1) });
  chain.apply({ a: box(1) });
  chain.reset();
  chain.apply({ a: box(1) });
  chain.reset(7);
  chain.apply({ a: box(1) });
  assertEquals(told, [[0, 100], [1, 100], [0, 100], [7, 100]]);
});

Deno.test("gradientChain() applies nothing where nothing comes out", () => {
  const { chain, applied } = chainOf([{ name: "n", apply: () => undefined }]);
  const given = box(1);
  chain.apply({ a: given });
  assertEquals(applied, []);
  assertEquals(given.freed, 1);
});

Deno.test("gradientChain() waits for variables that take their time", async () => {
  let applied = 0;
  const chain = gradientChain<Box>([], {
    variables: () => ({}),
    applyGradients: async ({ a }) => {
      await Promise.resolve();
      assertEquals(a!.freed, 0);
      applied++;
    },
  });
  const given = box(1);
  await chain.apply({ a: given });
  assertEquals([applied, given.freed], [1, 1]);
});

Deno.test("gradientChain() frees the gradients where they cannot be applied", () => {
  const chain = gradientChain<Box>([], {
    variables: () => ({}),
    applyGradients() {
      throw new Error("no such variable");
    },
  });
  const given = box(1);
  assertThrows(() => chain.apply({ a: given }), Error, "no such variable");
  assertEquals(given.freed, 1);
});

Deno.test("gradientChain() resets every transform that can be", () => {
  let resets = 0;
  const reset = () => void resets++;
  const apply = (gradients: Gradients<Box>) => gradients;
  const { chain } = chainOf([
    { name: "a", apply, reset },
    { name: "b", apply },
    { name: "c", apply, reset },
  ]);
  chain.reset();
  assertEquals(resets, 2);
});

Deno.test("transformGradients() tells whatever a transform throws", () => {
  const odd: GradientTransform<number> = {
    name: "odd",
    apply() {
      throw "no room";
    },
  };
  assertThrows(
    () => transformGradients({ w: 1 }, [odd], { step: 3, values: {} }),
    Error,
    'Gradient transform "odd" failed at step 3: no room',
  );
});

/** Passes every second step on; what it saw last is part of a backup. */
function everySecond(name = "every-second"): GradientTransform<Box> {
  let seen = 0;
  return {
    name,
    apply: (gradients) => ++seen % 2 ? undefined : gradients,
    reset: () => void (seen = 0),
    keeps: {
      save: () => seen,
      load: (saved) => void (seen = saved as number),
    },
  };
}

Deno.test("a gradient chain goes on with the count of steps and with what its transforms keep", async () => {
  const applied: number[] = [];
  const steps: number[] = [];
  const target = {
    variables: () => ({}),
    applyGradients: ({ a }: Gradients<Box>) => void applied.push(a!.value),
  };
  const watch: GradientTransform<Box> = {
    name: "watch",
    apply(gradients, { step }) {
      steps.push(step);
      return gradients;
    },
  };
  const make = () =>
    gradientChain([watch, everySecond(), everySecond()], target);
  const first = make();
  for (let i = 0; i < 3; i++) first.apply({ a: box(i) });
  const saved = structuredClone(first.keeps.save());
  const second = make();
  second.reset();
  await second.keeps.load(saved);
  for (let i = 3; i < 8; i++) second.apply({ a: box(i) });
  assertEquals(steps, [0, 1, 2, 3, 4, 5, 6, 7]);
  assertEquals(applied, [3, 7]);
});

Deno.test("a gradient chain refuses what was saved of other transforms", async () => {
  const target = { variables: () => ({}), applyGradients() {} };
  const saved = gradientChain([everySecond(), everySecond("b")], target).keeps
    .save();
  await assertRejects(
    async () =>
      await gradientChain([everySecond("b")], target).keeps.load(saved),
    InputError,
    "Cannot go on with the gradient transforms [every-second, b]: this run has [b]",
  );
});
