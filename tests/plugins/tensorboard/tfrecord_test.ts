import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { crc32c } from "../../../plugins/_tensorboard/crc32c.ts";
import { tfRecord } from "../../../plugins/_tensorboard/tfrecord.ts";
import { crcBitByBit, framesIn } from "./_events_read.ts";

Deno.test("checksums are those of RFC 3720", () => {
  const cases: [Uint8Array, number][] = [
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
    [Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
    [new TextEncoder().encode("123456789"), 0xe3069283],
    [new Uint8Array(), 0],
  ];
  for (const [bytes, sum] of cases) {
    assertEquals(crc32c(bytes), sum);
    assertEquals(crcBitByBit(bytes), sum);
  }
});

Deno.test("whatever is framed is read back, record by record (property)", () => {
  const records = fc.array(fc.uint8Array({ maxLength: 40 }));
  fc.assert(
    fc.property(records, (records) => {
      const file = records.map(tfRecord).flatMap((it) => [...it]);
      assertEquals(
        framesIn(new Uint8Array(file)).map((it) => [...it]),
        records.map((it) => [...it]),
      );
    }),
  );
});

Deno.test("a byte that is another one, or missing, is found out", () => {
  const whole = tfRecord(new Uint8Array([1, 2, 3]));
  assertEquals(framesIn(whole).length, 1);
  for (let at = 0; at < whole.length; at++) {
    const broken = whole.slice();
    broken[at]! ^= 4;
    assertThrows(() => framesIn(broken), Error);
    if (at > 0) assertThrows(() => framesIn(whole.subarray(0, at)), Error);
  }
});
