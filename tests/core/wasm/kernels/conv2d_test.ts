import { assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertSame, normal } from "../_on_both.ts";

const kernel = fc.integer({ min: 1, max: 3 });

// tf.js takes numbers for padding with square windows only: it sizes both axes by the height.
const square = fc.record({
  kernel: kernel.map((k) => [k, k] as const),
  strides: kernel.map((s): [number, number] => [s, s]),
  pad: fc.constantFrom(0, 1),
});
const oblong = fc.record({
  kernel: fc.tuple(kernel, kernel),
  strides: fc.tuple(kernel, kernel),
  pad: fc.constantFrom("valid" as const, "same" as const),
});
const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  height: fc.integer({ min: 3, max: 11 }),
  width: fc.integer({ min: 3, max: 11 }),
  channels: fc.integer({ min: 1, max: 9 }),
  filters: fc.integer({ min: 1, max: 9 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

Deno.test("Conv2D and its gradients are those of cpu", async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.oneof(square, oblong),
      async (s, { kernel, strides, pad }) => {
        await assertSame(() => {
          const x = normal<tf.Rank.R4>(
            [s.batch, s.height, s.width, s.channels],
            s.seed,
          );
          const filter = normal<tf.Rank.R4>(
            [...kernel, s.channels, s.filters],
            s.seed + 1,
          );
          const mode = typeof pad === "number" ? "floor" : undefined;
          const conv = (x: tf.Tensor, f: tf.Tensor) =>
            tf.conv2d(
              x as tf.Tensor4D,
              f as tf.Tensor4D,
              strides,
              pad,
              "NHWC",
              1,
              mode,
            );
          const y = conv(x, filter);
          return [
            y,
            ...tf.grads(conv)([x, filter], normal(y.shape, s.seed + 2)),
          ];
        });
      },
    ),
    { numRuns: 80 },
  );
});

Deno.test("Conv2D dilates the filter", async () => {
  for (const dilation of [2, 3]) {
    for (const pad of ["same", "valid"] as const) {
      await assertSame(() => {
        const x = normal<tf.Rank.R4>([2, 9, 8, 5], 1),
          filter = normal<tf.Rank.R4>([3, 2, 5, 7], 2);
        return tf.conv2d(x, filter, 1, pad, "NHWC", dilation);
      });
    }
  }
});

Deno.test("Conv2D and its gradients take padding side by side", async () => {
  await assertSame(() => {
    const x = normal<tf.Rank.R4>([2, 7, 6, 3], 1),
      filter = normal<tf.Rank.R4>([3, 2, 3, 4], 2);
    const pad: tf.backend_util.ExplicitPadding = [[0, 0], [1, 2], [0, 1], [
      0,
      0,
    ]];
    const conv = (x: tf.Tensor, f: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, [2, 1], pad);
    const y = conv(x, filter);
    return [y, ...tf.grads(conv)([x, filter], normal(y.shape, 3))];
  });
});

Deno.test("FusedConv2D adds bias and activation", async () => {
  for (const activation of ["linear", "relu", "relu6", "elu"] as const) {
    await assertSame(() => {
      const x = normal<tf.Rank.R4>([2, 7, 6, 3], 1),
        filter = normal<tf.Rank.R4>([3, 2, 3, 5], 2);
      const bias = normal([5], 3);
      return tf.fused.conv2d({
        x,
        filter,
        strides: 1,
        pad: "same",
        bias,
        activation,
      });
    });
  }
});

Deno.test("Conv2DBackpropFilter sums over more patches than a block holds", async () => {
  await assertSame(() => {
    const x = normal<tf.Rank.R4>([4, 20, 20, 8], 1),
      filter = normal<tf.Rank.R4>([3, 3, 8, 16], 2);
    const conv = (x: tf.Tensor, f: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, "same");
    return tf.grads(conv)([x, filter], normal([4, 20, 20, 16], 3));
  });
});

Deno.test("Conv2DBackpropInput is the forward pass of conv2dTranspose", async () => {
  await assertSame(() => {
    const x = normal<tf.Rank.R4>([2, 5, 5, 6], 1),
      filter = normal<tf.Rank.R4>([3, 3, 4, 6], 2);
    return tf.conv2dTranspose(x, filter, [2, 10, 10, 4], 2, "same");
  });
});

Deno.test("a transposed convolution of fewer outputs than its input covers leaves out the rest", async () => {
  await assertSame(() =>
    tf.conv2dTranspose(
      normal<tf.Rank.R4>([2, 8, 8, 3], 1),
      normal<tf.Rank.R4>([3, 3, 5, 3], 2),
      [2, 4, 5, 5],
      1,
      "same",
    )
  );
});

Deno.test("a transposed convolution of more outputs than its input covers is refused", async () => {
  await tf.setBackend("wasm");
  const deconvolve = () =>
    tf.tidy(() =>
      tf.conv2dTranspose(
        normal<tf.Rank.R4>([2, 4, 4, 3], 1),
        normal<tf.Rank.R4>([3, 3, 5, 3], 2),
        [2, 9, 9, 5],
        1,
        "same",
      )
    );
  assertThrows(deconvolve, RangeError, "current shape is [2,4,4,3]");
});
