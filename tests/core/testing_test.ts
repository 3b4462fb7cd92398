import { assertEquals } from "@std/assert";
import { fakeRun } from "../../core/testing.ts";
import { plugin } from "./_scripted.ts";

Deno.test("fakeRun() records what hooks do", async () => {
  const busy = plugin("busy", {
    async onEpochEnd(epoch, logs, run) {
      run.print(`epoch ${epoch} of ${run.params.epochs}: ${logs.loss}`);
      run.status("half");
      run.optimizer.learningRate = 0.5;
      await run.save("best", { weightsOnly: true });
      run.stop("done");
    },
  });
  const { run, fire, lines, statuses, saves, stops, weights } = fakeRun(busy, {
    weights: [3],
  });
  weights[0] = 4;
  await fire("onEpochEnd", 2, { loss: 1 });
  assertEquals(lines, ["epoch 2 of 10: 1"]);
  assertEquals(statuses, ["half"]);
  assertEquals(saves, [{ path: "best", weightsOnly: true, weights: [4] }]);
  assertEquals(stops, ["done"]);
  assertEquals([run.epoch, run.optimizer.learningRate], [2, 0.5]);
  assertEquals(await fire("onTrainEnd", {}), undefined);
});

Deno.test("fakeRun() has weights to copy, restore and average", () => {
  const { run, weights, snapshots } = fakeRun(plugin("p", {}), {
    weights: [2],
  });
  const copy = run.weights.snapshot();
  weights[0] = 4;
  run.weights.average(copy, 0.5);
  assertEquals(snapshots.size, 1);
  run.weights.restore(copy);
  assertEquals(weights, [3]);
  copy.dispose();
  assertEquals(snapshots.size, 0);
});
