import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../../core/errors.ts";
import type { Keeper } from "../../../../core/plugin.ts";
import { keepAll } from "../../../../core/run/backup/keepers.ts";

/** Keeps one value. */
function cell(value: unknown): Keeper & { value: unknown } {
  return {
    value,
    save() {
      return this.value;
    },
    load(saved) {
      this.value = saved;
    },
  };
}

Deno.test("keepAll() saves and loads each under its name, and leaves out what is not there", async () => {
  const all = { a: cell(1), b: cell(undefined), c: undefined };
  const saved = keepAll(all).save();
  assertEquals(saved, { a: 1, b: undefined });
  all.a.value = all.b.value = 9;
  await keepAll(all).load(structuredClone(saved));
  assertEquals([all.a.value, all.b.value], [1, undefined]);
});

Deno.test("keepAll() waits for what must be waited for, and only then", async () => {
  const slow: Keeper = {
    save: () => Promise.resolve(1),
    load: (saved) =>
      Promise.resolve().then(() => order.push(`slow ${saved}`)).then(() => {}),
  };
  const order: string[] = [];
  const quick: Keeper = {
    save: () => 2,
    load: (saved) => void order.push(`quick ${saved}`),
  };
  const both = keepAll({ slow, quick });
  const saved = both.save();
  assertEquals(saved instanceof Promise, true);
  assertEquals(await saved, { slow: 1, quick: 2 });
  await both.load(await saved);
  assertEquals(order, ["slow 1", "quick 2"]);
  assertEquals(keepAll({ quick }).save(), { quick: 2 });
});

Deno.test("keepAll() in keepAll() tells what is of another run", async () => {
  const saved = keepAll({ outer: keepAll({ a: cell(1) }) }).save();
  const other = cell(0);
  await assertRejects(
    async () => await keepAll({ outer: keepAll({ b: other }) }).load(saved),
    InputError,
    [
      "Cannot take back what was kept: it is of another run",
      `- nothing was saved of "b"`,
      `- there is no "a" that takes what was saved`,
    ].join("\n"),
  );
  assertEquals(other.value, 0);
});
