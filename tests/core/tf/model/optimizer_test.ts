import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { optimizerHandle } from "../../../../core/tf/model/optimizer.ts";
import { InputError } from "../../../../core/errors.ts";
import { grown } from "../_models.ts";

const OPTIMIZERS: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  nesterov: () => tf.train.momentum(0.1, 0.9, true),
  rmsprop: () => tf.train.rmsprop(0.1, 0.9, 0.5),
  adam: () => tf.train.adam(0.1),
  adamax: () => tf.train.adamax(0.1),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.1),
};

/** How far each step on the loss `x` moves `x`. */
function steps(optimizer: tf.Optimizer, count: number): number[] {
  const x = tf.variable(tf.scalar(0));
  const moves = Array.from({ length: count }, () => {
    const before = x.dataSync()[0]!;
    optimizer.minimize(() => x.mul(1).asScalar(), false, [x]);
    return x.dataSync()[0]! - before;
  });
  x.dispose();
  return moves;
}

for (const [name, make] of Object.entries(OPTIMIZERS)) {
  Deno.test(`optimizerHandle() sets the learning rate of ${name} from the next step on`, () => {
    const usual = steps(make(), 1)[0]!;
    const optimizer = make();
    const handle = optimizerHandle(optimizer);
    assertEquals(handle.learningRate, 0.1);
    handle.learningRate = 0.05;
    assertEquals(handle.learningRate, 0.05);
    const halved = steps(optimizer, 1)[0]!;
    assert(usual < 0);
    assert(Math.abs(halved - usual / 2) < 1e-6, `${halved} of ${usual}`);
  });
}

for (const name of ["momentum", "nesterov", "rmsprop"]) {
  Deno.test(`optimizerHandle() sets the momentum of ${name} from the next step on`, () => {
    const without = name === "rmsprop"
      ? tf.train.rmsprop(0.1, 0.9, 0)
      : tf.train.momentum(0.1, 0, name === "nesterov");
    const optimizer = OPTIMIZERS[name]!();
    const handle = optimizerHandle(optimizer) as { momentum: number };
    handle.momentum = 0;
    assertEquals(handle.momentum, 0);
    const [, expected] = steps(without, 2);
    const [, moved] = steps(optimizer, 2);
    assert(Math.abs(moved! - expected!) < 1e-7, `${moved} of ${expected}`);
  });
}

Deno.test("optimizerHandle() has no momentum if the optimizer has none", () => {
  for (const name of ["sgd", "adam", "adamax", "adagrad", "adadelta"]) {
    assertFalse("momentum" in optimizerHandle(OPTIMIZERS[name]!()));
  }
});

Deno.test("optimizerHandle() leaks nothing when set 1000 times", async () => {
  for (const make of Object.values(OPTIMIZERS)) {
    const handle = optimizerHandle(make());
    const leaked = await grown(() => {
      for (let i = 1; i <= 1000; i++) {
        handle.learningRate = 1 / i;
        if ("momentum" in handle) handle.momentum = 1 / i;
      }
    });
    assertEquals(leaked, 0);
  }
});

Deno.test("optimizerHandle() rejects rates out of range", () => {
  const handle = optimizerHandle(tf.train.momentum(0.1, 0.9));
  for (const bad of [NaN, -1, Infinity, "0.1" as unknown as number]) {
    assertThrows(
      () => handle.learningRate = bad,
      RangeError,
      `Cannot set the learning rate: it must be a finite number >= 0, current value is ${bad}`,
    );
  }
  assertThrows(
    () => (handle as { momentum: number }).momentum = 1.5,
    RangeError,
    "Cannot set the momentum: it must be a finite number from 0 to 1, current value is 1.5",
  );
  assertEquals(handle.learningRate, 0.1);
});

Deno.test("optimizerHandle() rejects an optimizer without a learning rate", () => {
  const optimizer = tf.train.adam(0.1);
  Reflect.deleteProperty(optimizer, "learningRate");
  assertThrows(
    () => optimizerHandle(optimizer),
    InputError,
    `Cannot control optimizer "Adam": it has no number called "learningRate"`,
  );
});
