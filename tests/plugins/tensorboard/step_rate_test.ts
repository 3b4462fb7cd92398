import { assertEquals } from "@std/assert";
import { stepRate } from "../../../plugins/_tensorboard/step_rate.ts";

Deno.test("steps a second, of a batch and of an epoch so far", () => {
  let now = 100;
  const rate = stepRate(() => now);
  rate.beginEpoch(10);
  now += 500;
  rate.beginBatch();
  now += 20;
  assertEquals(rate.ofBatch(), 50);
  now += 480;
  assertEquals(rate.ofEpoch(14), 4);
});

Deno.test("an epoch goes on in another process, whose clock is another", () => {
  let now = 1000;
  const one = stepRate(() => now);
  one.beginEpoch(5);
  now += 250;
  const saved = structuredClone(one.save());
  now = 7;
  const other = stepRate(() => now);
  other.load(saved);
  now += 250;
  assertEquals(other.ofEpoch(8), 6);
});

Deno.test("before the first epoch, it counts from where the measure began", () => {
  let now = 100;
  const rate = stepRate(() => now);
  now += 500;
  assertEquals(rate.ofEpoch(2), 4);
  assertEquals(rate.save(), { steps: 0, lasted: 500 });
});

Deno.test("a batch may be shorter than a millisecond; a clock that stands still gives no infinite rate", () => {
  let now = 0;
  const rate = stepRate(() => now);
  rate.beginBatch();
  assertEquals(rate.ofBatch(), 1_000_000);
  now += 0.5;
  assertEquals(rate.ofBatch(), 2000);
});
