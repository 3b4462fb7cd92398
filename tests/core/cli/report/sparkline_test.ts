import { assertEquals } from "@std/assert";
import { sparkline } from "../../../../core/cli/report/sparkline.ts";

Deno.test("sparkline() draws from low to high, and thins long curves out", () => {
  assertEquals(sparkline([1, 2, 3, 4, 5, 6, 7, 8]), "▁▂▃▄▅▆▇█");
  assertEquals(sparkline([3, NaN, 3]), "▅·▅");
  assertEquals(
    sparkline(Array.from({ length: 100 }, (_, i) => i), 8),
    "▁▂▃▄▅▆▇█",
  );
});
