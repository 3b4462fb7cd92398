import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { assertSame } from "../_on_both.ts";

/** A shape, and a part of it. */
const part = fc.array(fc.integer({ min: 1, max: 5 }), {
  minLength: 1,
  maxLength: 4,
})
  .chain((shape) =>
    fc.tuple(
      fc.constant(shape),
      fc.tuple(...shape.map((size) =>
        fc.tuple(fc.nat(size - 1), fc.nat(size)).map((
          [begin, extent],
        ) => [begin, Math.min(extent, size - begin)])
      )),
    )
  );

Deno.test("Slice gives any part of any tensor, as cpu does", async () => {
  await fc.assert(
    fc.asyncProperty(
      part,
      fc.constantFrom("float32" as const, "int32" as const, "bool" as const),
      async ([shape, parts], dtype) => {
        const size = shape.reduce((a, b) => a * b);
        await assertSame(() => {
          const range = tf.range(0, size).reshape(shape);
          const x = dtype === "bool"
            ? range.greater(size / 2)
            : range.cast(dtype);
          return tf.slice(
            x,
            parts.map(([begin]) => begin!),
            parts.map(([, extent]) => extent!),
          );
        });
      },
    ),
    { numRuns: 60 },
  );
});
