import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { assertAlmostEquals } from "@std/assert";
import { assertSame, normal } from "../_on_both.ts";

const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 7, max: 9 }),
  width: fc.integer({ min: 7, max: 9 }),
  channels: fc.integer({ min: 1, max: 9 }),
  multiplier: fc.integer({ min: 1, max: 3 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  pad: fc.constantFrom("valid" as const, "same" as const),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

type Shapes = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

/** Input, filter, and the convolution of the two. */
function convolution(s: Shapes, strides: number, dilations: number) {
  const x = normal<tf.Rank.R4>(
    [s.batch, s.height, s.width, s.channels],
    s.seed,
  );
  const filter = normal<tf.Rank.R4>([
    s.kernel,
    s.kernel,
    s.channels,
    s.multiplier,
  ], s.seed + 1);
  const conv = (x: tf.Tensor, f: tf.Tensor) => {
    const [x4, f4] = [x as tf.Tensor4D, f as tf.Tensor4D];
    return tf.depthwiseConv2d(x4, f4, strides, s.pad, "NHWC", dilations);
  };
  return { x, filter, conv };
}

Deno.test("the depthwise gradients are those cpu gives", async () => {
  await fc.assert(
    fc.asyncProperty(
      shapes,
      fc.integer({ min: 1, max: 3 }),
      async (s, strides) => {
        await assertSame(() => {
          const { x, filter, conv } = convolution(s, strides, 1);
          return tf.grads(conv)(
            [x, filter],
            normal(conv(x, filter).shape, s.seed + 2),
          );
        });
      },
    ),
    { numRuns: 60 },
  );
});

// tf.js' own gradient refuses dilations, and cpu's kernels ignore them; but the
// gradients of a product that is linear in both are known by one identity.
Deno.test("the depthwise gradients know dilations", async () => {
  await tf.setBackend("wasm");
  await fc.assert(
    fc.property(shapes, fc.integer({ min: 2, max: 3 }), (s, dilations) => {
      tf.tidy(() => {
        const { x, filter, conv } = convolution(s, 1, dilations);
        const y = conv(x, filter), dy = normal(y.shape, s.seed + 2);
        const run = (
          name: string,
          inputs: tf.NamedTensorMap,
          shape: object,
        ): tf.Tensor =>
          tf.engine().runKernel(name, inputs, {
            strides: 1,
            dilations,
            pad: s.pad,
            ...shape,
          });
        const dx = run(tf.DepthwiseConv2dNativeBackpropInput, { dy, filter }, {
          inputShape: x.shape,
        });
        const shape = { filterShape: filter.shape };
        const dFilter = run(
          tf.DepthwiseConv2dNativeBackpropFilter,
          { x, dy },
          shape,
        );
        assertAlmostEquals(dot(dx, x), dot(dy, y), 1e-3);
        assertAlmostEquals(dot(dFilter, filter), dot(dy, y), 1e-3);
      });
    }),
    { numRuns: 40 },
  );
});

function dot(a: tf.Tensor, b: tf.Tensor): number {
  return tf.sum(tf.mul(a, b)).dataSync()[0] ?? NaN;
}
