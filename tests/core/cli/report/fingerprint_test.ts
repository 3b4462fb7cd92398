import { assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  dataFingerprint,
  fileHash,
} from "../../../../core/cli/report/fingerprint.ts";
import { folder } from "../_command.ts";

await tf.setBackend("cpu");

Deno.test("fileHash() is the SHA-256 of a file, and nothing where it cannot be read", async () => {
  const dir = await folder({ "a.txt": "abc" });
  assertEquals(
    fileHash(`${dir}/a.txt`),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
  assertEquals(fileHash(`${dir}/none`), undefined);
  assertEquals(fileHash(new URL("https://localhost:1/x.ts")), undefined);
});

const of = async (train: unknown) =>
  (await dataFingerprint({ train })).sha256 ?? "none";

Deno.test("any number of any array changes the fingerprint of the data, and nothing else does", async () => {
  const forms: [name: string, (last: number) => unknown][] = [
    ["typed", (last) => ({ x: Float32Array.of(1, 2, last), y: [0] })],
    ["nested", (last) => ({ x: [[1, 2], [3, last]], y: [0, 1] })],
    [
      "nested typed",
      (last) => ({ x: [Float32Array.of(1), Float32Array.of(last)], y: [0] }),
    ],
    ["several", (last) => ({ x: [[1], [[2, last]]], y: { a: [0], b: [1] } })],
    [
      "long",
      (last) => ({
        x: Array.from({ length: 9000 }, (_, i) => i === 8999 ? last : i),
        y: [0],
      }),
    ],
  ];
  const seen = new Set<string>();
  for (const [name, form] of forms) {
    assertEquals(await of(form(3)), await of(form(3)), name);
    assertNotEquals(await of(form(3)), await of(form(4)), name);
    seen.add(await of(form(3)));
  }
  assertEquals(seen.size, forms.length);
  assertNotEquals(
    await of({ x: [[1, 2], [3, 4]] }),
    await of({ x: [[1, 2, 3, 4]] }),
  );
});

Deno.test("tensors count by their values, those of text too, and none is left", async () => {
  const before = tf.memory().numTensors;
  const [a, b] = [tf.tensor1d([1, 2]), tf.tensor1d(["a", "b"])];
  const first = await of({ x: a, y: b });
  assertEquals(first.length, 64);
  const c = tf.tensor1d(["a", "c"]);
  assertNotEquals(first, await of({ x: a, y: c }));
  tf.dispose([a, b, c]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("of data that come in batches nothing is known before they come", async () => {
  const x = { x: [[1]], y: [1] };
  const streams = [
    function* () {
      yield x;
    },
    tf.data.array([x]),
    { x: new Map(), y: [1] },
  ];
  for (const train of streams) {
    assertEquals(await dataFingerprint({ train, validation: undefined }), {
      of: "nothing is known of train before it comes",
    });
    const { of } = await dataFingerprint({ train, validation: x });
    assertEquals(
      of,
      "the numbers of validation; nothing is known of train before it comes",
    );
  }
});
