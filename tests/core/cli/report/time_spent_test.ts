import { assertEquals } from "@std/assert";
import { timeSpent } from "../../../../core/cli/report/time_spent.ts";

function spent(...lines: readonly string[]) {
  const time = timeSpent();
  for (const line of lines) time.take(line);
  return time.result();
}

const logs = (at: number, hook: string) =>
  `{"at":${at},"kind":"logs","hook":"${hook}","logs":{}}`;

Deno.test("the time between two logs is that of the later one's hook", () => {
  assertEquals(
    spent(
      logs(5, "onTrainBatchEnd"),
      '{"at":7,"kind":"act","by":"x"}',
      logs(15, "onTrainBatchEnd"),
      logs(17, "onTestBatchEnd"),
      logs(18, "onTestEnd"),
      logs(25, "onEpochEnd"),
      logs(26, "onTrainEnd"),
    ),
    {
      ...{ start: 5, batches: 10, validation: 3, epochEnds: 7, end: 1 },
      told: 2,
    },
  );
});

Deno.test("a log without logs says nothing of time", () => {
  assertEquals(spent(), undefined);
  assertEquals(spent('{"at":7,"kind":"act"}', "", "{"), undefined);
});
