import { assertEquals } from "@std/assert";
import { shown } from "../../plugins/_shown.ts";

Deno.test("shown() shows whatever was given for an option", () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const cases: [unknown, string][] = [
    ["up", "up"],
    [NaN, "NaN"],
    [null, "null"],
    [Symbol("s"), "Symbol(s)"],
    [{ a: 1 }, '{"a":1}'],
    [() => 1, "a function"],
    [circular, "an object"],
  ];
  for (const [value, text] of cases) assertEquals(shown(value), text);
});
