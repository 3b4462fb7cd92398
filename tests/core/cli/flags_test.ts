import { assertEquals } from "@std/assert";
import { flagsHelp, readFlags } from "../../../core/cli/flags.ts";

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
