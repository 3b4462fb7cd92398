/**
 * CSV files: what is read are numbers, or it says row and column.
 *
 * @module
 */
import fc from "fast-check";
import { csvDataset } from "../../../core/data/csv.ts";
import { type AnyTarget, target, Wrong } from "../target.ts";
import { number, rarely, word } from "../values.ts";

const digit = fc.integer({ min: -9, max: 9 }).map(String);

const cell = fc.oneof(
  { weight: 600, arbitrary: digit },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...["cat", "1e400", "NaN", "", '"', '"a"', "1,5", "-Infinity", "?"],
    ),
  },
  { weight: 1, arbitrary: word },
);

const label = fc.constantFrom("cat", "dog", " cat", '"dog "');

/** Rows as they should be, with labels of one kind, and now and then a cell that is not. */
const rows = fc.oneof(
  { weight: 2, arbitrary: fc.array(fc.tuple(cell, cell, label)) },
  { weight: 2, arbitrary: fc.array(fc.tuple(cell, cell, digit)) },
  { weight: 1, arbitrary: fc.array(fc.array(cell, { maxLength: 5 })) },
);

const text = fc.tuple(
  fc.constantFrom(",", ",", ",", ";", "\t", "|", " "),
  fc.constantFrom("\n", "\n", "\r\n", "\r", "\n\n"),
  fc.oneof(
    fc.constant(undefined),
    fc.constant(["a", "b", "y"]),
    fc.array(word, { maxLength: 5 }),
  ),
  rows,
).map(([separator, end, head, rows]) =>
  [...(head ? [head] : []), ...rows].map((row) => row.join(separator)).join(end)
);

/** The texts and the options. */
export const csv: AnyTarget = target({
  name: "csv",
  share: 20,
  inputs: fc.record({
    text: fc.oneof({ weight: 8, arbitrary: text }, {
      weight: 1,
      arbitrary: word,
    }),
    options: fc.record({
      label: rarely(
        fc.oneof(fc.constantFrom("y", "a", "0", 0, 2), word, number),
      ),
      separator: rarely(fc.oneof(fc.constantFrom(",", ";"), word)),
      header: rarely(fc.boolean()),
      validationSplit: rarely(fc.oneof(fc.constantFrom(0, 0.5), number)),
      labels: rarely(fc.array(fc.constantFrom("cat", "dog"))),
    }),
  }),
  async attempt({ text, options }, dir) {
    const path = `${dir}/data.csv`;
    await Deno.writeTextFile(path, text);
    const { train, validation, classes = Infinity } = await csvDataset(
      path,
      options,
    );
    for (const { x, xShape, y, count } of [train, validation]) {
      if (x.length !== count * xShape[0]! || y.length !== count) {
        throw new Wrong("the counts do not agree");
      }
      if (![...x, ...y].every(Number.isFinite)) {
        throw new Wrong("a number is not finite");
      }
      if (y.some((label) => label >= classes)) {
        throw new Wrong("a label is no class");
      }
    }
    return train.count ? "fine" : "empty";
  },
});
