import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import {
  checkOptions,
  parseUse,
  readOptions,
} from "../../../core/contract/plugin_options.ts";
import { InputError } from "../../../core/errors.ts";

const DEFAULTS = {
  patience: 0,
  monitor: "val_loss",
  verbose: false,
  baseline: undefined,
  headers: {},
};

function message(call: () => unknown): string {
  return assertThrows(call, InputError).message;
}

Deno.test("parseUse() reads a name with and without options", () => {
  assertEquals(parseUse("csv-logger"), {
    name: "csv-logger",
    shadow: false,
    options: {},
  });
  assertEquals(parseUse("early-stopping:patience=3,monitor=loss,verbose"), {
    name: "early-stopping",
    shadow: false,
    options: { patience: "3", monitor: "loss", verbose: true },
  });
  assertEquals(parseUse("p:a=x=y,b=1\\,2").options, { a: "x=y", b: "1,2" });
});

Deno.test("parseUse() refuses a text without a name", () => {
  assertEquals(
    message(() => parseUse(":patience=3")),
    'Cannot use ":patience=3": expected NAME or NAME:OPTION=VALUE,… such as early-stopping:patience=3',
  );
});

Deno.test("readOptions() types values like the defaults", () => {
  assertEquals(
    readOptions("p", {
      patience: "3",
      monitor: "7",
      verbose: true,
      baseline: "0.5",
      headers: '{"a":"b"}',
    }, DEFAULTS),
    {
      patience: 3,
      monitor: "7",
      verbose: true,
      baseline: 0.5,
      headers: { a: "b" },
    },
  );
});

Deno.test("readOptions() refuses unknown names and ill-typed values", () => {
  assertEquals(
    message(() => readOptions("early-stopping", { patiance: "3" }, DEFAULTS)),
    'Cannot use "early-stopping": it has no option "patiance", did you mean "patience"?',
  );
  assertEquals(
    message(() => readOptions("p", { zzzzzz: "3" }, DEFAULTS)),
    'Cannot use "p": it has no option "zzzzzz": known are patience, monitor, verbose, baseline, headers',
  );
  assertEquals(
    message(() => readOptions("p", { x: "3" }, {})),
    'Cannot use "p": it has no option "x": it has none',
  );
  assertEquals(
    message(() => readOptions("p", { patience: "three" }, DEFAULTS)),
    'Cannot use "p": option "patience" takes a number, current value is "three"',
  );
  assertEquals(
    message(() => readOptions("p", { verbose: "yes" }, DEFAULTS)),
    'Cannot use "p": option "verbose" takes true or false, current value is "yes"',
  );
  assertEquals(
    message(() => readOptions("p", { monitor: true }, DEFAULTS)),
    'Cannot use "p": option "monitor" takes text, current value is "true"',
  );
});

Deno.test("checkOptions() checks values given in code", () => {
  const good = {
    patience: 3,
    baseline: 0.5,
    headers: { a: "b" },
    monitor: Math.sqrt,
  };
  assertEquals(checkOptions("p", good, DEFAULTS), good);
  assertEquals(
    message(() => checkOptions("p", { patience: "3" }, DEFAULTS)),
    'Cannot use "p": option "patience" takes a number, current value is "3"',
  );
});

Deno.test("numbers survive the way through text", () => {
  fc.assert(fc.property(fc.double({ noNaN: true }), (value) => {
    const read = readOptions("p", { patience: String(value) }, DEFAULTS);
    assertEquals(read.patience, value === 0 ? 0 : value);
  }));
});

Deno.test("where a module does not say its defaults, any option is taken", () => {
  const given = { every: "2", name: "x", list: "[1]", on: true } as const;
  assertEquals(readOptions("p", given, undefined), {
    every: 2,
    name: "x",
    list: [1],
    on: true,
  });
  assertEquals(checkOptions("p", { every: 2 }, undefined), { every: 2 });
});

Deno.test("parseUse() takes blanks around names, and nothing between commas", () => {
  assertEquals(parseUse(" p : a=1, ,b "), {
    name: "p",
    shadow: false,
    options: { a: "1", b: true },
  });
});

Deno.test("parseUse() leaves colons in values alone", () => {
  assertEquals(parseUse("csv-logger:path=C:/log.csv"), {
    name: "csv-logger",
    shadow: false,
    options: { path: "C:/log.csv" },
  });
});

Deno.test("parseUse() reads shadow: before a name, but not as one", () => {
  assertEquals(parseUse(" shadow: early-stopping : patience=3"), {
    name: "early-stopping",
    shadow: true,
    options: { patience: "3" },
  });
  for (const text of ["shadow", "shadow:patience=3"]) {
    assertEquals([parseUse(text).name, parseUse(text).shadow], [
      "shadow",
      false,
    ]);
  }
});

Deno.test("readOptions() reads truth values written out", () => {
  const read = (verbose: string) => readOptions("p", { verbose }, DEFAULTS);
  assertEquals(read("true"), { verbose: true });
  assertEquals(read("false"), { verbose: false });
});

Deno.test("readOptions() refuses what is no number", () => {
  for (const text of ["", " ", "x"]) {
    assertEquals(
      message(() => readOptions("p", { patience: text }, DEFAULTS)),
      `Cannot use "p": option "patience" takes a number, current value is "${text}"`,
    );
  }
});

Deno.test("readOptions() takes anything where no default says what, a number as such", () => {
  const read = (baseline: string | true) =>
    readOptions("p", { baseline }, DEFAULTS).baseline;
  assertEquals(
    [read(".5"), read("-Infinity"), read("cat"), read("false"), read(true)],
    [0.5, -Infinity, "cat", false, true],
  );
  assertEquals([read('"5"'), read("[1]"), read("")], ["5", [1], ""]);
  for (const baseline of ["x", 3, [1]]) {
    assertEquals(checkOptions("p", { baseline }, DEFAULTS), { baseline });
  }
});

Deno.test("a list is written with + or as JSON, and its values are typed like the default's", () => {
  const defaults = { keys: ["loss"], epochs: [1], labels: [] };
  const read = (text: string) =>
    readOptions("notify", parseUse(`notify:${text}`).options, defaults);
  assertEquals(read("keys=loss"), { keys: ["loss"] });
  assertEquals(read("keys=loss+val_loss,epochs=1+10"), {
    keys: ["loss", "val_loss"],
    epochs: [1, 10],
  });
  assertEquals(read('keys=["a","b"]'), { keys: ["a", "b"] });
  assertEquals(read("labels=1.0+c\\+\\++"), { labels: ["1.0", "c++", ""] });
  assertEquals(read("keys="), { keys: [] });
  assertEquals(
    message(() => read("epochs=1+x")),
    'Cannot use "notify": option "epochs" takes a list such as epochs=a+b, current value is "1+x"',
  );
  assertEquals(
    message(() => checkOptions("notify", { keys: "loss" }, defaults)),
    'Cannot use "notify": option "keys" takes a list such as keys=a+b, current value is "loss"',
  );
});

Deno.test("an object is written as JSON, whose commas are no separators", () => {
  const read = (text: string) =>
    readOptions("p", parseUse(`p:${text}`).options, DEFAULTS);
  assertEquals(read('headers={"a":"b","c":"d"},patience=1'), {
    headers: { a: "b", c: "d" },
    patience: 1,
  });
  for (const text of ["x", "[1]", "3"]) {
    assertEquals(
      message(() => read(`headers=${text}`)),
      `Cannot use "p": option "headers" takes an object such as headers={"a":"b"}, current value is "${text}"`,
    );
  }
});

Deno.test("parseUse() refuses an option that is given twice, and loses none", () => {
  assertEquals(
    message(() => parseUse("p:a=1,b=2,a=3")),
    'Cannot use "p": option "a" is given twice',
  );
  assertEquals(
    message(() =>
      readOptions("p", parseUse("p:__proto__=1").options, DEFAULTS)
    ),
    'Cannot use "p": it has no option "__proto__": known are patience, monitor, verbose, baseline, headers',
  );
});

Deno.test("parseUse() and readOptions() take any text, or refuse it in a sentence", () => {
  fc.assert(fc.property(fc.string(), fc.string(), (name, text) => {
    try {
      const { options } = parseUse(`${name}:${text}`);
      readOptions("p", options, DEFAULTS);
    } catch (error) {
      assertInstanceOf(error, InputError);
    }
  }));
});

Deno.test("checkOptions() takes an option of each type, and undefined for the default", () => {
  const good = { patience: 1, monitor: "loss", verbose: true };
  assertEquals(checkOptions("p", good, DEFAULTS), good);
  const unset = { patience: undefined, monitor: undefined };
  assertEquals(checkOptions("p", unset, DEFAULTS), unset);
});

Deno.test("checkOptions() takes a number or a function where a text may stand for one", () => {
  for (const monitor of [3, () => 3]) {
    assertEquals(checkOptions("p", { monitor }, DEFAULTS), { monitor });
  }
});

Deno.test("checkOptions() refuses unknown names and values of another type", () => {
  assertEquals(
    message(() => checkOptions("p", { patiance: 3 }, DEFAULTS)),
    'Cannot use "p": it has no option "patiance", did you mean "patience"?',
  );
  assertEquals(
    message(() => checkOptions("p", { monitor: ["loss"] }, DEFAULTS)),
    'Cannot use "p": option "monitor" takes text, current value is ["loss"]',
  );
  assertEquals(
    message(() => checkOptions("p", { verbose: 1 }, DEFAULTS)),
    'Cannot use "p": option "verbose" takes true or false, current value is 1',
  );
  assertEquals(
    message(() => checkOptions("p", { patience: () => 3 }, DEFAULTS)),
    'Cannot use "p": option "patience" takes a number, current value is a function',
  );
});
