import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import fc from "fast-check";
import { startThreadedBackend } from "@hookloop/wasm";
import {
  currentHeap,
  floats,
  memoryOf,
  withScratch,
} from "../../../../core/wasm/runtime/heap.ts";
import {
  mainThreadOnly,
  type SimdCall,
  type ThreadPool,
} from "../../../../core/wasm/runtime/thread_pool.ts";
import { startWorkerPool } from "../../../../core/wasm/runtime/worker_pool.ts";

await startThreadedBackend(2);
const heap = currentHeap();
const memory = memoryOf(heap.backend);

/** Pools of 1 to 4 threads. */
const POOLS: readonly ThreadPool[] = [
  mainThreadOnly(heap.simd),
  ...await Promise.all(
    [2, 3, 4].map((size) => startWorkerPool(heap.simd, memory, size)),
  ),
];

/** What `build` computes with a pool's threads. */
function valuesWith(
  pool: ThreadPool,
  build: () => tf.Tensor,
): ArrayLike<number> {
  const { pool: before } = heap;
  heap.pool = pool;
  try {
    return tf.tidy(() => build().dataSync());
  } finally {
    heap.pool = before;
  }
}

const batches = fc.oneof(
  fc.integer({ min: 60, max: 400 }).map((n) => [[n], [n]]),
  fc.integer({ min: 60, max: 400 }).map((n) => [[1], [n]]),
  fc.tuple(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 12 }))
    .chain(([b, h]) =>
      fc.constantFrom<[number[], number[]]>(
        ...[
          [[b, h], [b, h]],
          [[b, h], [h]],
          [[b, 1], [h]],
          [[b, 1], [1, h]],
          [[b, 1], [b, h]],
          [[1, h], [b, 1]],
        ] as [number[], number[]][],
      )
    ),
);

const product = fc.record({
  batches,
  m: fc.integer({ min: 1, max: 40 }),
  n: fc.integer({ min: 1, max: 40 }),
  k: fc.integer({ min: 20, max: 90 }),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  dtype: fc.constantFrom("float32" as const, "int32" as const),
});

Deno.test("any number of products gives the same bits on 1 to 4 threads", () => {
  fc.assert(
    fc.property(product, ({ batches: [a, b], m, n, k, dtype, ...flags }) => {
      const { transposeA, transposeB } = flags;
      const values = (shape: number[], seed: number) =>
        tf.randomNormal(shape, 0, 9, "float32", seed).cast(dtype);
      const build = () =>
        tf.matMul(
          values([...a!, ...(transposeA ? [k, m] : [m, k])], 1),
          values([...b!, ...(transposeB ? [n, k] : [k, n])], 2),
          transposeA,
          transposeB,
        );
      const [expected, ...others] = POOLS.map((p) => valuesWith(p, build));
      for (const actual of others) assertEquals(actual, expected);
    }),
    { numRuns: 40 },
  );
});

Deno.test("a pool takes lists of any length, also of different lengths", () => {
  for (const pool of POOLS) {
    for (const [own, other] of [[1, 1000], [1000, 1], [3000, 3000]] as const) {
      withScratch(heap, 64, (at) => {
        floats(heap, at, 16).fill(0).fill(1, 8);
        const adds = (to: number, n: number): SimdCall[] =>
          Array.from({ length: n }, () => ["addTo", at + to, at + 32, 1]);
        const lists = Array.from(
          { length: pool.size },
          (_, i) => adds(4 * i, i === 0 ? own : other),
        );
        pool.run(lists);
        const sums = floats(heap, at, pool.size);
        assertEquals([...sums], lists.map((calls) => calls.length));
      });
    }
  }
});

Deno.test("a call that fails on any thread is thrown, and the pool stays usable", () => {
  for (const pool of POOLS) {
    for (let failing = 0; failing < pool.size; failing++) {
      withScratch(heap, 64, (at) => {
        floats(heap, at, 16).fill(0).fill(1, 8);
        const good: SimdCall = ["addTo", at, at + 32, 1];
        const beyond: SimdCall = ["addTo", 2 ** 32 - 64, at + 32, 1];
        const lists = Array.from(
          { length: pool.size },
          (
            _,
            i,
          ): SimdCall[] => [
            i === failing ? beyond : ["addTo", at + 4 * i, at + 32, 1],
          ],
        );
        assertThrows(() => pool.run(lists), Error, "out of bounds");
        // The other threads have finished their part.
        const sums = [...floats(heap, at, pool.size)];
        assertEquals(sums, lists.map((_, i) => i === failing ? 0 : 1));
        pool.run([[good]]);
        pool.run(lists.map(() => []));
        assertEquals(floats(heap, at, 1)[0], failing === 0 ? 1 : 2);
      });
    }
  }
});
