import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
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
  const path = await file("a,label,b\n1,0,2\n3,1,4\n5,0,6\n");
  const { train } = await csvDataset(path, {
    label: "label",
    validationSplit: 0,
  });
  assertEquals([...train.x], [1, 2, 3, 4, 5, 6]);
  assertEquals([[...train.y], train.xShape, train.count], [[0, 1, 0], [2], 3]);
});

Deno.test("a file sorted by class has every class on both sides of the split", async () => {
  const rows = Array.from(
    { length: 50 },
    (_, i) => `${i},${i < 25 ? "a" : "b"}`,
  );
  const path = await file(rows.join("\n"));
  const { train, validation, labels } = await csvDataset(path);
  assertEquals([train.count, validation.count, labels], [40, 10, ["a", "b"]]);
  for (const { x, y, count } of [train, validation]) {
    assertEquals(new Set(y).size, 2);
    for (let i = 0; i < count; i++) assertEquals(y[i], x[i]! < 25 ? 0 : 1);
  }
  const again = await csvDataset(path);
  assertEquals(again.validation, validation);
  const other = await csvDataset(path, { splitSeed: 1 });
  assertNotEquals(other.validation.x, validation.x);
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

Deno.test("semicolons and tabs are recognised, other separators are named", async () => {
  const cases: [string, CsvOptions][] = [
    ["a;b;y\n1;3;2\n", {}],
    ['"a;a";b;y\n1;3;2', {}],
    ["a\tb\ty\r\n1\t3\t2\r\n", {}],
    ["1;3;2", {}],
    ["a|b|y\n1|3|2\n", { separator: "|" }],
    // A semicolon in a name does not separate.
    ["a;a,b,y\n1,3,2\n", {}],
  ];
  for (const [text, options] of cases) {
    const { train } = await csvDataset(await file(text), {
      ...options,
      validationSplit: 0,
    });
    assertEquals([[...train.x], [...train.y]], [[1, 3], [2]], text);
  }
  assertEquals(
    await refusal("1,5;2,5;3\n"),
    'Cannot read FILE: row 1, column "0" is "1,5", expected a number with a decimal point',
  );
  assertEquals(
    await refusal("a|y\n1|2\n"),
    "Cannot read FILE: it has one column, expected features and a label; if they are not separated by a comma, a semicolon or a tab, name the separator ('separator', or --separator)",
  );
  assertEquals(
    await refusal("a,y\n", { separator: "::" }),
    'Cannot read FILE: its separator must be one character other than a quote or a line break, current value is "::"',
  );
});

Deno.test("a header is recognised: words over numbers, not a sample with a word for a label", async () => {
  const counts: [string, CsvOptions, number][] = [
    ["1,2,cat\n3,4,dog\n5,6,cat\n", {}, 3],
    ["cat,1,2\ndog,3,4\n", { label: "0" }, 2],
    ["a,b,kind\n3,4,dog\n5,6,cat\n", {}, 2],
    // As pandas writes them: names that are numbers, a column without a name.
    ["0,1,y\n3,4,7\n5,6,8\n", {}, 2],
    [",a,y\n0,4,7\n1,6,8\n", {}, 2],
    ["0,1,kind\n3,4,dog\n5,6,cat\n", { label: "kind" }, 2],
    ["2019,mean,kind\n3,4,dog\n5,6,cat\n", { label: "kind" }, 2],
    ["1,2,3\n4,5,6\n", { header: true }, 1],
    ["1,2,cat\n", {}, 1],
  ];
  for (const [text, options, count] of counts) {
    const { train } = await csvDataset(await file(text), {
      ...options,
      validationSplit: 0,
    });
    assertEquals(train.count, count, text);
  }
  assertEquals(
    await refusal("2019,mean,kind\n3,4,dog\n5,6,cat\n"),
    'Cannot read FILE: its first row has "mean" beside "2019", so it may be names or a sample; say which (\'header\', or --no-header for a sample and --label NAME for names)',
  );
  assertEquals(
    await refusal("5.1,?,setosa\n4.9,3,setosa\n"),
    'Cannot read FILE: row 1, column "1" is "?", expected a number',
  );
  assertEquals(
    await refusal("a,y\n1,2\n", { header: false }),
    'Cannot read FILE: row 1, column "0" is "a", expected a number',
  );
});

Deno.test("labels are all numbers or all words, and blanks around a word do not make another", async () => {
  const path = await file('x,kind\n1,cat\n2, dog\n3,"cat "\n4,dog\t\n');
  const { train, labels } = await csvDataset(path, { validationSplit: 0 });
  assertEquals([[...train.y], labels], [[0, 1, 0, 1], ["cat", "dog"]]);
  assertEquals(
    await refusal("x,y\n1,0\n2,1\n3,cat\n4,2\n"),
    'Cannot read FILE: row 4, column "y" is "cat", but the labels above it are numbers; give words for all, or numbers for all',
  );
  assertEquals(
    await refusal("x,y\n1,cat\n2,1\n"),
    'Cannot read FILE: row 3, column "y" is "1", but the labels above it are words; give words for all, or numbers for all',
  );
});

Deno.test("a model's classes keep their index, and other words are refused", async () => {
  const options = { labels: ["cat", "dog"], validationSplit: 0 };
  const { train } = await csvDataset(
    await file("x,y\n1,dog\n2,cat\n"),
    options,
  );
  assertEquals([...train.y], [1, 0]);
  const error = await assertRejects(
    async () => csvDataset(await file("x,y\n1,cow\n"), options),
    InputError,
  );
  assertEquals(
    error.message.replace(/ read .*?:/, ":"),
    'Cannot: row 2, column "y" is "cow", which is none of the model\'s classes: cat, dog',
  );
});

Deno.test("numbers that float32 cannot hold are refused, not made NaN", async () => {
  for (const cell of ["1e400", "-Infinity", "1e39"]) {
    const why = "expected a number within the range of float32, about 3.4e38";
    assertEquals(
      await refusal(`a,y\n1,1\n${cell},1\n`),
      `Cannot read FILE: row 3, column "a" is "${cell}", ${why}`,
    );
    assertEquals(
      await refusal(`a,y\n1,${cell}\n`),
      `Cannot read FILE: row 2, column "y" is "${cell}", ${why}`,
    );
  }
  assertEquals(
    await refusal("a,y\n1,NaN\n"),
    'Cannot read FILE: row 2, column "y" is "NaN", expected a number',
  );
});

Deno.test("a split that leaves a side without samples is refused", async () => {
  assertEquals(
    await refusal("1,0\n"),
    "Cannot split FILE: a validation split of 0.2 leaves no samples on one side; it has 1 sample",
  );
  const path = await file("1,0\n2,1\n");
  for (const validationSplit of [-0.1, 1, NaN]) {
    await assertRejects(
      () => csvDataset(path, { validationSplit }),
      InputError,
      "'validationSplit' must be at least 0 and below 1",
    );
  }
});

Deno.test("what is no text, and no file, is refused", async () => {
  const path = await Deno.makeTempFile({ suffix: ".csv" });
  await Deno.writeFile(path, Uint8Array.of(49, 44, 0xe9, 10));
  const latin = await assertRejects(() => csvDataset(path), InputError);
  assertEquals(latin.message, `Cannot read ${path}: it is not UTF-8 text`);
  const dir = await Deno.makeTempDir({ suffix: ".csv" });
  const folder = await assertRejects(() => csvDataset(dir), InputError);
  assertEquals(folder.message, `Cannot read ${dir}: it is not a file`);
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

Deno.test("csvBatches() may be left early, and keeps the words it knows", async () => {
  const path = await file("a,y\n1,dog\n2,cat\n3,dog\n");
  const words = ["cat"];
  for await (const { y } of csvBatches(path, { batchSize: 1, words })) {
    assertEquals([[...y], words], [[1], ["cat", "dog"]]);
    break;
  }
});
