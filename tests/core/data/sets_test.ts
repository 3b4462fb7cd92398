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

Deno.test("what is no name, folder or file is said to be none, whatever it is", async () => {
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/a.data`, "1,2\n");
  await Deno.symlink(`${dir}/loop.csv`, `${dir}/loop.csv`);
  const refusal = async (name: string) =>
    (await assertRejects(() => loadDataset(name), InputError)).message
      .replace(dir, "DIR");
  const names = "(names are digits, exotic, mnist, fashion-mnist)";
  const none = `: there is no such name, folder or .csv file ${names}`;
  for (
    const name of ["constructor", "toString", "__proto__", "", "a\0b", "mnist/"]
  ) {
    assertEquals(
      await refusal(name),
      `Cannot load the data set "${name}"${
        name === "mnist/" ? `, did you mean "mnist"? ${names}` : none
      }`,
    );
  }
  assertEquals(
    await refusal(`${dir}/a.data/x`),
    `Cannot load the data set "DIR/a.data/x"${none}`,
  );
  assertEquals(
    await refusal(`${dir}/a.data`),
    `Cannot load the data set "DIR/a.data": it is a file whose name does not end in .csv or .tsv ${names}`,
  );
  assertEquals(
    await refusal("x".repeat(5000)),
    `Cannot load the data set "${"x".repeat(200)}…"${none}`,
  );
  assertEquals(
    await refusal(`${dir}/loop.csv/x.csv`),
    "Cannot read DIR/loop.csv/x.csv: its links lead in a circle",
  );
});

Deno.test("a split takes the place of the validation samples that come with a data set", async () => {
  const { train, validation } = await loadDataset("digits", {
    validationSplit: 0.1,
  });
  assertEquals([train.count, validation.count], [5400, 600]);
});
