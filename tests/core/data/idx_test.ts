import { assertEquals, assertRejects } from "@std/assert";
import { idxFolder, readIdx } from "../../../core/data/idx.ts";
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

Deno.test("a label that is not a class is rejected with its position", async () => {
  const dir = await folder({
    "train-images-idx3-ubyte": images,
    "train-labels-idx1-ubyte": idx([2], [3, 12]),
    "t10k-images-idx3-ubyte": images,
    "t10k-labels-idx1-ubyte": labels,
  });
  assertEquals(
    await refusal(dir),
    "Cannot read DIR/train-labels-idx1-ubyte: label 2 is 12, expected 0 to 9",
  );
});
