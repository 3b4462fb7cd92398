import { assertEquals } from "@std/assert";
import { printerTo } from "../../core/terminal.ts";

function screen(interactive: boolean) {
  let text = "";
  const printer = printerTo((more) => void (text += more), interactive);
  return { printer, text: () => text };
}

Deno.test("a printed line does not tear the status line, which is drawn again below", () => {
  const { printer, text } = screen(true);
  printer.status("50%");
  printer.print("hello");
  assertEquals(text(), "\r\x1b[2K50%\r\x1b[2Khello\n50%");
});

Deno.test("an unchanged status is not written twice, an empty one is removed", () => {
  const { printer, text } = screen(true);
  printer.status("50%");
  printer.status("50%");
  printer.status("");
  printer.print("end");
  assertEquals(text(), "\r\x1b[2K50%\r\x1b[2Kend\n");
});

Deno.test("without a terminal there is no status line", () => {
  const { printer, text } = screen(false);
  printer.status("50%");
  printer.print("hello");
  assertEquals(text(), "hello\n");
});

Deno.test("in a Jupyter kernel, lines go to the console, which alone is shown there", async () => {
  const url = new URL("../../core/terminal.ts", import.meta.url);
  const code = `
    Deno.jupyter = {};
    const shown = [];
    console.log = (line) => shown.push(line);
    const { terminal } = await import("${url}");
    const screen = terminal();
    screen.status("50%");
    screen.print("Epoch 1/5");
    screen.print("\\nCompleted");
    console.error(JSON.stringify([screen.interactive, shown]));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", `data:text/javascript,${encodeURI(code)}`],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stdout), "");
  assertEquals(
    JSON.parse(text.decode(stderr)),
    [false, ["Epoch 1/5", "\nCompleted"]],
  );
});
