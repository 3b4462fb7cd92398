import { assertEquals } from "@std/assert";
import { runFiles } from "../../../../core/run/files/run_files.ts";
import {
  type OwnFiles,
  shadowFiles,
  writtenOf,
} from "../../../../core/run/shadow/shadow_files.ts";

/** A shadow's files in a fresh folder. */
function fresh() {
  const dir = Deno.makeTempDirSync();
  const own: OwnFiles = new Map();
  return { own, files: shadowFiles(dir, runFiles(dir), own, () => {}) };
}

Deno.test("bytes are added as they are, to text too", () => {
  const { own, files } = fresh();
  const parts = Array.from(
    { length: 20 },
    (_, i) => new Uint8Array(i).fill(200 + i),
  );
  const file = files.open("a.bin");
  for (const part of parts) {
    file.write(part);
    part.fill(0); // Whoever wrote them goes on to use their place.
  }
  file.write("ä");
  const text = files.open("b.txt");
  text.write("x");
  text.write(new Uint8Array([255]));
  assertEquals([...writtenOf(own)], [
    [
      "a.bin",
      new Uint8Array([
        ...Array.from({ length: 20 }, (_, i) => Array(i).fill(200 + i)).flat(),
        ...[0xc3, 0xa4],
      ]),
    ],
    ["b.txt", new Uint8Array([0x78, 255])],
  ]);
});

Deno.test("what was written at one moment stays as it was while more is added", () => {
  const { own, files } = fresh();
  const file = files.open("a.bin");
  for (const byte of [1, 2, 3]) file.write(new Uint8Array([byte]));
  const then = own.get("a.bin");
  file.write(new Uint8Array([4]));
  files.write("a.bin", new Uint8Array([9]));
  file.write(new Uint8Array([5]));
  assertEquals(then, new Uint8Array([1, 2, 3]));
  assertEquals(own.get("a.bin"), new Uint8Array([9, 5]));
});
