import { assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { seededRandom } from "../../../core/random.ts";
import { shuffled } from "../../../core/data/shuffle.ts";

Deno.test("shuffled() contains every index once", () => {
  fc.assert(fc.property(fc.nat(200), fc.maxSafeNat(), (count, seed) => {
    assertEquals(
      shuffled(count, seededRandom(seed)).sort(),
      Uint32Array.from({ length: count }, (_, i) => i),
    );
  }));
});

Deno.test("shuffled() repeats for the same seed and differs for another, and from draw to draw", () => {
  const random = seededRandom(7);
  const first = shuffled(100, random);
  assertEquals(shuffled(100, seededRandom(7)), first);
  assertNotEquals(shuffled(100, seededRandom(8)), first);
  assertNotEquals(shuffled(100, random), first);
});

Deno.test("shuffled() gives each of the six orders of three equally often", () => {
  const random = seededRandom(9);
  const times = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const order = shuffled(3, random).join();
    times.set(order, (times.get(order) ?? 0) + 1);
  }
  assertEquals(times.size, 6);
  for (const count of times.values()) assertAlmostEquals(count, 1_000, 150);
});
