import { assert, assertEquals } from "@std/assert";
import { differenceOf, sameNaNs } from "./compare.ts";
import { settingOf } from "./setting.ts";
import { caseOf, killOften, torture } from "./torture.ts";

/** One seed, so that a failure is a change of the code. */
const SEED = 20261121;

Deno.test("20 kills: every run goes on, and ends as one that nobody killed", async () => {
  const { failures, ...counts } = await killOften(20, SEED);
  const told = failures.map(({ index, wrong }) =>
    `deno task torture --seed ${SEED} --case ${index}\n${wrong}`
  );
  assertEquals(told, []);
  assertEquals(counts, { kills: 20, resumed: 20, equal: 20 });
});

Deno.test("a plugin that does not come back as it was is found out", async () => {
  const { attempt, close } = torture(1, () => ({
    ...settingOf(1, 0),
    ...{ model: "mlp", loop: "fit", data: "arrays", gradients: [] },
    ...{ shell: false, threads: 0, epochs: 2, stepsPerEpoch: undefined },
    plugins: [["forgetful", {}]],
  }));
  // One that is killed late, and has backups to go on from.
  const late = Array.from({ length: 1000 }, (_, index) => index)
    .find((index) => {
      const { kills: [kill], backup } = caseOf(1, index);
      const at = kill && "at" in kill ? kill.at : 0;
      return backup.saveFreq === 1 && at > 30 && at < 60;
    })!;
  try {
    const { kills, wrong } = await attempt(late, 1);
    assertEquals(kills, 1);
    assert(wrong?.startsWith('steps.txt, line 1:\n  unbroken "12"\n'), wrong);
  } finally {
    close();
  }
});

Deno.test("the first difference is named with its file and line", () => {
  const whole = new Map([["a.txt", "1\n2\n"], ["b/", ""]]);
  assertEquals(differenceOf(whole, new Map(whole)), undefined);
  for (
    const [broken, expected] of [
      [
        [["a.txt", "1\n3\n"], ["b/", ""]],
        'a.txt, line 2:\n  unbroken "2"\n  resumed  "3"',
      ],
      [
        [["a.txt", "1"], ["b/", ""]],
        'a.txt, line 2:\n  unbroken "2"\n  resumed  (no such line)',
      ],
      [[["a.txt", "1\n2\n"]], "b/ is missing"],
      [
        [["a.txt", ""], ["c.part", ""]],
        "c.part is not there in the unbroken run",
      ],
    ] as const
  ) {
    assertEquals(differenceOf(whole, new Map(broken)), expected);
  }
});

Deno.test("which NaN it is does not count, all else does", () => {
  const bits = (...words: number[]) =>
    sameNaNs(new Uint8Array(new Uint32Array(words).buffer)).toHex();
  assertEquals(bits(0xffc00000, 0x80000000), bits(0x7fc00001, 0x80000000));
  assert(bits(0x7f800000) !== bits(0x7fc00000));
});

Deno.test("cases are the same each time, and all kinds come up", () => {
  const cases = Array.from({ length: 200 }, (_, i) => caseOf(SEED, i));
  assertEquals(cases, cases.map((_, i) => caseOf(SEED, i)));
  const settings = Array.from({ length: 50 }, (_, i) => settingOf(SEED, i));
  const count = (key: "model" | "loop" | "optimizer" | "data" | "threads") =>
    new Set(settings.map((it) => it[key])).size;
  assertEquals(count("model"), 4);
  assertEquals(count("loop"), 5);
  assertEquals(count("optimizer"), 4);
  assertEquals(count("data"), 3);
  assertEquals(count("threads"), 3);
});
