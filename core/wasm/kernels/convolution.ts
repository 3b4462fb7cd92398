/**
 * Calls the SIMD convolutions, in 2D or 3D: each thread takes some images.
 *
 * The gradient of a filter is a sum over images. It is cut into the same parts
 * on any number of threads, so that its bits are the same, too.
 *
 * @module
 */
import type * as tf from "@tensorflow/tfjs";
import { address, clear, type Heap, withScratch } from "../runtime/heap.ts";
import { callAll, shards, type SimdCall } from "../runtime/thread_pool.ts";
import { type Window2D, type Window3D, windowCall } from "./window.ts";
import { sizeOf } from "../runtime/shape.ts";

/** Forward, gradient with respect to the input, gradient with respect to the filter. */
export type Convolution =
  | "convolve"
  | "convolveInputGradient"
  | "convolveFilterGradient";

/** Runs a convolution from `a` and `b` into `out`. */
export function convolution(
  heap: Heap,
  info: Window2D | Window3D,
  name: Convolution,
  a: tf.TensorInfo,
  b: tf.TensorInfo,
  out: tf.TensorInfo,
): void {
  if ([a, b, out].some(({ shape }) => sizeOf(shape) === 0)) {
    return clear(heap, out);
  }
  const { simd, pool } = heap, filters = info.outChannels;
  callAll(simd, [windowCall(info)]);
  const scratch = Math.ceil(simd.convolutionScratch(filters) / 16) * 16;
  const filterSize = sizeOf(info.filterShape);
  const sums = name === "convolveFilterGradient";
  const split = shards(
    sums ? PARTS : pool,
    info.batchSize,
    sizeOf(info.outShape) * filterSize / filters,
  );
  const atOnce = Math.min(split.length, pool.size);
  const [fromA, fromB, to] = [
    address(heap, a),
    address(heap, b),
    address(heap, out),
  ];
  const [stepA, stepB, stepOut] = steps(info, name);
  const bytes = atOnce * (scratch + 4 * filterSize);
  withScratch(heap, bytes, (start) => {
    const scratches = start + 4 * filterSize * atOnce;
    for (let done = 0; done < split.length; done += atOnce) {
      // Each part of a sum but the first goes somewhere else before it is added.
      const target = (i: number) =>
        sums && done + i > 0 ? start + 4 * filterSize * i : to;
      const parts = split.slice(done, done + atOnce);
      pool.run(parts.map(({ first, size }, i): SimdCall[] => [
        windowCall(info, size),
        [
          name,
          ...[
            fromA + first * stepA,
            fromB + first * stepB,
            target(i) + first * stepOut,
          ],
          ...[filters, scratches + i * scratch],
        ],
      ]));
      if (!sums) continue;
      for (let i = 0; i < parts.length; i++) {
        if (done + i > 0) simd.addTo(to, target(i), filterSize);
      }
    }
  });
}

/** At most so many parts of a sum: as many as there are threads by default. */
const PARTS = { size: 4 };

/** Bytes from one image to the next in `a`, `b` and `out`; 0 for a filter. */
function steps(
  info: Window2D | Window3D,
  name: Convolution,
): [number, number, number] {
  const x = 4 * sizeOf(info.inShape.slice(1)),
    y = 4 * sizeOf(info.outShape.slice(1));
  if (name === "convolve") return [x, 0, y];
  return name === "convolveInputGradient" ? [y, 0, x] : [x, y, 0];
}
