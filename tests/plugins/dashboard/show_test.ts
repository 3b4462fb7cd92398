import { assertEquals } from "@std/assert";
import { fakeRun } from "../../../core/testing.ts";
import { pointsFrom } from "../../../plugins/_dashboard/points.ts";
import { show } from "../../../plugins/_dashboard/show.ts";
import { wishes } from "../../../plugins/_dashboard/wishes.ts";

Deno.test("a run is named after its folder, a further training of an experiment after both", () => {
  const names = ["runs/digits", "/x/runs/tour/2", "C:\\runs\\a", ".", "./3"]
    .map((dir) => {
      const { run } = fakeRun({ name: "x", onTrainBegin() {} }, { dir });
      const can = { stop: true, learningRate: false, save: false } as const;
      return show(run, can, wishes(can)).journal.run.name;
    });
  assertEquals(names, ["digits", "tour/2", "a", "this run", "3"]);
});

Deno.test("batches per second are those of training, however short the epochs are", () => {
  const { run, clock } = fakeRun({ name: "looks-on", onTrainBegin() {} });
  const can = { stop: true, learningRate: false, save: false } as const;
  const it = show(run, can, wishes(can));
  const rates = [10, 20].map((batchTime) => {
    for (let epoch = 0; epoch < 30; epoch++) {
      it.epochBegins();
      for (let batch = 0; batch < 10; batch++) {
        clock.now += batchTime;
        it.batchEnds(batch, { loss: 1 });
        it.tick();
      }
      clock.now += 700; // Validation.
      it.tick();
    }
    const { points } = it.journal;
    const { values } = pointsFrom(points, points.length - 1, points.length);
    return values.batches_per_second;
  });
  assertEquals(rates, [[100], [50]]);
});
