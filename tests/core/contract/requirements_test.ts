import { assertEquals } from "@std/assert";
import { offersOf, REQUIREMENTS } from "../../../core/contract/requirements.ts";
import type { WeightStore } from "../../../core/steps.ts";
import { fakeResources } from "../../../core/run/fake_resources.ts";

Deno.test("each requirement counts in the runs that could have it", () => {
  const table = Object.entries(REQUIREMENTS).map(([name, { modes }]) =>
    `${name}: ${modes.join(", ")}`
  );
  assertEquals(table, [
    "learningRate: fit",
    "momentum: fit",
    "weights: fit, evaluate, predict",
    "optimizerState: fit",
    "save: fit, evaluate, predict",
    "model: fit, evaluate, predict",
    "predict: fit, evaluate, predict",
    "backup: fit",
    "validation: fit, evaluate",
    "batchLogs: fit",
    "firstNonFinite: fit",
  ]);
});

Deno.test("a run offers what it was given", () => {
  const { weights } = fakeResources({}, [0], new Set());
  const bare: WeightStore = { ...weights!, optimizerState: false };
  const validation = { steps: 0, batches: async function* () {} };
  const save = () => Promise.resolve();
  const offers = (...given: Parameters<typeof offersOf>) => [
    ...offersOf(...given),
  ];
  assertEquals(offers({}, undefined), []);
  assertEquals(offers({}, validation), ["validation"]);
  assertEquals(offers({ optimizer: { learningRate: 1 } }, undefined), [
    "learningRate",
  ]);
  assertEquals(
    offers({ optimizer: { learningRate: 1, momentum: 0 } }, undefined),
    ["learningRate", "momentum"],
  );
  assertEquals(offers({ weights: bare }, undefined), ["weights", "backup"]);
  assertEquals(offers({ weights }, undefined), [
    "weights",
    "optimizerState",
    "backup",
  ]);
  const { write: _, ...unwritten } = bare;
  assertEquals(offers({ weights: unwritten }, undefined), ["weights"]);
  assertEquals(offers({ keeps: { save() {}, load() {} } }, undefined), [
    "backup",
  ]);
  assertEquals(
    offers(
      {
        ...{ save, model: {}, predict: (x) => x, batchLogs: () => ({}) },
        firstNonFinite: () => Promise.resolve(undefined),
      },
      undefined,
    ),
    ["save", "model", "predict", "batchLogs", "firstNonFinite"],
  );
});
