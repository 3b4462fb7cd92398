import { assertEquals } from "@std/assert";
import { show } from "../../../core/contract/show.ts";

Deno.test("show() shows any value, even one that breaks when it is looked at", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const broken = new Proxy({}, {
    get() {
      throw new Error("no");
    },
  });
  const cases: [unknown, string][] = [
    ["a", '"a"'],
    [1, "1"],
    [10n, "10"],
    [undefined, "undefined"],
    [Symbol("s"), "Symbol(s)"],
    [{ a: [1] }, '{"a":[1]}'],
    [new Map(), "a Map"],
    [() => 1, "a function"],
    [circular, "an object"],
    [new (class {})(), "an object"],
    [Object.create(Object.create(null)), "an object"],
    [Object.create(null), "{}"],
    [broken, "an object"],
    [Object.create(broken), "a value that cannot be shown"],
  ];
  for (const [value, text] of cases) assertEquals(show(value), text);
});
