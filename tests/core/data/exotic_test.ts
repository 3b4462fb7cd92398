import { assertAlmostEquals, assertEquals } from "@std/assert";
import { exoticParticles } from "../../../core/data/exotic.ts";

Deno.test("exoticParticles() has 28 features, seven of them derived from the others", () => {
  const { train } = exoticParticles({ train: 100, validation: 10, seed: 3 });
  assertEquals(
    [train.xShape, train.x.length, [...train.y].filter(Boolean).length],
    [[28], 2800, 50],
  );
  const background = train.x.subarray(0, 28);
  assertAlmostEquals(
    background[21]!,
    Math.hypot(background[0]!, background[1]!, background[2]!),
    1e-5,
  );
});
