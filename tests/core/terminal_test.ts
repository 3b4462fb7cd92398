import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import * as fc from "fast-check";
import { printerTo } from "../../core/terminal.ts";
import { type Screen, screen } from "../_screen.ts";

/** A printer to a window. */
function on(window: Screen, writes: string[] = []) {
  return printerTo((text) => {
    writes.push(text);
    window.write(text);
  }, { colors: false, size: window.size });
}

Deno.test("a printed line goes above the status, which stays at the bottom", () => {
  const window = screen();
  const printer = on(window);
  printer.status("50%\nloss 0.5");
  printer.print("hello");
  assertEquals(window.lines(), ["hello", "", "50%", "loss 0.5"]);
});

Deno.test("a status is rewritten in place, with fewer lines too, and an empty one is removed", () => {
  const window = screen();
  const printer = on(window);
  printer.status("50%\nloss 0.5");
  printer.status("70%");
  assertEquals(window.lines(), ["", "70%"]);
  printer.status("");
  printer.print("end");
  assertEquals(window.lines(), ["end"]);
  assertEquals(window.cursorLine(), 1);
});

Deno.test("each change is written in one piece, and an unchanged status not at all", () => {
  const writes: string[] = [];
  const printer = on(screen(), writes);
  printer.status("50%\nloss 0.5");
  printer.status("50%\nloss 0.5");
  assertEquals(writes.length, 1);
  printer.print("hello");
  printer.status("");
  printer.status("");
  assertEquals(writes.length, 3);
  printer.print("end");
  assertEquals(writes[3], "end\n");
});

Deno.test("without a terminal there is no status, and no sequences", () => {
  let text = "";
  const printer = printerTo((more) => void (text += more));
  printer.status("50%");
  printer.print("hello");
  assertEquals(text, "hello\n");
});

Deno.test("what others write goes to the empty line above the status, where the cursor waits", () => {
  const window = screen();
  const printer = on(window);
  printer.status("50%");
  window.write("^C");
  assertEquals(window.lines(), ["^C", "50%"]);
  printer.print("Stopping after this batch");
  assertEquals(window.lines(), ["Stopping after this batch", "", "50%"]);
  window.write("from elsewhere\n");
  printer.status("60%");
  assertEquals(window.lines().slice(1), ["from elsewhere", "", "60%"]);
});

Deno.test("the cursor is never hidden, so that it cannot be left hidden", () => {
  const writes: string[] = [];
  const printer = on(screen(), writes);
  printer.status("50%");
  printer.print("hello");
  assert(!writes.join("").includes("\x1b[?25l"));
});

Deno.test("a status higher than the window is cut, so that it cannot scroll away", () => {
  const window = screen(20, 3);
  const printer = on(window);
  for (let i = 0; i < 5; i++) printer.status(`${i}\nb\nc\nd`);
  assertEquals(window.lines(), ["", "4", "b"]);
  window.resize(20, 1);
  printer.status("5");
  assertEquals(window.lines(), []);
});

Deno.test("the width is asked for at each drawing", () => {
  const window = screen(10);
  const printer = on(window);
  const long = "0123456789abcdef";
  printer.status(long);
  assertEquals(window.lines(), ["", "01234567…"]);
  window.resize(20, 24);
  assertEquals(printer.columns, 20);
  printer.print("wider");
  assertEquals(window.lines(), ["wider", "", long]);
});

const words = fc.string({
  unit: fc.constantFrom(
    ...["a", "b c", "━", "日本", "é", "e\u0301", "👩‍👩‍👧", "🇩🇪", "🙂", "❤️", "\t"],
    ...["\x1b[1m", "\x1b[0m"],
  ),
  maxLength: 60,
});
const size = fc.record({
  columns: fc.integer({ min: 30, max: 110 }),
  rows: fc.integer({ min: 26, max: 40 }),
});
const short = fc.stringMatching(/^[a-z]{1,25}$/);
const steps = fc.array(
  fc.oneof(
    fc.record({ print: short }),
    fc.record({ foreign: short, status: fc.array(words) }),
    fc.record({ status: fc.array(words, { maxLength: 4 }) }),
    fc.record({ resize: size }),
  ),
  { maxLength: 30 },
);

Deno.test("after any prints, statuses and resizes, the screen shows the lines in order and the status at the bottom, none of it torn or wrapped", () => {
  fc.assert(
    fc.property(
      steps,
      fc.boolean(),
      size,
      (steps, reflow, { columns, rows }) => {
        const window = screen(columns, rows, reflow);
        const printer = on(window);
        const printed: string[] = [];
        for (const step of steps) {
          if ("print" in step) {
            printer.print(step.print);
            printed.push(step.print);
          } else if ("foreign" in step) {
            window.write(`${step.foreign}\n`);
            printer.status(
              [...step.status, `drawn ${printed.length}`].join("\n"),
            );
            printed.push(step.foreign);
          } else if ("status" in step) printer.status(step.status.join("\n"));
          else window.resize(step.resize.columns, step.resize.rows);
        }
        printer.status("last 1\nlast 2");
        assertEquals(window.lines(), [...printed, "", "last 1", "last 2"]);
        assertEquals(window.wraps(), 0);
        printer.status("");
        assertEquals(window.lines(), printed);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("a status of any text never wraps", () => {
  fc.assert(
    fc.property(
      fc.array(words, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 60 }),
      (status, columns) => {
        const window = screen(columns);
        on(window).status(status.join("\n"));
        assertEquals(window.wraps(), 0);
      },
    ),
    { numRuns: 500 },
  );
});

/** Whether util-linux' `script` is there, which gives a program a terminal. */
const hasScript = await (async () => {
  try {
    const args = ["--version"];
    const { success } = await new Deno.Command("script", { args }).output();
    return success;
  } catch {
    return false;
  }
})();

/** What a program writes to a terminal of 40 columns that shows a status and a line. */
async function onTerminal(
  env: Record<string, string>,
  permission = "--allow-env=TERM,CI",
): Promise<string> {
  const url = new URL("../../core/terminal.ts", import.meta.url);
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${dir}/program.ts`,
    `import { terminal } from "${url}";
    const screen = terminal();
    screen.status("50%");
    screen.print([screen.interactive, screen.colors, screen.columns].join());
    screen.status("");`,
  );
  const run =
    `stty cols 40 rows 10; exec ${Deno.execPath()} run --no-prompt --no-check ${permission} ${dir}/program.ts`;
  const { stdout } = await new Deno.Command("script", {
    args: ["-qec", run, "/dev/null"],
    env: { CI: "", NO_COLOR: "", TERM: "xterm", ...env },
    stdin: "null",
  }).output();
  await Deno.remove(dir, { recursive: true });
  return new TextDecoder().decode(stdout);
}

Deno.test({
  name: "a real terminal has a status; a dumb one, or one in CI, has none",
  ignore: !hasScript,
  async fn() {
    const live = await onTerminal({});
    assertStringIncludes(live, "true,true,40");
    assertStringIncludes(live, "50%\x1b[1A");
    for (const env of [{ TERM: "dumb" }, { TERM: "" }, { CI: "true" }]) {
      const written = await onTerminal(env);
      assertStringIncludes(written, "false,,80");
      assert(!written.includes("50%"), written);
    }
    assertStringIncludes(await onTerminal({ CI: "false" }), "true,true,40");
  },
});

Deno.test({
  name: "NO_COLOR is heeded; TERM is not asked for without permission",
  ignore: !hasScript,
  async fn() {
    assertStringIncludes(await onTerminal({ NO_COLOR: "1" }), "true,false,40");
    const unknown = await onTerminal({ TERM: "dumb" }, "");
    assertStringIncludes(unknown, "true,true,40");
  },
});

/** What a program prints to the console of what Deno's kernel gets. */
async function inKernel(program: string): Promise<unknown> {
  const url = new URL("../../core/terminal.ts", import.meta.url);
  const code = `
    const shown = [];
    Deno.jupyter = {
      async display(bundle, options) {
        await new Promise((resolve) => setTimeout(resolve));
        shown.push([bundle["text/plain"], bundle["text/html"], options.update, options.display_id]);
      },
    };
    console.log = (line) => shown.push(line);
    const { terminal } = await import("${url}");
    const screen = terminal();
    ${program}
    console.error(JSON.stringify(shown));`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-read", `data:text/javascript,${encodeURI(code)}`],
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  assertEquals(text.decode(stdout), "");
  return JSON.parse(text.decode(stderr));
}

Deno.test("in a Jupyter kernel, lines go to the console, which alone is shown there", async () => {
  assertEquals(
    await inKernel(`
      screen.status("50%");
      screen.print("Epoch 1/5");
      screen.print("\\nCompleted");
      shown.push([screen.interactive, screen.pictures]);`),
    ["Epoch 1/5", "\nCompleted", [false, true]],
  );
});

Deno.test("in a Jupyter kernel, a picture changes in its place, in order; each has its own", async () => {
  const shown = await inKernel(`
    const one = screen.picture();
    const other = screen.picture();
    one({ text: "1", html: "<b>1</b>" });
    await one({ text: "2", html: "<b>2</b>" });
    await other({ text: "3", html: "<b>3</b>" });`) as unknown[][];
  assertEquals(shown.map((it) => it.slice(0, 3)), [
    ["1", "<b>1</b>", false],
    ["2", "<b>2</b>", true],
    ["3", "<b>3</b>", false],
  ]);
  const [first, second, third] = shown.map((it) => it[3]);
  assertEquals(first, second);
  assert(first !== third);
});
