import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { type Finding, fuzz, sharesOf, TARGETS, tryOne } from "./fuzz.ts";
import { target, Wrong } from "./target.ts";
import fc from "fast-check";
import { InputError } from "../../core/errors.ts";

/** One seed, so that a failure is a change of the code. */
const SEED = 20261121;

const COUNT = 2000;

function told({ target, index, input, wrong }: Finding): string {
  return `deno task fuzz --seed ${SEED} --target ${target} --index ${index}\n${input}\n${wrong}`;
}

const [spawned, within] = [true, false].map((spawns) =>
  TARGETS.filter((target) => (target.spawns ?? false) === spawns)
);

Deno.test("2,000 inputs that nobody expects work, or are refused in words, and leave nothing behind", async (t) => {
  await tf.setBackend("cpu");
  for (const [target, count] of sharesOf(COUNT, within)) {
    await t.step(`${count} ${target.name}`, async () => {
      const { findings } = await fuzz(new Map([[target, count]]), SEED);
      assertEquals(findings.map(told), []);
    });
  }
});

Deno.test("the same from a shell: exit codes 0, 1 and 2, and no stack trace", async () => {
  const plan = new Map(spawned!.map((target) => [target, 24]));
  const { findings } = await fuzz(plan, SEED);
  assertEquals(findings.map(told), []);
});

const faulty = target({
  name: "faulty",
  share: 1,
  inputs: fc.integer({ min: 0, max: 5 }),
  async attempt(input, dir) {
    if (input === 0) throw new TypeError("x is undefined");
    if (input === 1) throw new InputError("Cannot: it is [object Object]");
    if (input === 2) throw new Wrong("two");
    if (input === 3) await Deno.writeTextFile(`${dir}/a.json.part`, "{");
    if (input === 4) await Deno.writeTextFile(`${dir}/a.json`, "{");
    if (input === 5) throw new InputError("Cannot: it is 5");
  },
});

Deno.test("each kind of fault is found, counted and replayed", async () => {
  const { counts, findings } = await fuzz(new Map([[faulty, 60]]), 1);
  assertEquals(
    Object.values(counts.get("faulty")!).reduce((a, b) => a + b),
    60,
  );
  const faults = Object.groupBy(findings, ({ input }) => input);
  assertEquals(Object.keys(faults), ["0", "1", "2", "3", "4"]);
  for (
    const [i, wrong] of [
      /^TypeError: x is undefined\n/,
      /shows no value/,
      /^two$/,
      /^a\.json\.part is left$/,
      /^a\.json is not whole/,
    ].entries()
  ) {
    assert(
      faults[i]!.every((finding) => wrong.test(finding.wrong)),
      String(wrong),
    );
  }
  const { index, input, wrong } = findings[3]!;
  const again = await tryOne(faulty, 1, index);
  assertEquals([again.input(), again.verdict.wrong?.split("\n")[0]], [
    input,
    wrong.split("\n")[0],
  ]);
});

Deno.test("tensors that are left over are found", async () => {
  const leaky = target({
    name: "leaky",
    share: 1,
    inputs: fc.constant(0),
    attempt: () => void tf.scalar(1),
  });
  const { verdict } = await tryOne(leaky, 1, 0);
  assertEquals(verdict.wrong, "1 tensors are left");
});
