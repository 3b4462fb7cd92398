import { assertEquals, assertRejects } from "@std/assert";
import { InputError } from "../../../core/errors.ts";
import { useBackend } from "../../../core/tf/backend.ts";
import { threadsProblem } from "../../../core/tf/threads.ts";

Deno.test("threads are a whole number, at most two a core, and never very many", () => {
  assertEquals([1, 8].map((n) => threadsProblem(n, 1)), [undefined, undefined]);
  assertEquals(threadsProblem(32, 16), undefined);
  assertEquals(threadsProblem(64, 500), undefined);
  assertEquals(
    [threadsProblem(9, 1), threadsProblem(33, 16), threadsProblem(65, 500)],
    [
      "an integer from 1 to 8, as there is 1 core and more threads only wait for each other: current value is 9",
      "an integer from 1 to 32, as there are 16 cores and more threads only wait for each other: current value is 33",
      "an integer from 1 to 64, as there are 500 cores and more threads only wait for each other: current value is 65",
    ],
  );
  for (const threads of [0, -1, 1.5, NaN]) {
    assertEquals(
      threadsProblem(threads, 4),
      `an integer >= 1: current value is ${threads}`,
    );
  }
});

Deno.test("useBackend() refuses other numbers, whatever the backend", async () => {
  for (const [backend, threads] of [["wasm", 1000], ["cpu", 0]] as const) {
    const error = await assertRejects(
      () => useBackend(backend, { threads }),
      InputError,
      "Cannot start as 'threads' must be an integer",
    );
    assertEquals(error.message.endsWith(`current value is ${threads}`), true);
  }
});
