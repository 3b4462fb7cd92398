import { assert, assertEquals, assertThrows } from "@std/assert";
import * as fc from "fast-check";
import { TRAIN_FLAGS } from "../../../core/cli/commands/train_flags.ts";
import { flagsHelp, readFlags } from "../../../core/cli/flags.ts";
import { InputError } from "../../../core/errors.ts";

Deno.test("readFlags() reads switches, values and lists", () => {
  const table = [
    { name: "quiet", kind: "switch", help: "say less" },
    { name: "epochs", kind: "count", value: "N", help: "how many" },
    { name: "use", kind: "list", value: "NAME", help: "often" },
  ] as const;
  assertEquals(
    readFlags(
      ["a.ts", "--quiet", "--epochs=3", "--use", "x", "--use=y:z=1"],
      table,
    ),
    {
      flags: { quiet: true, epochs: 3, use: ["x", "y:z=1"] },
      words: ["a.ts"],
    },
  );
  assertEquals(
    flagsHelp(table),
    "  --quiet     say less\n  --epochs N  how many\n  --use NAME  often",
  );
});

function refusal(...args: string[]): string {
  return assertThrows(() => readFlags(args, TRAIN_FLAGS), InputError).message;
}

Deno.test("readFlags() refuses what is not in the table, however it is written", () => {
  const known = ', did you mean "--epochs"?';
  assertEquals(refusal("--epoch", "3"), `Unknown flag "--epoch"${known}`);
  assertEquals(refusal("--no-epochs=7"), `Unknown flag "--no-epochs"${known}`);
  assertEquals(refusal("--epochs.a=3"), `Unknown flag "--epochs.a"${known}`);
  for (
    const odd of ["--_", "--", "--__proto__", "--constructor", "-x", "-hq"]
  ) {
    assertEquals(
      refusal(`${odd}=5`).startsWith(`Unknown flag "${odd}"`),
      true,
      odd,
    );
  }
  assertEquals(refusal("--_", "5"), 'Unknown flag "--_": --help lists them');
});

Deno.test("readFlags() gives a switch no value, and a count no more than it can hold", () => {
  assertEquals(
    refusal("--quiet=5"),
    'Flag "--quiet" takes no value: leave "=5" out',
  );
  assertEquals(
    refusal("--epochs", "1e20"),
    'Flag "--epochs" takes an integer >= 0: current value is "1e20"',
  );
});

Deno.test("readFlags() takes what stands behind -- as words", () => {
  assertEquals(readFlags(["--quiet", "--", "--_", "-1"], TRAIN_FLAGS), {
    flags: { quiet: true },
    words: ["--_", "-1"],
  });
});

Deno.test("whatever the arguments are, readFlags() returns flags of their kind or refuses them", () => {
  const name = fc.oneof(
    fc.constantFrom(...TRAIN_FLAGS.map(({ name }) => name)),
    fc.string({ maxLength: 8 }),
  );
  const value = fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom("", "0", "-1", "1e400", "NaN", "true", "__proto__"),
  );
  const arg = fc.oneof(
    value,
    fc.tuple(fc.constantFrom("--", "-", "---", "--no-"), name, value)
      .map(([dashes, name, value]) => `${dashes}${name}=${value}`),
    name.map((name) => `--${name}`),
  );
  const types = {
    switch: "boolean",
    text: "string",
    count: "number",
    number: "number",
    list: "object",
  };
  fc.assert(
    fc.property(fc.array(arg, { maxLength: 6 }), (args) => {
      let given;
      try {
        given = readFlags(args, TRAIN_FLAGS);
      } catch (error) {
        assert(error instanceof InputError, String(error));
        return;
      }
      for (const [name, value] of Object.entries(given.flags)) {
        const flag = TRAIN_FLAGS.find((flag) => flag.name === name)!;
        assertEquals(typeof value, types[flag.kind]);
      }
    }),
    { numRuns: 2000 },
  );
});
