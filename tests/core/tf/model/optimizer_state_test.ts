import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { useBackend } from "../../../../core/tf/backend.ts";
import { optimizerHandle } from "../../../../core/tf/model/optimizer.ts";
import { variableWeights } from "../../../../core/tf/model/weights.ts";

tf.enableProdMode();

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.1, 0.9, 0.5),
  centered: () => tf.train.rmsprop(0.1, 0.9, 0.5, undefined, true),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1, 0.9, 0.999, undefined, 0.01),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

/** Two variables, an optimizer that pulls them toward a target, and their store. */
function training(make: () => tf.Optimizer) {
  const variables = [
    tf.variable(tf.tensor1d([1, -2])),
    tf.variable(tf.scalar(3)),
  ];
  const optimizer = make();
  const step = () =>
    optimizer.minimize(
      () =>
        variables[0]!.sub(0.5).square().sum().add(
          variables[1]!.mul(variables[0]!).sum().square(),
        ).asScalar(),
      false,
      variables,
    );
  return {
    optimizer,
    weights: variableWeights(variables, optimizer),
    train(steps: number): number[] {
      for (let i = 0; i < steps; i++) step();
      return variables.flatMap((variable) => [...variable.dataSync()]);
    },
    dispose() {
      tf.dispose(variables);
      optimizer.dispose();
    },
  };
}

for (const backend of ["cpu", "wasm"] as const) {
  for (const [name, make] of Object.entries(OPTIMIZERS)) {
    Deno.test(`snapshot({ optimizer: true }) goes back to the same steps with ${name} on ${backend} (property)`, async () => {
      await useBackend(backend, { threads: 1 });
      fc.assert(
        fc.property(
          fc.nat({ max: 3 }),
          fc.integer({ min: 1, max: 4 }),
          (before, after) => {
            const { weights, train, dispose } = training(make);
            const start = train(before);
            const tensors = tf.memory().numTensors;
            const snapshot = weights.snapshot({ optimizer: true });
            const first = train(after);
            for (let i = 0; i < 2; i++) {
              weights.restore(snapshot);
              assertEquals(train(0), start);
              if (i === 0) assertEquals(train(after), first);
            }
            snapshot.dispose();
            // Everything created after the snapshot is gone, including the
            // copies.
            assertEquals(tf.memory().numTensors, tensors);
            dispose();
          },
        ),
        { numRuns: 10 },
      );
    });
  }
}

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`restore() puts back missing slots of ${name}, and its settings`, async () => {
    await useBackend("cpu");
    const { optimizer, weights, train, dispose } = training(make);
    const handle = optimizerHandle(optimizer) as { learningRate: number };
    const empty = weights.snapshot({ optimizer: true });
    train(2);
    handle.learningRate = 0.05;
    const full = weights.snapshot({ optimizer: true });
    const expected = train(3);
    weights.restore(empty);
    assertEquals(handle.learningRate, 0.1);
    weights.restore(full);
    assertEquals(handle.learningRate, 0.05);
    train(3).forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-7)
    );
    empty.dispose();
    full.dispose();
    dispose();
  });
}

Deno.test("restore() leaves the optimizer alone if the snapshot holds only weights", async () => {
  await useBackend("cpu");
  const { optimizer, weights, train } = training(OPTIMIZERS.adam!);
  const snapshot = weights.snapshot({ optimizer: false });
  train(2);
  weights.restore(snapshot);
  assertEquals(optimizer.iterations, 2);
});
