import { assertEquals, assertThrows } from "@std/assert";
import { OptionError } from "../../../core/plugin.ts";
import {
  rangeText,
  readBatchRange,
} from "../../../plugins/_profile/batch_range.ts";

const read = (value: unknown) => readBatchRange("it", "batches", value);

Deno.test("a range of batches is a number, a pair or text; 0 is none", () => {
  for (const given of [5, "5", [5], [5, 5], "5..5"]) {
    assertEquals(read(given), { first: 5, last: 5 }, String(given));
  }
  for (const given of [[10, 20], "10..20", "10,20", " 10 , 20 "]) {
    assertEquals(read(given), { first: 10, last: 20 }, String(given));
  }
  for (const given of [0, "0", [0, 0]]) assertEquals(read(given), undefined);
});

Deno.test("what names no batches is refused", () => {
  const wrong = [-1, 1.5, NaN, "", "a", "1..", "3..2", [1, 2, 3], [], true, {}];
  const pairs = [[0, 5], [1, 2.5], [1.5, 2], [5, 0], ["1", " "], [1, true]];
  for (const given of [...wrong, null, ...pairs]) {
    assertThrows(
      () => read(given),
      OptionError,
      "Cannot create it as 'batches' must be the number of a batch from 1",
    );
  }
});

Deno.test("a range in words", () => {
  assertEquals(rangeText({ first: 3, last: 3 }), "batch 3");
  assertEquals(rangeText({ first: 3, last: 4 }), "batches 3 to 4");
});
