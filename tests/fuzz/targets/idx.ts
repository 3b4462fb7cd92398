/**
 * IDX files: cut short, made longer, packed, with sizes that nothing holds.
 *
 * @module
 */
import fc from "fast-check";
import { idxFolder } from "../../../core/data/idx.ts";
import { readIdx } from "../../../core/data/idx_file.ts";
import { type AnyTarget, target, Wrong } from "../target.ts";
import { rarely } from "../values.ts";

/** A file: its dimensions, what stands in the place of its bytes, and whether it is packed. */
const file = fc.record({
  shape: fc.constantFrom(1, 3).chain((dimensions) =>
    fc.array(
      fc.oneof(
        { weight: 20, arbitrary: fc.integer({ min: 0, max: 4 }) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(2 ** 31, 2 ** 32 - 1, 65536),
        },
      ),
      { minLength: dimensions, maxLength: dimensions },
    )
  ),
  more: rarely(fc.constantFrom(1, -1, -3, 200), 3),
  cut: rarely(fc.integer({ min: 0, max: 20 })),
  noise: rarely(fc.uint8Array({ maxLength: 30 })),
  zipped: fc.boolean(),
  seed: fc.integer({ min: 0, max: 255 }),
});
type File = typeof file extends fc.Arbitrary<infer F> ? F : never;

async function bytesOf(
  { shape, more, cut, noise, zipped, seed }: File,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = shape.reduce((a, b) => a * b, 1);
  const length = Math.max(0, (size < 1000 ? size : 10) + (more ?? 0));
  const head = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  head.setUint32(0, 0x800 + shape.length);
  shape.forEach((n, i) => head.setUint32(4 + 4 * i, n));
  const data = Uint8Array.from({ length }, (_, i) => (seed * i) % 7);
  let blob = new Blob([noise ? noise.slice() : head.buffer, data]);
  if (zipped) {
    const packed = blob.stream().pipeThrough(new CompressionStream("gzip"));
    blob = await new Response(packed).blob();
  }
  return await blob.slice(0, cut).bytes();
}

/** One file. */
export const idxFile: AnyTarget = target({
  name: "idx-file",
  share: 10,
  inputs: fc.record({ file, dimensions: rarely(fc.constantFrom(1, 2, 3), 4) }),
  async attempt({ file, dimensions = file.shape.length }, dir) {
    await Deno.writeFile(`${dir}/file`, await bytesOf(file));
    const { data, shape } = await readIdx(`${dir}/file`, dimensions);
    const size = shape.reduce((a, b) => a * b, 1);
    if (data.length !== size) {
      throw new Wrong(`${data.length} of ${size} bytes`);
    }
  },
});

const NAMES = [
  "train-images-idx3",
  "train-labels-idx1",
  "t10k-images.idx3",
  "t10k-labels-idx1",
];

/** A folder, of which most files fit. */
export const idxFolderTarget: AnyTarget = target({
  name: "idx-folder",
  share: 5,
  inputs: fc.record({
    count: fc.integer({ min: 0, max: 3 }),
    files: fc.array(rarely(file), {
      minLength: 4,
      maxLength: 4,
    }),
    validationSplit: rarely(fc.constantFrom(0, 0.5, 1, NaN), 2),
  }),
  async attempt({ count, files, validationSplit }, dir) {
    for (const [i, name] of NAMES.entries()) {
      const shape = i % 2 ? [count] : [count, 2, 2];
      const good: File = {
        shape,
        more: undefined,
        cut: undefined,
        noise: undefined,
        zipped: i > 1,
        seed: 3,
      };
      await Deno.writeFile(
        `${dir}/${name}-ubyte`,
        await bytesOf(files[i] ?? good),
      );
    }
    const { train, validation, classes } = await idxFolder(dir, {
      validationSplit,
    });
    for (const { x, y, count } of [train, validation]) {
      if (y.length !== count || x.some((grey) => !(grey >= 0 && grey <= 1))) {
        throw new Wrong("the samples do not agree with their count");
      }
      if (y.some((label) => label >= classes!)) {
        throw new Wrong("a label is no class");
      }
    }
  },
});
