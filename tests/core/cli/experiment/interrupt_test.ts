import { assertEquals } from "@std/assert";
import { interruptible } from "../../../../core/cli/experiment/interrupt.ts";
import { silent } from "../../../../core/terminal.ts";

const pause = (wait: number) => new Promise((go) => setTimeout(go, wait));

Deno.test("a signal that comes twice at once counts once: deno task passes on what the terminal sends the run too", async () => {
  const printed: string[] = [];
  using interrupt = interruptible({
    ...silent(),
    interactive: true,
    print: (line) => void printed.push(line),
  });
  const { signal } = interrupt;
  Deno.kill(Deno.pid, "SIGHUP");
  while (!signal.aborted) await pause(5);
  Deno.kill(Deno.pid, "SIGHUP"); // It would end this process.
  await pause(50);
  assertEquals(printed, [
    "Stopping after this batch; SIGHUP again to quit at once",
  ]);
  assertEquals(interrupt.code, 129);
});
