import * as tf from "@tensorflow/tfjs";
import { assertClose, normal } from "../_on_both.ts";

const image = normal<tf.Rank.R4>([2, 5, 4, 3], 1).arraySync();
const filter = normal<tf.Rank.R4>([3, 2, 3, 2], 2).arraySync();
const volume = normal<tf.Rank.R5>([2, 3, 4, 3, 2], 3).arraySync();
const matrix = normal<tf.Rank.R2>([5, 3], 4).arraySync();

/** Functions of one tensor, and where to try them: each runs a training kernel on its way back. */
const FUNCTIONS: Record<string, [(x: tf.Tensor) => tf.Tensor, tf.TensorLike]> =
  {
    "matMul on the left": [
      (x) => tf.matMul(x as tf.Tensor2D, matrix, true),
      matrix,
    ],
    "matMul on the right": [
      (x) => tf.matMul(matrix, x as tf.Tensor2D, false, true),
      matrix,
    ],
    "conv2d by x": [
      (x) => tf.conv2d(x as tf.Tensor4D, filter, 2, "same"),
      image,
    ],
    "conv2d by filter": [
      (f) => tf.conv2d(image, f as tf.Tensor4D, 1, "valid"),
      filter,
    ],
    "conv2dTranspose": [
      (x) =>
        tf.conv2dTranspose(
          x as tf.Tensor4D,
          swap(filter),
          [2, 10, 8, 2],
          2,
          "same",
        ),
      image,
    ],
    "depthwiseConv2d by x": [
      (x) => tf.depthwiseConv2d(x as tf.Tensor4D, filter, 1, "same"),
      image,
    ],
    "depthwiseConv2d by filter": [
      (f) => tf.depthwiseConv2d(image, f as tf.Tensor4D, 2, "valid"),
      filter,
    ],
    "maxPool": [
      (x) => tf.maxPool(x as tf.Tensor4D, [3, 2], [1, 2], "same"),
      image,
    ],
    "avgPool": [
      (x) => tf.avgPool(x as tf.Tensor4D, [3, 2], [1, 2], "valid"),
      image,
    ],
    "maxPool3d": [
      (x) => tf.maxPool3d(x as tf.Tensor5D, [1, 2, 3], [2, 1, 1], "same"),
      volume,
    ],
    "avgPool3d": [
      (x) => tf.avgPool3d(x as tf.Tensor5D, [1, 2, 2], 1, "valid"),
      volume,
    ],
    "relu": [(x) => tf.relu(x), matrix],
    "add of a bias": [(b) => tf.add(image, b), [1, 2, 3]],
    "gather": [(x) => tf.gather(x, tf.tensor1d([0, 3, 3], "int32")), matrix],
    "resizeNearestNeighbor": [
      (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [7, 9]),
      image,
    ],
    "resizeBilinear": [
      (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [7, 9]),
      image,
    ],
  };

for (const [name, [f, at]] of Object.entries(FUNCTIONS)) {
  Deno.test(`the gradient of ${name} is what finite differences say`, async () => {
    await tf.setBackend("wasm");
    tf.tidy(() => {
      const x = tf.tensor(at), dy = normal(f(x).shape, 9);
      const gradient = tf.grad(f)(x, dy);
      const actual = { shape: gradient.shape, values: gradient.dataSync() };
      assertClose(
        actual,
        { shape: x.shape, values: differences(f, x, dy) },
        2e-3,
      );
    });
  });
}

/** Gradient of `sum(f(x) dy)`, value by value. */
function differences(
  f: (x: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  dy: tf.Tensor,
): number[] {
  const step = 1e-2, values = x.dataSync();
  const loss = (i: number, delta: number) =>
    tf.tidy(() => {
      const moved = values.map((v, j) => j === i ? v + delta : v);
      return tf.sum(tf.mul(f(tf.tensor(moved, x.shape)), dy)).dataSync()[0] ??
        NaN;
    }) as unknown as number;
  return Array.from(
    values,
    (_, i) => (loss(i, step) - loss(i, -step)) / (2 * step),
  );
}

/** A filter for the way back: input and output channels change places. */
function swap(filter: number[][][][]): tf.Tensor4D {
  return tf.transpose(tf.tensor4d(filter), [0, 1, 3, 2]);
}
