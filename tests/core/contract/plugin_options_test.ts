import { assertEquals, assertThrows } from "@std/assert";
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
  assertEquals(parseUse("csv-logger"), { name: "csv-logger", options: {} });
  assertEquals(parseUse("early-stopping:patience=3,monitor=loss,verbose"), {
    name: "early-stopping",
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
