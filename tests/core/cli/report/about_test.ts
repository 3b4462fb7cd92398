import { assertEquals } from "@std/assert";
import {
  aboutFile,
  firstParagraph,
} from "../../../../core/cli/report/about.ts";

Deno.test("firstParagraph() is the first paragraph of the first comment", () => {
  assertEquals(
    firstParagraph("/**\n * One\n * two.\n *\n * Three\n */"),
    "One two.",
  );
  assertEquals(firstParagraph("/** One.\n * @module */"), "One.");
  assertEquals(firstParagraph("/** @module */"), undefined);
  assertEquals(firstParagraph("export default {};"), undefined);
});

Deno.test("aboutFile() returns nothing for a file it cannot read", async () => {
  assertEquals(await aboutFile("no/such/file.ts"), undefined);
});
