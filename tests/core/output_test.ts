import { assertEquals } from "@std/assert";
import { outputTo, type Sink } from "../../core/output.ts";

/** A stream that takes some of the bytes at a time until `broken` says why it cannot. */
function sinkThat(
  broken: (calls: number) => Error | undefined,
  terminal = false,
): { sink: () => Sink; text: () => string } {
  let text = "";
  let calls = 0;
  const sink = {
    writeSync(bytes: Uint8Array) {
      const error = broken(++calls);
      if (error) throw error;
      const some = bytes.subarray(0, 4);
      text += new TextDecoder().decode(some);
      return some.length;
    },
    isTerminal: () => terminal,
  };
  return { sink: () => sink, text: () => text };
}

Deno.test("text is written whole, however little the system takes at a time", () => {
  const { sink, text } = sinkThat(() => undefined);
  const output = outputTo(sink);
  output.write("Epoch 1/5\n");
  assertEquals([text(), output.problem], ["Epoch 1/5\n", undefined]);
});

Deno.test("a reader that went away is no problem: what follows is dropped", () => {
  for (const gone of ["BrokenPipe", "ConnectionReset"] as const) {
    const problems: string[] = [];
    const { sink, text } = sinkThat((calls) =>
      calls === 2 ? new Deno.errors[gone]("gone") : undefined
    );
    const output = outputTo(sink, (problem) => problems.push(problem));
    output.write("one two");
    output.write("three");
    assertEquals([text(), output.problem, problems], ["one ", undefined, []]);
  }
});

Deno.test("so is a terminal that was closed", () => {
  const { sink } = sinkThat(() => new Error("Input/output error"), true);
  const output = outputTo(sink);
  output.write("one");
  assertEquals(output.problem, undefined);
});

Deno.test("any other error is told once, and remembered", () => {
  const problems: string[] = [];
  const { sink } = sinkThat(() => new Error("No space left on device"));
  const output = outputTo(sink, (problem) => problems.push(problem));
  output.write("one");
  output.write("two");
  assertEquals(problems, ["No space left on device"]);
  assertEquals(output.problem, "No space left on device");
});

Deno.test("a pipe that asks to try again is tried again", () => {
  const { sink, text } = sinkThat((calls) =>
    calls % 2 ? new Deno.errors.WouldBlock("later") : undefined
  );
  outputTo(sink).write("one two");
  assertEquals(text(), "one two");
});
