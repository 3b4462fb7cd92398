import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { InputError, PluginError } from "../../../core/errors.ts";
import { type LoopOptions, testLoop } from "../../../core/loop/mod.ts";
import { fakeResources } from "../../../core/run/fake_resources.ts";
import { batches, notebook, plugin, scripted, training } from "../_scripted.ts";

/** Steps that throw at the second batch, as an engine does when a weight is `gone`. */
function broken(gone: string | undefined, error: unknown) {
  const { weights } = fakeResources({}, [0], new Set());
  const step = (batch: number) => {
    if (batch === 2) throw error;
  };
  return scripted({
    weights: { ...weights!, freed: () => gone },
    ...{ train: step, test: step },
  });
}

const idle = { onTrainBatchBegin() {}, onTestBegin() {} };

const failing = (
  gone: string | undefined,
  error: unknown,
  options: LoopOptions = {},
) =>
  training(broken(gone, error), batches(1, 2), undefined, {
    plugins: [plugin("idle", idle)],
    ...options,
  }).then(() => undefined, (thrown) => thrown);

Deno.test("a run whose weight is gone says so, and after which hook", async () => {
  const cause = new Error("Tensor is disposed");
  const error = await failing("dense/kernel", cause);
  assertEquals(
    error.message,
    'Cannot go on after onTrainBatchBegin at epoch 0, batch 1: weight "dense/kernel" was disposed during the run; a plugin may copy weights and set them, but not free them',
  );
  assertEquals([error instanceof InputError, error.cause], [true, cause]);
});

Deno.test("outside of training there is no epoch, outside of batches no batch", async () => {
  await assertRejects(
    () =>
      testLoop(broken("w", new Error("odd")), batches(2), {
        printer: notebook(),
        plugins: [plugin("idle", idle)],
      }),
    InputError,
    'Cannot go on after onTestBegin: weight "w" was',
  );
});

Deno.test("what has another cause, or tells its own, stays as it is", async () => {
  const odd = new Error("odd");
  assertStrictEquals(await failing(undefined, odd), odd);
  const told = new InputError("told");
  assertStrictEquals(await failing("w", told), told);
  const steps = broken("w", odd);
  delete (steps.weights as { freed?: unknown }).freed;
  await assertRejects(
    () => training(steps, batches(2), undefined),
    Error,
    "odd",
  );
});

Deno.test("a plugin's own error has it as a hint", async () => {
  const bad = plugin("bad", {
    onEpochBegin() {
      throw new Error("no");
    },
  });
  const message = async (gone: string | undefined) => {
    const error = await failing(gone, undefined, { plugins: [bad] });
    assertEquals(error instanceof PluginError, true);
    return error.message;
  };
  const plain = 'Plugin "bad" failed in onEpochBegin at epoch 0: no';
  assertEquals(await message(undefined), plain);
  assertEquals(
    await message("w"),
    `${plain} (weight "w" was disposed during the run)`,
  );
});

Deno.test("a run that was aborted is that, whatever became of its weights", async () => {
  const { outcome } = await training(
    broken("w", new Error("odd")),
    batches(1, 2),
    undefined,
    { signal: AbortSignal.abort(new Error("enough")) },
  );
  assertEquals(outcome, { status: "aborted", epoch: 0, reason: "enough" });
});
