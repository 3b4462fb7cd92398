import { assertEquals } from "@std/assert";
import { mutantsOf, mutated } from "./mutants.ts";
import { percentKilled, table } from "./report.ts";

/** What a line becomes, mutant by mutant. */
function become(source: string): string[] {
  return mutantsOf("a.ts", source).map((mutant) => mutated(source, mutant));
}

Deno.test("each part of an expression is changed by itself", () => {
  assertEquals(become("x = a < 1 && b;"), [
    ";",
    "x = (a < 1);",
    "x = (b);",
    "x = a <= 1 && b;",
    "x = a >= 1 && b;",
    "x = a < 2 && b;",
  ]);
});

Deno.test("conditions are forced, statements removed, loops never made endless", () => {
  assertEquals(become("if (a) b();"), [
    "if (true) b();",
    "if (false) b();",
    "if (a) ;",
  ]);
  assertEquals(become("while (a) b();"), ["while (false) b();", "while (a) ;"]);
  assertEquals(become("const f = () => { return a?.b; };"), [
    "const f = () => { return; };",
    "const f = () => { return a.b; };",
  ]);
});

Deno.test("lists are left unsorted and unfiltered, some is not every", () => {
  assertEquals(become("const a = b.filter(f);"), ["const a = b;"]);
  assertEquals(become("const a = b.some(f);"), ["const a = b.every(f);"]);
  assertEquals(become("const a = [1];"), ["const a = [];", "const a = [2];"]);
});

Deno.test("types, imports, comments and the words of errors stay as they are", () => {
  for (
    const source of [
      'import { a } from "./a.ts";',
      "export type A = 1 | true;",
      "interface A { b: 3 }",
      "let a: 3 | undefined; // 3",
      'const e = new Error("no" + 3);',
    ]
  ) {
    assertEquals(become(source), [], source);
  }
  assertEquals(become("throw new Error(`no ${1 + 1}`);"), [";"]);
});

Deno.test("words that steer are emptied, those for people are not", () => {
  assertEquals(become('f("word");'), [";", 'f("");']);
  assertEquals(become('f("words for people");'), [";"]);
});

Deno.test("the table counts by file, by folder and over all", () => {
  const verdict = (file: string, killed: boolean) => ({
    mutant: { file, line: 1, start: 0, end: 1, text: "" },
    killed,
  });
  const verdicts = [
    verdict("a/b.ts", true),
    verdict("a/b.ts", false),
    verdict("a/c.ts", true),
    verdict("a/c.ts", true),
  ];
  assertEquals(percentKilled(verdicts), 75);
  assertEquals(percentKilled([]), 100);
  assertEquals(table(verdicts), [
    "        killed  survived  of      %",
    "a/b.ts       1         1     2   50.0",
    "a/c.ts       2         0     2  100.0",
    "a/           3         1     4   75.0",
    "all          3         1     4   75.0",
  ]);
});
