import { assertEquals } from "@std/assert";
import {
  loadPng,
  picturesOf,
} from "../../../plugins/_tensorboard/weight_pictures.ts";
import { pngIn } from "../_png_read.ts";

const encode = await loadPng();

/** Numbers that tell which they are, in bytes: 0, 1, 2 and so on. */
function counted(shape: readonly number[]): Float32Array {
  const size = shape.reduce((all, length) => all * length, 1);
  return Float32Array.from({ length: size }, (_, i) => (i + 0.5) / 255.5);
}

async function drawn(shape: readonly number[]) {
  const pictures = picturesOf(shape, counted(shape), encode);
  if (!pictures) return undefined;
  const { width, height, pngs } = pictures;
  const all = await Promise.all(pngs.map(pngIn));
  return all.map((png) => {
    assertEquals([png.width, png.height], [width, height]);
    return { width, height, pixels: [...png.pixels], channels: png.channels };
  });
}

Deno.test("a bias stands, a kernel lies, whichever way round it is", async () => {
  const gray = { channels: 1 };
  assertEquals(await drawn([3]), [
    { width: 1, height: 3, pixels: [0, 1, 2], ...gray },
  ]);
  assertEquals(await drawn([2, 3]), [
    { width: 3, height: 2, pixels: [0, 1, 2, 3, 4, 5], ...gray },
  ]);
  assertEquals(await drawn([3, 2]), [
    { width: 3, height: 2, pixels: [0, 2, 4, 1, 3, 5], ...gray },
  ]);
});

Deno.test("of a convolution the first three kernels are drawn, one by one", async () => {
  const pictures = (await drawn([2, 2, 1, 4]))!;
  assertEquals(pictures.map(({ pixels }) => pixels), [
    [0, 4, 8, 12],
    [1, 5, 9, 13],
    [2, 6, 10, 14],
  ]);
});

Deno.test("in four dimensions the last is colours, if there are three or four", async () => {
  const [first] = (await drawn([2, 1, 2, 3]))!;
  // Without the dimension of length 1 there are three, the last of which counts pictures.
  assertEquals(first, {
    width: 2,
    height: 2,
    pixels: [0, 3, 6, 9],
    channels: 1,
  });
  const [rgb] = (await drawn([2, 2, 2, 3]))!;
  assertEquals(rgb!.channels, 3);
  assertEquals(rgb!.pixels, Array.from({ length: 12 }, (_, i) => i));
  const [rgba] = (await drawn([2, 2, 2, 4]))!;
  assertEquals(rgba!.channels, 4);
});

Deno.test("what is no picture is not drawn: none or one number, five dimensions, other colours", async () => {
  for (const shape of [[], [1], [1, 1], [2, 2, 2, 2, 2], [2, 2, 2, 5], [0]]) {
    assertEquals(await drawn(shape), undefined, `${shape}`);
  }
});

Deno.test("0 is black, 1 is white, and so is all beyond", async () => {
  const values = [-1, 0, 0.5, 1, 2, NaN];
  const { pngs } = picturesOf([6], values, encode)!;
  assertEquals([...(await pngIn(pngs[0]!)).pixels], [0, 0, 127, 255, 255, 0]);
});
