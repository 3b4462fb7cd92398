import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import fc from "fast-check";
import { type Random, seededRandom } from "../../core/random.ts";

function draw(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

/** sfc32 once more, in big integers, straight from its definition. */
function* sfc32(seed: bigint, stream: bigint): Generator<number> {
  const word = (n: bigint) => BigInt.asUintN(32, n);
  let [a, b, c, counter] = [word(seed), word(seed >> 32n), stream, 1n];
  for (let round = 0;; round++) {
    const result = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word((word(c << 21n) | (c >> 11n)) + result);
    if (round >= 15) yield Number(result) / 2 ** 32;
  }
}

Deno.test("seededRandom() is sfc32 for every seed and stream", () => {
  fc.assert(fc.property(fc.maxSafeNat(), fc.nat(), (seed, stream) => {
    const random = seededRandom(seed, stream);
    const expected = sfc32(BigInt(seed), BigInt(stream));
    for (let i = 0; i < 20; i++) {
      assertEquals(random.next(), expected.next().value);
    }
  }));
});

Deno.test("seededRandom() gives other numbers for another seed or stream", () => {
  const first = draw(seededRandom(1), 8);
  assertNotEquals(draw(seededRandom(2), 8), first);
  assertNotEquals(draw(seededRandom(1 + 2 ** 32), 8), first);
  assertNotEquals(draw(seededRandom(1, 1), 8), first);
});

Deno.test("seededRandom() goes on from a saved state", () => {
  fc.assert(fc.property(fc.maxSafeNat(), fc.nat(50), (seed, before) => {
    const random = seededRandom(seed);
    draw(random, before);
    const saved = JSON.parse(JSON.stringify(random.state));
    const expected = draw(random, 5);
    random.state = saved;
    assertEquals(draw(random, 5), expected);
    const other = seededRandom(0);
    other.state = saved;
    assertEquals(draw(other, 5), expected);
  }));
});

Deno.test("seededRandom() hands out a state that later draws leave alone", () => {
  const random = seededRandom(3);
  const saved = random.state;
  const copy = [...saved];
  random.next();
  assertEquals([...saved], copy);
});

Deno.test("next() is spread evenly from 0 to 1", () => {
  const numbers = draw(seededRandom(4), 20_000);
  assert(numbers.every((n) => n >= 0 && n < 1));
  for (let bin = 0; bin < 10; bin++) {
    const share = numbers.filter((n) => Math.floor(n * 10) === bin).length;
    assertAlmostEquals(share, 2_000, 200); // 4.7 standard deviations
  }
});

Deno.test("normal() has mean 0 and standard deviation 1", () => {
  const random = seededRandom(5);
  const numbers = Array.from({ length: 20_000 }, () => random.normal());
  const mean = numbers.reduce((sum, n) => sum + n) / numbers.length;
  const square = numbers.reduce((sum, n) => sum + n * n) / numbers.length;
  const tail = numbers.filter((n) => Math.abs(n) > 1.96).length;
  assertAlmostEquals(mean, 0, 0.03);
  assertAlmostEquals(square, 1, 0.05);
  assertAlmostEquals(tail / numbers.length, 0.05, 0.007);
});

Deno.test("integer() gives every number below n and no other", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 1, max: 9 }), (seed, n) => {
      const random = seededRandom(seed);
      const seen = new Set(
        Array.from({ length: 300 }, () => random.integer(n)),
      );
      assertEquals([...seen].sort(), Array.from({ length: n }, (_, i) => i));
    }),
  );
});

Deno.test("integer() refuses an n that is not a whole number from 1", () => {
  for (const n of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
    assertThrows(
      () => seededRandom(0).integer(n),
      RangeError,
      `n must be a whole number from 1 to 2^32, current value is ${n}`,
    );
  }
});

Deno.test("seededRandom() refuses a seed that is not a whole number", () => {
  for (const seed of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assertThrows(
      () => seededRandom(seed),
      RangeError,
      `Cannot make a random generator: seed must be a whole number from 0 to 9007199254740991, current value is ${seed}`,
    );
  }
  assertThrows(
    () => seededRandom(0, -1),
    RangeError,
    "stream must be a whole number from 0 to 9007199254740991, current value is -1",
  );
});
