import { assertEquals, assertRejects } from "@std/assert";
import {
  csvBatches,
  csvDataset,
  type CsvOptions,
} from "../../../core/data/csv.ts";
import { InputError } from "../../../core/errors.ts";

async function file(text: string): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeTextFile(path, text);
  return path;
}

async function refusal(
  text: string,
  options: CsvOptions = {},
): Promise<string> {
  const path = await file(text);
  const error = await assertRejects(
    () => csvDataset(path, options),
    InputError,
  );
  return error.message.replace(path, "FILE");
}

Deno.test("csvDataset() takes the label by name, the rest are features", async () => {
  const path = await file("a,label,b\n1,0,2\n3,1,4\n5,0,6\n7,1,8\n9,0,10\n");
  const { train, validation } = await csvDataset(path, { label: "label" });
  assertEquals([...train.x], [1, 2, 3, 4, 5, 6, 7, 8]);
  assertEquals([[...train.y], train.xShape, train.count], [
    [0, 1, 0, 1],
    [2],
    4,
  ]);
  assertEquals([[...validation.x], [...validation.y]], [[9, 10], [0]]);
});

Deno.test("a file without a header has its label by index, as HIGGS does in column 0", async () => {
  const path = await file("1,0.5,0.25\n0,1.5,1.25\n");
  const { train } = await csvDataset(path, { label: "0", validationSplit: 0 });
  assertEquals([[...train.y], [...train.x]], [[1, 0], [0.5, 0.25, 1.5, 1.25]]);
});

Deno.test("labels that are words become classes in order of appearance", async () => {
  const path = await file("x,kind\n1,cat\n2,dog\n3,cat\n");
  const { train, classes, labels } = await csvDataset(path, {
    label: "kind",
    validationSplit: 0,
  });
  assertEquals([[...train.y], classes, labels], [[0, 1, 0], 2, ["cat", "dog"]]);
});

Deno.test("csvBatches() reads batch by batch", async () => {
  const path = await file("a,y\n1,1\n2,2\n3,3\n");
  const seen: [number[], number[], readonly string[]][] = [];
  for await (const { x, y, features } of csvBatches(path, { batchSize: 2 })) {
    seen.push([[...x], [...y], features]);
  }
  assertEquals(seen, [[[1, 2], [1, 2], ["a"]], [[3], [3], ["a"]]]);
});

Deno.test("other separators are accepted", async () => {
  const { train } = await csvDataset(await file("a;y\n1;2\n"), {
    separator: ";",
    validationSplit: 0,
  });
  assertEquals([[...train.x], [...train.y]], [[1], [2]]);
});

Deno.test("ragged rows and cells that are not numbers are rejected with the row", async () => {
  assertEquals(
    await refusal("a,b,y\n1,2,3\n1,2\n"),
    "Cannot read FILE: row 3 has 2 columns, expected 3",
  );
  assertEquals(
    await refusal("a,b,y\n1,2,3\n1,x,3\n"),
    'Cannot read FILE: row 3, column "b" is "x", expected a number',
  );
  assertEquals(
    await refusal("a,y\n,1\n"),
    'Cannot read FILE: row 2, column "a" is "", expected a number',
  );
  assertEquals(
    await refusal("a,y\n1,\n"),
    'Cannot read FILE: row 2, column "y" is "", expected a number',
  );
});

Deno.test("an unknown label column is rejected with did-you-mean", async () => {
  assertEquals(
    await refusal("a,label\n1,2\n", { label: "lable" }),
    'Cannot read FILE: it has no column "lable" for the label, did you mean "label"?',
  );
  assertEquals(
    await refusal("1,2\n", { label: "7" }),
    'Cannot read FILE: it has no column "7" for the label; its columns are 0, 1',
  );
});

Deno.test("an empty file and one with only a header have no rows", async () => {
  assertEquals(await refusal(""), "Cannot read FILE: it has no rows");
  assertEquals(await refusal("a,y\n"), "Cannot read FILE: it has no rows");
});

Deno.test("a missing file is reported", async () => {
  const error = await assertRejects(
    () => csvDataset("no-such.csv"),
    InputError,
  );
  assertEquals(
    error.message,
    "Cannot read no-such.csv: there is no such file or folder",
  );
});

Deno.test("a file of one row is read, however small the batch", async () => {
  const path = await file("1,0\n");
  const counts = [];
  for await (const { count } of csvBatches(path, { batchSize: 1 })) {
    counts.push(count);
  }
  assertEquals(counts, [1]);
});
