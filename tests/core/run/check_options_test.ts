import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import { silent } from "../../../core/terminal.ts";
import { batches, scripted, training } from "../_scripted.ts";

/** What a run says to options that no types have checked. */
async function refusal(options: object): Promise<string> {
  const { message } = await assertRejects(
    () => training(scripted(), batches(1), undefined, options),
    InputError,
  );
  return message;
}

Deno.test("an option of a wrong kind is refused before the run: which, what it must be, what it is", async () => {
  assertEquals(
    await refusal({ dir: 5 }),
    `Cannot start as 'dir' must be the path of a folder such as "runs/1": current value is 5`,
  );
  assertEquals(
    await refusal({ signal: "stop" }),
    `Cannot start as 'signal' must be an AbortSignal: current value is "stop"`,
  );
  for (
    const [hookTimeout, shown] of [[-1, "-1"], [NaN, "NaN"], ["30", '"30"']]
  ) {
    assertEquals(
      await refusal({ hookTimeout }),
      `Cannot start as 'hookTimeout' must be a number of milliseconds >= 0: current value is ${shown}`,
    );
  }
  const { print, status } = silent();
  for (const printer of [{}, { print }, { status }]) {
    assertEquals(
      (await refusal({ printer })).split(":")[0],
      "Cannot start as 'printer' must be a printer such as silent()",
    );
  }
});

Deno.test("callbacks go by the name of plugins, which the refusal tells", async () => {
  assertEquals(
    await refusal({ callbacks: [] }),
    "Cannot start as there is no option 'callbacks': list them under 'plugins', tf.js callbacks too",
  );
});

Deno.test("an option that is there and undefined is not given", async () => {
  const { outcome } = await training(scripted(), batches(1), undefined, {
    dir: undefined,
    signal: undefined,
    printer: silent(),
  });
  assertEquals(outcome.status, "completed");
});
