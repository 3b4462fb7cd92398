import { assertEquals, assertRejects } from "@std/assert";
import { loadDataset } from "../../../core/data/sets.ts";
import { InputError } from "../../../core/errors.ts";

Deno.test("loadDataset() knows some names, and lists them for an unknown one", async () => {
  assertEquals((await loadDataset("exotic", { seed: 1 })).classes, 2);
  const error = await assertRejects(() => loadDataset("mnits"), InputError);
  assertEquals(
    error.message,
    'Cannot load the data set "mnits", did you mean "mnist"? (names are digits, exotic, mnist, fashion-mnist)',
  );
  const none = await assertRejects(() => loadDataset("some/where"), InputError);
  assertEquals(
    none.message,
    'Cannot load the data set "some/where": there is no such name, folder or .csv file (names are digits, exotic, mnist, fashion-mnist)',
  );
});
