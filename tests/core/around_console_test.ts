// deno-lint-ignore-file no-console
import { assert, assertEquals, assertThrows } from "@std/assert";
import { printerTo } from "../../core/terminal.ts";
import { type Screen, screen } from "../_screen.ts";

/** A printer to a window that `console` prints to as well. */
function on(window: Screen) {
  return printerTo(window.write, {
    colors: false,
    console: true,
    size: window.size,
  });
}

Deno.test("what is printed with console goes above the status, however many lines it has", () => {
  const window = screen();
  const { log, error } = console;
  console.log = (line: string) => window.write(`${line}\n`);
  console.error = () => {
    throw new Error("closed");
  };
  const own = console.log;
  try {
    const printer = on(window);
    printer.status("the status\nof two lines");
    console.log("one");
    console.log("two\nthree");
    assertThrows(() => console.error("four"), Error, "closed");
    assertEquals(
      window.lines(),
      ["one", "two", "three", "", "the status", "of two lines"],
    );
    printer.status("");
    assert(console.log === own);
    console.log("end");
    assertEquals(window.lines(), ["one", "two", "three", "end"]);
  } finally {
    Object.assign(console, { log, error });
  }
});

Deno.test("what was put around console while there was a status is left there", () => {
  const window = screen();
  const { log } = console;
  const seen: string[] = [];
  console.log = (line: string) => window.write(`${line}\n`);
  try {
    const printer = on(window);
    printer.status("50%");
    const ours = console.log;
    console.log = (line: string) => {
      seen.push(line);
      ours(line);
    };
    printer.status("");
    console.log("end");
    assertEquals(seen, ["end"]);
    assertEquals(window.lines(), ["end"]);
  } finally {
    console.log = log;
  }
});
