/**
 * A random order of samples.
 *
 * @module
 */
import type { Random } from "../random.ts";

/**
 * The indices 0 to `count - 1` in random order, every order equally likely:
 * Fisher and Yates' shuffle in Durstenfeld's form (Algorithm 235, 1964).
 *
 * @param count Number of indices.
 * @param random The source of the order; it advances by `count - 1` draws.
 */
export function shuffled(count: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const chosen = random.integer(last + 1);
    const index = order[chosen]!;
    order[chosen] = order[last]!;
    order[last] = index;
  }
  return order;
}
