/**
 * Reads event files from their bytes, on a path of its own: nothing here is used
 * to write them.
 *
 * @module
 */

/** What one record holds. */
export interface ReadEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly fileVersion?: string;
  readonly values: readonly ReadValue[];
}

/** A value of a summary. */
export interface ReadValue {
  readonly tag: string;
  readonly plugin: string;
  /** What the plugin wants to know. */
  readonly content: Uint8Array;
  readonly dataClass: number;
  readonly dtype: number;
  readonly shape: readonly number[];
  /** Of float32 and float64. */
  readonly numbers: readonly number[];
  /** Of texts. */
  readonly texts: readonly Uint8Array[];
}

/** A value with its step, or the version that a file begins with. */
export type ReadRecord =
  | { readonly fileVersion: string }
  | ReadValue & { readonly step: number; readonly wallTime: number };

/** All event files of a folder, in the order in which they were begun, record by record. */
export function recordsOf(dir: string): ReadRecord[] {
  return filesOf(dir).flatMap((path) =>
    eventsIn(Deno.readFileSync(path)).flatMap((event): ReadRecord[] => {
      const { wallTime, step, fileVersion, values } = event;
      return fileVersion === undefined
        ? values.map((it) => ({ ...it, step, wallTime }))
        : [{ fileVersion }];
    })
  );
}

/** Paths of the event files of a folder, in the order in which they were begun. */
export function filesOf(dir: string): string[] {
  const names = [...Deno.readDirSync(dir)].map(({ name }) => name)
    .filter((name) => name.includes("tfevents"));
  const numbers = (name: string) => name.match(/\d+/g)!.map(Number);
  for (const name of names) {
    if (!/^events\.out\.tfevents\.\d{10}\.\w+\.\d+\.\d+\.v2$/.test(name)) {
      throw new Error(`${name} is no name of an event file`);
    }
  }
  return names.sort((a, b) => {
    const [[one, , first], [two, , second]] = [numbers(a), numbers(b)];
    return one! - two! || first! - second!;
  }).map((name) => `${dir}/${name}`);
}

/**
 * The events in the bytes of a file.
 *
 * @throws {Error} If a length or a checksum is wrong, or something is left over.
 */
export function eventsIn(bytes: Uint8Array): ReadEvent[] {
  return framesIn(bytes).map(eventOf);
}

/** The records in the bytes of a file. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const head = bytes.subarray(at, at + 8);
    const length = littleEndian(head);
    checkSum(head, bytes.subarray(at + 8, at + 12), `the length at ${at}`);
    const data = bytes.subarray(at + 12, at + 12 + length);
    if (data.length < length) throw new Error(`the record at ${at} is cut`);
    const sum = bytes.subarray(at + 12 + length, at + 16 + length);
    checkSum(data, sum, `the data at ${at}`);
    frames.push(data);
    at += 16 + length;
  }
  return frames;
}

function littleEndian(bytes: Uint8Array): number {
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

function checkSum(data: Uint8Array, found: Uint8Array, what: string): void {
  if (found.length < 4) throw new Error(`the checksum of ${what} is cut`);
  const sum = crcBitByBit(data);
  const turned = (sum / 2 ** 15 | 0) + (sum % 2 ** 15) * 2 ** 17;
  const masked = (turned + 0xa282ead8) % 2 ** 32;
  if (littleEndian(found) !== masked) {
    throw new Error(`the checksum of ${what} is ${littleEndian(found)}`);
  }
}

/** CRC-32C as the remainder of a division, most significant bit first. */
export function crcBitByBit(data: Uint8Array): number {
  // The first 32 bits are inverted, and 32 zeros follow.
  const bits = [...data, 0, 0, 0, 0].flatMap((byte) =>
    Array.from({ length: 8 }, (_, bit) => byte >> bit & 1)
  ).map((bit, i) => i < 32 ? 1 - bit : bit);
  const polynomial = 0x1edc6f41;
  let rest = 0;
  for (const bit of bits) {
    const out = rest >>> 31;
    rest = (rest << 1 | bit) >>> 0;
    if (out) rest = (rest ^ polynomial) >>> 0;
  }
  let reflected = 0;
  for (let bit = 0; bit < 32; bit++) {
    reflected = reflected * 2 + (rest >>> bit & 1);
  }
  return 0xffffffff - reflected;
}

/** The fields of a message, by number: integers, or bytes. */
export type Fields = Map<number, (number | Uint8Array)[]>;

/** The fields in the bytes of a message. */
export function fieldsOf(bytes: Uint8Array): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("a message is cut");
      value += (byte & 127) * scale;
      scale *= 128;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    if (at + length > bytes.length) throw new Error("a message is cut");
    return bytes.subarray(at, at += length);
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    const value = wire === 0
      ? varint()
      : wire === 1
      ? take(8)
      : wire === 2
      ? take(varint())
      : wire === 5
      ? take(4)
      : undefined;
    if (value === undefined) throw new Error(`wire type ${wire}`);
    const number = Math.floor(key / 8);
    fields.set(number, [...fields.get(number) ?? [], value]);
  }
  return fields;
}

function eventOf(bytes: Uint8Array): ReadEvent {
  const fields = fieldsOf(bytes);
  const version = fields.get(3)?.[0];
  return {
    wallTime: numbersIn(part(fields, 1), 2)[0]!,
    step: integer(fields, 2),
    ...version !== undefined && { fileVersion: text(version as Uint8Array) },
    values: parts(fieldsOf(part(fields, 5)), 1).map(valueOf),
  };
}

function valueOf(bytes: Uint8Array): ReadValue {
  const fields = fieldsOf(bytes);
  const tensor = fieldsOf(part(fields, 8));
  const metadata = fieldsOf(part(fields, 9));
  const plugin = fieldsOf(part(metadata, 1));
  const dtype = integer(tensor, 1);
  return {
    tag: text(part(fields, 1)),
    plugin: text(part(plugin, 1)),
    content: part(plugin, 2),
    dataClass: integer(metadata, 4),
    dtype,
    shape: parts(fieldsOf(part(tensor, 2)), 2)
      .map((dimension) => integer(fieldsOf(dimension), 1)),
    numbers: numbersIn(part(tensor, 4), dtype),
    texts: parts(tensor, 8),
  };
}

/** Floats of a width, by the number of their type. */
export function numbersIn(bytes: Uint8Array, dtype: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const size = dtype === 1 ? 4 : 8;
  return Array.from(
    { length: Math.floor(bytes.length / size) },
    (_, i) =>
      dtype === 1
        ? view.getFloat32(size * i, true)
        : view.getFloat64(size * i, true),
  );
}

/** All bytes of a field. */
export function parts(fields: Fields, number: number): Uint8Array[] {
  return (fields.get(number) ?? []) as Uint8Array[];
}

/** The bytes of a field, of which there is one at most. */
export function part(fields: Fields, number: number): Uint8Array {
  return parts(fields, number)[0] ?? new Uint8Array();
}

/** An integer, of which there is one at most. */
export function integer(fields: Fields, number: number): number {
  return (fields.get(number)?.[0] ?? 0) as number;
}

/** Bytes as text. */
export function text(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
