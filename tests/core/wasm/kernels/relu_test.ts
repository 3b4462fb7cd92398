import * as tf from "@tensorflow/tfjs";
import { assertSame, normal } from "../_on_both.ts";

Deno.test("the gradient of relu is that of cpu", async () => {
  for (const n of [1, 4, 11]) {
    await assertSame(() =>
      tf.grad((x: tf.Tensor) => tf.relu(x))(
        normal([3, n], n),
        normal([3, n], 9),
      )
    );
  }
  await assertSame(() =>
    tf.grad((x: tf.Tensor) => tf.relu(x))(tf.tensor1d([-1, 0, -0, 2, 0]))
  );
});

Deno.test("the second derivative of relu is that of cpu", async () => {
  await assertSame(() => {
    const cubed = (x: tf.Tensor) => tf.pow(tf.relu(x), 3);
    return tf.grad((x: tf.Tensor) => tf.grad(cubed)(x))(normal([7], 1));
  });
});
