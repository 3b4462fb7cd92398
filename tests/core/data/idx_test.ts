import { assertEquals, assertRejects } from "@std/assert";
import { idxFolder } from "../../../core/data/idx.ts";
import { readIdx } from "../../../core/data/idx_file.ts";
import { InputError } from "../../../core/errors.ts";

/** The bytes of an IDX file. */
function idx(
  shape: number[],
  data: number[],
  type = 8,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

async function gzip(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(
    new CompressionStream("gzip"),
  );
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const images = idx([2, 1, 2], [0, 255, 51, 102]);
const labels = idx([2], [3, 9]);

async function folder(files: Record<string, Uint8Array>): Promise<string> {
  const dir = await Deno.makeTempDir();
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${dir}/${name}`, bytes);
  }
  return dir;
}

async function refusal(dir: string): Promise<string> {
  const error = await assertRejects(() => idxFolder(dir), InputError);
  return error.message.replaceAll(dir, "DIR");
}

Deno.test("idxFolder() reads images from 0 to 1 and labels, gzipped or not, dotted or not", async () => {
  const dir = await folder({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte.gz": await gzip(labels),
    "t10k-images.idx3-ubyte": images,
    "t10k-labels.idx1-ubyte.gz": await gzip(labels),
  });
  const { train, validation, classes } = await idxFolder(dir);
  assertEquals([...train.x], [0, 1, 51 / 255, 102 / 255].map(Math.fround));
  assertEquals([train.xShape, [...train.y], train.count], [[1, 2], [3, 9], 2]);
  assertEquals([validation.count, classes], [2, 10]);
});

Deno.test("gzip is recognised by its first bytes, not by its name", async () => {
  const dir = await folder({ "plain-name": await gzip(labels) });
  assertEquals([...(await readIdx(`${dir}/plain-name`, 1)).data], [3, 9]);
});

Deno.test("different counts of labels and images are rejected with both", async () => {
  const dir = await folder({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte": idx([3], [1, 2, 3]),
    "t10k-images-idx3-ubyte": images,
    "t10k-labels-idx1-ubyte": labels,
  });
  assertEquals(
    await refusal(dir),
    "Cannot pair DIR/train-images-idx3-ubyte with DIR/train-labels-idx1-ubyte: 2 images, but 3 labels",
  );
});

Deno.test("a missing file and a missing folder say what was expected", async () => {
  assertEquals(
    await refusal(await folder({})),
    "Cannot find train-images-idx3-ubyte (or train-images-idx3-ubyte.gz) in DIR: a data set is four IDX files, train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte",
  );
  assertEquals(
    await refusal("no-such-dir"),
    "Cannot read the folder DIR: there is no such file or folder",
  );
});

Deno.test("foreign, truncated and overlong files are rejected", async () => {
  const cases: [Uint8Array, string][] = [
    [
      new TextEncoder().encode("<html>"),
      "it is not an IDX file of unsigned bytes with 1 dimensions; it begins with 3c 68 74 6d, expected 00 00 08 01",
    ],
    [
      idx([2], [1, 2], 0x0d),
      "it is not an IDX file of unsigned bytes with 1 dimensions; it begins with 00 00 0d 01, expected 00 00 08 01",
    ],
    [
      labels.subarray(0, 9),
      "it is truncated, expected 10 bytes, got 9; download the file again",
    ],
    [
      labels.subarray(0, 6),
      "it is truncated, expected 8 bytes, got 6; download the file again",
    ],
    [
      idx([1], [1, 2]),
      "its header says 1, which is 9 bytes, but it has 10; download the file again",
    ],
    [
      (await gzip(labels)).subarray(0, 20),
      "it begins like gzip but cannot be unpacked; it may be truncated, download the file again",
    ],
  ];
  for (const [bytes, why] of cases) {
    const dir = await folder({ file: bytes });
    const error = await assertRejects(
      () => readIdx(`${dir}/file`, 1),
      InputError,
    );
    assertEquals(error.message, `Cannot read ${dir}/file: ${why}`);
  }
});

Deno.test("there are as many classes as the largest label says", async () => {
  const of = async (train: number[], test: number[]) =>
    await idxFolder(
      await folder({
        "train-images-idx3-ubyte": images,
        "train-labels-idx1-ubyte": idx([2], train),
        "t10k-images-idx3-ubyte": images,
        "t10k-labels-idx1-ubyte": idx([2], test),
      }),
    );
  assertEquals((await of([0, 1], [1, 2])).classes, 3);
  assertEquals((await of([25, 1], [1, 2])).classes, 26);
});

Deno.test("a split takes the validation samples from those to train on", async () => {
  const dir = await folder({
    "train-images-idx3-ubyte": idx([4, 1, 1], [0, 51, 102, 153]),
    "train-labels-idx1-ubyte": idx([4], [0, 1, 2, 3]),
  });
  const { train, validation } = await idxFolder(dir, { validationSplit: 0.25 });
  assertEquals([train.count, validation.count], [3, 1]);
  const y = [...train.y, ...validation.y];
  const x = [...train.x, ...validation.x];
  assertEquals(x, y.map((label) => Math.fround(label * 0.2)));
});

Deno.test("images without a pixel, and none to train on, are refused", async () => {
  const of = async (images: Uint8Array, labels: Uint8Array) =>
    await refusal(
      await folder({
        "train-images-idx3-ubyte": images,
        "train-labels-idx1-ubyte": labels,
      }),
    );
  assertEquals(
    await of(idx([2, 0, 3], []), labels),
    "Cannot read DIR/train-images-idx3-ubyte: its images are 0x3, without a pixel",
  );
  assertEquals(
    await of(idx([0, 1, 3], []), idx([0], [])),
    "Cannot use DIR: it has no samples to train on",
  );
});

Deno.test("a gzip bomb is not unpacked beyond what its header says", async () => {
  const bomb = await gzip(
    new Uint8Array(5_000_000).fill(8, 2, 3).fill(1, 3, 4),
  );
  // The header says 0 labels.
  const dir = await folder({ bomb });
  const error = await assertRejects(
    () => readIdx(`${dir}/bomb`, 1),
    InputError,
  );
  assertEquals(
    error.message,
    `Cannot read ${dir}/bomb: its header says 0, which is 8 bytes, but it has more; download the file again`,
  );
  const liar = await gzip(idx([4_000_000_000], [1]));
  await Deno.writeFile(`${dir}/liar`, liar);
  const most = liar.length * 1032;
  const lied = await assertRejects(
    () => readIdx(`${dir}/liar`, 1),
    InputError,
  );
  assertEquals(
    lied.message,
    `Cannot read ${dir}/liar: it is truncated, expected 4000000008 bytes, got at most ${most}; download the file again`,
  );
});

Deno.test("a folder in the place of a file is refused", async () => {
  const dir = await folder({});
  const error = await assertRejects(() => readIdx(dir, 1), InputError);
  assertEquals(error.message, `Cannot read ${dir}: it is not a file`);
});
