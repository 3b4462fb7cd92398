import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { decode, encode } from "../../../../core/run/backup/plain_data.ts";

const there = (value: unknown) => encode(value);
const andBack = (value: unknown) => decode(there(value));

Deno.test("what JSON cannot hold survives", () => {
  for (
    const value of [
      NaN,
      Infinity,
      -Infinity,
      undefined,
      12345678901234567890n,
      new Date(0),
      new Date(NaN),
      new Map<unknown, unknown>([[{ a: 1 }, NaN], [undefined, new Map()]]),
      new Set([1, "1", [NaN]]),
      { a: undefined, list: [undefined, null] },
      { $number: "a name of the user's own", rest: 1 },
      new Float32Array([NaN, -0, 1e-45]),
      new Float16Array([0.5, -Infinity]),
      new BigUint64Array([2n ** 64n - 1n]),
      new Uint8Array([1, 2, 3]).buffer,
    ]
  ) {
    assertEquals(andBack(value), value);
  }
});

Deno.test("zero keeps its sign, which plain comparisons do not see", () => {
  const [minus, plus] = andBack([-0, 0]) as number[];
  assert(Object.is(minus, -0) && Object.is(plus, 0));
});

Deno.test("what JSON can hold is JSON, which people can read", () => {
  const value = { a: [1, -0.5, 0, true, "text", null], b: {} };
  assertEquals(there(value), { text: JSON.stringify(value), blobs: [] });
});

Deno.test("each kind of view comes back as what it was", () => {
  const kinds: (new (buffer: ArrayBuffer) => ArrayBufferView)[] = [
    ...[DataView, Int8Array, Uint8Array, Uint8ClampedArray],
    ...[Int16Array, Uint16Array, Int32Array, Uint32Array],
    ...[Float32Array, Float64Array, BigInt64Array, BigUint64Array],
  ];
  for (const kind of kinds) {
    const { buffer } = new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7]);
    const back = andBack(new kind(buffer)) as ArrayBufferView;
    assert(back instanceof kind, kind.name);
    assertEquals(back.buffer, buffer);
  }
});

Deno.test("an object may be in the data more than once, and may have no prototype", () => {
  const shared = { a: 1 };
  assertEquals(andBack([shared, shared]), [shared, shared]);
  const bare = Object.assign(Object.create(null), { a: [NaN] });
  assertEquals(andBack(bare), { a: [NaN] });
});

Deno.test("a view of a part of a buffer comes back as that part alone, in memory of its own", () => {
  const view = new Float32Array(new ArrayBuffer(16), 4, 2).fill(7);
  const back = andBack(view) as Float32Array;
  assertEquals(back, view);
  assertEquals(back.buffer.byteLength, 8);
});

Deno.test("any plain data comes back as they were", () => {
  const data = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withNullPrototype: false,
    key: fc.oneof(
      fc.string(),
      fc.constantFrom("$bytes", "$object", "__proto__"),
    ),
  });
  fc.assert(
    fc.property(data, (value) => assertEquals(andBack(value), value)),
    { numRuns: 1000 },
  );
});

Deno.test("a key named __proto__ is data, and changes no object", () => {
  const back = andBack(JSON.parse('{"__proto__": {"bad": true}}')) as object;
  assertEquals((back as { bad?: boolean }).bad, undefined);
  assertEquals(Object.keys(back), ["__proto__"]);
});

Deno.test("what is no plain data is refused with the way to it", () => {
  class Own {}
  const message = (value: unknown) =>
    assertThrows(() => there(value), TypeError).message;
  assertEquals(
    message({ a: [1, { b: () => {} }] }),
    "it.a[1].b is a function, expected plain data, which a backup can hold",
  );
  assertEquals(
    message([new Own()]),
    "it[0] is an object, expected plain data, which a backup can hold",
  );
  class Half extends Uint16Array {
    override get [Symbol.toStringTag]() {
      return "Float8Array" as "Uint16Array";
    }
  }
  assertEquals(
    message([new Half(1)]),
    "it[0] is an object, expected plain data, which a backup can hold",
  );
  const ring: { self?: unknown } = {};
  ring.self = ring;
  assertEquals(message(ring), "it.self holds itself, which a backup cannot");
});
