import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import { currentHeap, memoryOf } from "../../../../core/wasm/runtime/heap.ts";
import { mainThreadOnly } from "../../../../core/wasm/runtime/thread_pool.ts";
import { startThreadedBackend } from "@hookloop/wasm";
import { asStock } from "../_stock.ts";

const threads = await startThreadedBackend(3);

Deno.test("startThreadedBackend() puts tf.js on shared memory, with a pool", async () => {
  const heap = currentHeap();
  assert(memoryOf(heap.backend).buffer instanceof SharedArrayBuffer);
  assertEquals([threads, heap.pool.size], [3, 3]);
  assertEquals(await startThreadedBackend(3), 3);
  assertEquals(await startThreadedBackend(1), 3);
  assertEquals(currentHeap().pool, heap.pool);
});

Deno.test("startThreadedBackend() refuses a number of threads that makes no sense", async () => {
  await assertRejects(
    () => startThreadedBackend(0),
    RangeError,
    "current value is 0",
  );
});

/** Sizes that are worth sharing, and do not come in equal parts. */
const KERNELS: Record<string, () => tf.Tensor[]> = {
  "a product": () => [tf.matMul(normal([151, 100], 1), normal([100, 403], 2))],
  "products transposed": () => [
    tf.matMul(normal([300, 151], 1), normal([83, 300], 2), true, true),
    tf.matMul(normal([5, 60, 70], 1), normal([5, 70, 80], 2)),
  ],
  "a product of integers": () => [
    tf.matMul(integers([151, 100]), integers([100, 403])),
    tf.matMul(integers([5, 70, 60]), integers([5, 80, 70]), true, true),
  ],
  "a convolution": () =>
    gradients((x, f) => tf.conv2d(x, f, 1, "same"), [5, 14, 15, 16], 24),
  "a depthwise convolution": () =>
    gradients(
      (x, f) => tf.depthwiseConv2d(x, f, 1, "same"),
      [5, 44, 45, 16],
      1,
    ),
  "pools": () => [
    ...gradients((x) => tf.maxPool(x, 3, 2, "same"), [5, 84, 85, 19], 1),
    ...gradients((x) => tf.avgPool(x, 3, 2, "same"), [5, 84, 85, 19], 1),
  ],
  "a bias and relu": () => {
    const layer = (x: tf.Tensor, b: tf.Tensor) => tf.relu(tf.add(x, b));
    const x = normal([7001, 83], 1), b = normal([83], 2);
    return [layer(x, b), ...tf.grads(layer)([x, b], normal(x.shape, 3))];
  },
};

for (const [name, run] of Object.entries(KERNELS)) {
  Deno.test(`threads share ${name} and give what cpu gives`, async () => {
    const [expected, actual] = [await on("cpu", run), await on("wasm", run)];
    expected.forEach((e, i) => assertNear(actual[i]!, e));
  });
}

for (const [name, run] of Object.entries(KERNELS)) {
  Deno.test(`${name} has the same bits on any number of threads`, async () => {
    await tf.setBackend("wasm");
    const heap = currentHeap(), { pool } = heap;
    const alone = mainThreadOnly(heap.simd);
    const all = [];
    for (const some of [alone, { ...pool, size: 2 }, pool]) {
      heap.pool = some;
      all.push(await on("wasm", run));
    }
    const [one, two, three] = all;
    assertEquals(two, one);
    assertEquals(three, one);
  });
}

Deno.test("threads share an optimizer's update and give what tf.js gives", async () => {
  await tf.setBackend("wasm");
  const w = tf.variable(normal([400_003], 1)), v = tf.variable(w.clone());
  const fused = tf.train.adam(0.1), stock = asStock(tf.train.adam(0.1));
  for (let i = 0; i < 3; i++) {
    const tensor = normal([400_003], 2 + i);
    fused.applyGradients([{ name: w.name, tensor }]);
    stock.applyGradients([{ name: v.name, tensor }]);
  }
  assertNear(w.dataSync(), v.dataSync());
});

function normal(shape: number[], seed: number): tf.Tensor4D {
  return tf.randomNormal(
    shape,
    0,
    1,
    "float32",
    seed,
  ) as unknown as tf.Tensor4D;
}

function integers(shape: number[]): tf.Tensor {
  return tf.cast(tf.mul(normal(shape, 1), 100), "int32");
}

/** Result and both gradients of a function of an image and a filter. */
function gradients(
  f: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor,
  shape: [number, number, number, number],
  filters: number,
): tf.Tensor[] {
  const x = normal(shape, 1),
    filter = normal([3, 3, shape[3], filters], 2),
    y = f(x, filter);
  const g = (x: tf.Tensor, filter: tf.Tensor) =>
    f(x as tf.Tensor4D, filter as tf.Tensor4D);
  if (f.length === 1) {
    return [
      y,
      tf.grad((x) => g(x, filter))(x, normal(y.shape, 3)),
    ];
  }
  return [y, ...tf.grads(g)([x, filter], normal(y.shape, 3))];
}

async function on(
  backend: string,
  run: () => tf.Tensor[],
): Promise<ArrayLike<number>[]> {
  await tf.setBackend(backend);
  const tensors = tf.tidy(run), values = tensors.map((t) => t.dataSync());
  tf.dispose(tensors);
  return values;
}

function assertNear(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): void {
  assertEquals(actual.length, expected.length);
  const values = Array.from(expected);
  const scale = values.reduce((m, x) => Math.max(m, Math.abs(x)), 1);
  const worst = values.reduce(
    (m, e, i) => Math.max(m, Math.abs((actual[i] ?? NaN) - e)),
    0,
  );
  assert(worst <= 1e-5 * scale, `off by ${worst}`);
}
