import { assertEquals, assertNotEquals } from "@std/assert";
import { digits } from "../../../core/data/digits.ts";

Deno.test("digits() draws grey digits of ten classes, the same for the same seed", () => {
  const { train, validation, classes } = digits({
    train: 200,
    validation: 50,
    seed: 7,
  });
  assertEquals([train.count, train.x.length, train.xShape, classes], [
    200,
    200 * 784,
    [28, 28],
    10,
  ]);
  assertEquals(train.x.every((grey) => grey >= 0 && grey <= 1), true);
  const counts = Map.groupBy(train.y, (label) => label);
  assertEquals(
    [...counts.values()].map((same) => same.length),
    Array(10).fill(20),
  );
  assertEquals(
    digits({ train: 200, validation: 50, seed: 7 }).train.x,
    train.x,
  );
  assertNotEquals(
    digits({ train: 200, validation: 50, seed: 8 }).train.x,
    train.x,
  );
  assertNotEquals(validation.x, train.x.subarray(0, validation.x.length));
});

Deno.test("the classes of digits differ: the mean image of each is nearest to its own", () => {
  const { train, validation } = digits({
    train: 500,
    validation: 500,
    seed: 1,
  });
  const meansOf = ({ x, y }: typeof train) => {
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    y.forEach((label, i) =>
      means[label]!.forEach((_, p) => means[label]![p]! += x[i * 784 + p]! / 50)
    );
    return means;
  };
  const [a, b] = [meansOf(train), meansOf(validation)];
  const distance = (p: Float64Array, q: Float64Array) =>
    p.reduce((sum, v, i) => sum + (v - q[i]!) ** 2, 0);
  b.forEach((mean, label) => {
    const nearest = a.map((other) => distance(mean, other));
    assertEquals(nearest.indexOf(Math.min(...nearest)), label);
  });
});
