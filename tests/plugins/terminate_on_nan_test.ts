import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import terminateOnNan from "../../plugins/terminate_on_nan.ts";
import { PluginError } from "../../core/errors.ts";
import { fakeRun } from "../../core/testing.ts";

Deno.test("NaN and infinite losses stop the run, in Keras' words", async () => {
  for (const loss of [NaN, Infinity, -Infinity]) {
    const { fire, stops, lines } = fakeRun(terminateOnNan());
    await fire("onTrainBatchEnd", 0, { loss: 1 });
    assertEquals(stops, []);
    await fire("onTrainBatchEnd", 3, { loss });
    assertEquals(stops, [`the loss is ${loss} in batch 3`]);
    assertEquals(lines, ["Batch 3: Invalid loss, terminating training"]);
  }
});

Deno.test("raiseError fails the run instead", async () => {
  const { fire, stops } = fakeRun(terminateOnNan({ raiseError: true }));
  const { cause } = await assertRejects(
    () => fire("onTrainBatchEnd", 0, { loss: NaN }),
    PluginError,
    "NaN or Inf loss encountered: the loss is NaN",
  );
  assertInstanceOf(cause, RangeError);
  assertEquals(stops, []);
});

Deno.test("it reads only the loss of batches", () => {
  assertEquals(terminateOnNan().needs, { onTrainBatchEnd: ["loss"] });
});

Deno.test("finite losses continue, raiseError or not, however large", async () => {
  for (const raiseError of [false, true]) {
    const { fire, stops, lines } = fakeRun(terminateOnNan({ raiseError }));
    for (const loss of [0, -1, 1e300, Number.MAX_VALUE]) {
      await fire("onTrainBatchEnd", 0, { loss });
    }
    assertEquals([stops, lines], [[], []]);
  }
});

Deno.test("it looks only at training", () => {
  const hooks = Object.keys(terminateOnNan()).filter((key) =>
    key.startsWith("on")
  );
  assertEquals(hooks, ["onTrainBatchEnd"]);
});

Deno.test("an infinite loss is reported as such", async () => {
  const { fire } = fakeRun(terminateOnNan({ raiseError: true }));
  const { cause } = await assertRejects(
    () => fire("onTrainBatchEnd", 2, { loss: -Infinity }),
    PluginError,
    "NaN or Inf loss encountered: the loss is -Infinity",
  );
  assertInstanceOf(cause, RangeError);
});
