/**
 * Every replaced kernel with whatever tf.js lets through: types, empty tensors,
 * NaN and Infinity, shapes that do not fit. What cpu refuses is refused; what cpu
 * computes is computed, or refused as tf.js' own wasm kernels do; nothing leaks.
 */
import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import {
  assertNear,
  exactly,
  extents,
  finite,
  float,
  int,
  notEmpty,
  type Op,
  op,
  outcome,
  pad,
  quarter,
  small,
  type,
  withGradients,
} from "./_any_input.ts";

const four = (t: tf.Tensor) => t as tf.Tensor4D;
const five = (t: tf.Tensor) => t as tf.Tensor5D;

const OPS: Record<string, fc.Arbitrary<Op>> = {
  Identity: extents(2).chain((s) => op([[s]], ([x]) => tf.clone(x!))),

  "Add of a bias": extents(3).chain(([n = 0, m = 0, c = 0]) =>
    op([[[n, m, c], float], [[c], float]], ([x, b]) => tf.add(x!, b!))
  ),

  BatchMatMul: fc.tuple(extents(3), fc.boolean(), fc.boolean()).chain(
    ([[m = 0, k = 0, n = 0], a, b]) =>
      op(
        [[a ? [k, m] : [m, k]], [b ? [n, k] : [k, n]]],
        ([x, y]) => tf.matMul(x!, y!, a, b),
      ),
  ),

  _FusedMatMul: fc.tuple(extents(3), fc.constantFrom(1, 2, 0)).chain(
    ([[m = 0, k = 0, c = 0], biasRank]) =>
      op(
        [[[m, k]], [[k, c]], [[m, c].slice(2 - biasRank)]],
        ([a, b, bias]) =>
          tf.fused.matMul({ a: a!, b: b!, bias: bias!, activation: "relu" }),
      ),
  ),

  "Conv2D and its gradients": fc.tuple(extents(5), small, small, pad).chain(
    ([[n = 0, h = 0, w = 0, c = 0, f = 0], size, stride, pad]) =>
      op(
        [[[n, h, w, c]], [[size, 2, c, f], type, finite]],
        withGradients(([x, filter]) =>
          tf.conv2d(four(x!), four(filter!), stride, pad)
        ),
      ),
  ),

  FusedConv2D: fc.tuple(extents(5), small, fc.boolean()).chain(
    ([[n = 0, h = 0, w = 0, c = 0, f = 0], size, one]) =>
      op(
        [[[n, h, w, c], float], [[size, 2, c, f], float, finite], [
          one ? [] : [f],
        ]],
        ([x, filter, bias]) =>
          tf.fused.conv2d({
            x: four(x!),
            filter: four(filter!),
            bias: bias!,
            strides: 1,
            pad: "same",
            activation: "relu",
          }),
      ),
  ),

  "a transposed convolution, 2D": fc.tuple(extents(4), small, extents(2))
    .chain(([[n = 0, h = 0, c = 0, f = 0], size, [oh = 0, ow = 0]]) =>
      op(
        [[[n, h, h, c]], [[size, size, f, c], type, finite]],
        ([x, filter]) =>
          tf.conv2dTranspose(
            four(x!),
            four(filter!),
            [n, oh, ow, f],
            1,
            "same",
          ),
      )
    ),

  "Conv3D and its gradients": fc.tuple(extents(4), small, pad).chain(
    ([[n = 0, h = 0, c = 0, f = 0], stride, pad]) =>
      op(
        [[[n, 3, h, 3, c]], [[2, 2, 1, c, f], type, finite]],
        withGradients(([x, filter]) =>
          tf.conv3d(five(x!), five(filter!), stride, pad)
        ),
      ),
  ),

  "a transposed convolution, 3D": fc.tuple(extents(3), extents(3)).chain(
    ([[n = 0, c = 0, f = 0], [d = 0, h = 0, w = 0]]) =>
      op(
        [[[n, 3, 3, 3, c]], [[2, 2, 2, f, c], type, finite]],
        ([x, filter]) =>
          tf.conv3dTranspose(
            five(x!),
            five(filter!),
            [n, d, h, w, f],
            1,
            "same",
          ),
      ),
  ),

  "gradients of a depthwise convolution": fc.tuple(notEmpty(4), small, small)
    .chain(([[n = 0, h = 0, w = 0, c = 0], size, multiplier]) =>
      exactly(
        [[[n, h, w, c], float], [[size, 2, c, multiplier], float, finite]],
        withGradients(([x, filter]) =>
          tf.depthwiseConv2d(four(x!), four(filter!), 1, "same")
        ),
      )
    ),

  MaxPoolGrad: fc.tuple(notEmpty(4), small, small, pad).chain(
    ([shape, size, stride, pad]) =>
      exactly(
        [[shape, type, finite]],
        withGradients(([x]) => tf.maxPool(four(x!), size, stride, pad)),
      ),
  ),

  AvgPoolGrad: fc.tuple(notEmpty(4), small, small, pad).chain(
    ([shape, size, stride, pad]) =>
      exactly(
        [[shape, type, finite]],
        withGradients(([x]) => tf.avgPool(four(x!), size, stride, pad)),
      ),
  ),

  "MaxPool3D and its gradient": fc.tuple(extents(5), small, small, pad).chain(
    ([shape, size, stride, pad]) =>
      op(
        [[shape, fc.constantFrom("float32", "int32")]],
        withGradients(([x]) => tf.maxPool3d(five(x!), size, stride, pad)),
      ),
  ),

  AvgPool3DGrad: fc.tuple(notEmpty(5), small, small, pad).chain(
    ([shape, size, stride, pad]) =>
      exactly(
        [[shape, type, finite]],
        withGradients(([x]) => tf.avgPool3d(five(x!), size, stride, pad)),
      ),
  ),

  GatherV2: fc.tuple(notEmpty(2), extents(2), fc.nat(1)).chain(
    ([shape, ids, axis]) =>
      exactly(
        [[shape], [ids, int, fc.integer({ min: -1, max: 4 }).map(quarter)]],
        ([x, i]) => tf.gather(x!, i!, axis),
      ),
  ),

  Slice: fc.tuple(extents(3), extents(3), extents(3)).chain(
    ([shape, begin, size]) => op([[shape]], ([x]) => tf.slice(x!, begin, size)),
  ),

  Sum: fc.tuple(extents(3), fc.subarray([0, 1, 2]), fc.boolean()).chain(
    ([shape, axes, keep]) => op([[shape]], ([x]) => tf.sum(x!, axes, keep)),
  ),

  // On cpu NaN in one segment spoils the others, and ids have one axis.
  UnsortedSegmentSum: fc.tuple(extents(3), small, fc.boolean()).chain(
    ([[n = 0, c = 0, other = 0], segments, fits]) =>
      exactly(
        [[[n, c], type, finite], [
          [fits ? n : other],
          int,
          fc.nat(3).map(quarter),
        ]],
        ([x, ids]) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, segments),
      ),
  ),

  ReluGrad: extents(2).chain((shape) =>
    op([[shape, float, finite]], withGradients(([x]) => tf.relu(x!)))
  ),
};

/** tf.js' wasm backend refuses types in these words. */
const REFUSED_TYPE = /only float32|must have dtype float32|non-float32/;

/** cpu makes an image of negative size, and takes a wrong shape where a gradient or ids are read beyond their end, or repeated. */
const REFUSED_SHAPE = /: a tensor shaped .* was expected|larger than its input/;

for (const [name, arbitrary] of Object.entries(OPS)) {
  Deno.test(`${name}: any input gives what cpu gives, or an error`, async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (op) => {
        const expected = await outcome("cpu", op);
        const actual = await outcome("wasm", op);
        if (expected.error !== undefined) {
          assert(actual.error !== undefined, `cpu: ${expected.error}`);
        } else if (actual.error !== undefined) {
          const isFloat = op.inputs.every(({ dtype }) => dtype === "float32");
          const refused = REFUSED_SHAPE.test(actual.error) ||
            !isFloat && REFUSED_TYPE.test(actual.error);
          assert(refused, actual.error);
        } else {
          expected.results.forEach((e, i) => {
            const a = actual.results[i]!;
            assertEquals([a.dtype, a.shape], [e.dtype, e.shape]);
            // cpu may compute products that an empty batch does not have.
            const size = tf.util.sizeFromShape(e.shape);
            assertNear(
              Array.from(a.values),
              Array.from(e.values).slice(0, size),
            );
          });
        }
      }),
      { numRuns: 150 },
    );
  });
}
