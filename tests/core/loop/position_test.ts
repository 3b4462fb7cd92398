import { assertEquals } from "@std/assert";
import { startPosition } from "../../../core/run/state.ts";
import { batches, plugin, recorder, scripted, training } from "../_scripted.ts";

Deno.test("a run that was aborted goes on from its position, and ends like one that was not", async () => {
  const data = batches(1, 2, 3, 4);
  const whole: string[] = [];
  const unbroken = await training(scripted(), data, batches(9), {
    epochs: 3,
    plugins: [recorder(whole)],
  });
  for (const last of [1, 2, 4, 5, 11]) {
    const controller = new AbortController();
    const position = startPosition(0);
    const trace: string[] = [];
    const breaker = plugin("breaker", {
      needs: {},
      onTrainBatchEnd(_batch, _logs, run) {
        if (run.step === last) controller.abort();
      },
    });
    const first = await training(scripted(), data, batches(9), {
      epochs: 3,
      position,
      signal: controller.signal,
      plugins: [recorder(trace), breaker],
    });
    assertEquals(first.outcome.status, "aborted");
    const { history } = await training(scripted(), data, batches(9), {
      epochs: 3,
      position: structuredClone(position),
      plugins: [recorder(trace)],
    });
    assertEquals(history, unbroken.history, `after batch ${last}`);
    const steps = (lines: string[]) =>
      lines.filter((it) => it.startsWith("onTrainBatchEnd"));
    assertEquals(steps(trace), steps(whole), `after batch ${last}`);
  }
});

Deno.test("a run that was aborted in a validation goes on with that validation, not with the epoch's batches", async () => {
  const data = batches(1, 2);
  const validation = batches(7, 9);
  const unbroken = await training(scripted(), data, validation, { epochs: 2 });
  const controller = new AbortController();
  const position = startPosition(0);
  const trace: string[] = [];
  const breaker = plugin("breaker", {
    needs: {},
    onTestBatchEnd(_batch, _logs, run) {
      if (run.epoch === 1) controller.abort();
    },
  });
  await training(scripted(), data, validation, {
    epochs: 2,
    position,
    signal: controller.signal,
    plugins: [breaker],
  });
  const { history } = await training(scripted(), data, validation, {
    epochs: 2,
    position: structuredClone(position),
    plugins: [recorder(trace)],
  });
  assertEquals(history, unbroken.history);
  assertEquals(trace, [
    "onTrainBegin {}",
    "onTestBatchBegin 1 {}",
    'onTestBatchEnd 1 {"loss":8}',
    'onTestEnd {"loss":8}',
    'onEpochEnd 1 {"loss":1.5,"val_loss":8}',
    'onTrainEnd {"loss":1.5,"val_loss":8}',
  ]);
});

Deno.test("what a device has of the means is in the position when a run is aborted", async () => {
  const controller = new AbortController();
  const steps = scripted();
  let settled = 0;
  await training(
    { ...steps, settle: () => Promise.resolve(void settled++) },
    batches(1, 2),
    undefined,
    {
      signal: controller.signal,
      plugins: [
        plugin("breaker", { onTrainBatchEnd: () => controller.abort() }),
      ],
    },
  );
  assertEquals(settled, 1);
});
