import { assert, assertEquals, assertMatch } from "@std/assert";
import { CALLS } from "./_calls.ts";
import { joined, moduleOf, type Notebook, type Output } from "./_notebook.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const FILE = `${ROOT}examples/003_hooks_and_logs.ipynb`;

/** A program's standard output, once it has ended well. */
async function outputOf(
  program: string,
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  const command = new Deno.Command(program, {
    args: [...args],
    ...cwd !== undefined && { cwd },
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return text.decode(stdout);
}

/** What the document's code prints. */
function checkStory(lines: readonly string[]): void {
  const begin = lines.indexOf(CALLS[0]!);
  assertEquals(lines.slice(begin, begin + CALLS.length), CALLS);
  const stories = [
    /^Restoring model weights from the end of the best epoch (\d+)\.$/,
    /^Epoch 000(\d\d): early stopping$/,
    /^Epoch 5: saving model to checkpoints\/weights\.05-\d+\.\d\d$/,
    /^test loss is 2\.\d{3}, test accuracy is 0\.\d{3}$/,
    /^test loss is 1\.\d{3}, test accuracy is 0\.\d{3}$/,
    /^Epoch \d+: ReduceLROnPlateau reducing learning rate to 0\.05\.$/,
    /^Epoch 00006: LearningRateScheduler reducing learning rate to 0.010000000000000002 from 0.1.$/,
    /^Epoch 00011: LearningRateScheduler reducing learning rate to 0.001 from 0.010000000000000002.$/,
    /^Epoch 00011: LearningRateScheduler reducing learning rate to 0.001 from 0.01.$/,
    /^Epoch 00013: Still keep learning rate 0.0001 instead of 0.001$/,
    /^Epoch 00014: Still keep learning rate 0.0001 instead of 0.001$/,
    /^Epoch 14: ReduceLROnPlateau reducing learning rate to 1e-05.$/,
    /^Epoch 00015: LearningRateScheduler reducing learning rate to 0.001 from 0.00001.$/,
  ];
  let at = begin;
  for (const story of stories) {
    const found = lines.findIndex((line, i) => i > at && story.test(line));
    assert(found >= 0, `${story} in\n${lines.slice(at).join("\n")}`);
    at = found;
  }
  const [best, stop] = stories.slice(0, 2).map((story) =>
    Number(story.exec(lines.find((line) => story.test(line))!)![1])
  );
  assertEquals(stop, best! + 5);
}

Deno.test("the notebook of document 003 runs from top to bottom, as a script", async () => {
  const notebook: Notebook = JSON.parse(await Deno.readTextFile(FILE));
  const dir = await Deno.makeTempDir();
  await Deno.writeTextFile(`${dir}/cells.ts`, moduleOf(notebook));
  const out = await outputOf(Deno.execPath(), [
    ...["run", "--check", "--no-prompt", "--config", `${ROOT}deno.json`],
    ...["--allow-read", "--allow-write", "--allow-sys=cpus", "--allow-env"],
    "cells.ts",
  ], dir);
  const lines = out.trimEnd().split("\n");
  checkStory(lines);
  assertEquals(lines.filter((line) => /^Epoch 15\/15 /.test(line)).length, 3);
  const shown = lines.filter((line) => line.startsWith("shown: "));
  const reason = 'shown: "val_loss has not decreased for 5 epochs"';
  assert(shown.includes(reason), shown.join("\n"));
  const plots = shown.filter((line) =>
    line.startsWith("shown: loss: training")
  );
  assertEquals(plots.length, 4);
  // The plugin of one's own and the built-in one see the same training.
  const curves = plots.map((line) => line.split(" Stopped by ")[0]);
  assertEquals(curves[0], curves[1]);
  await Deno.remove(dir, { recursive: true });
});

Deno.test("the notebook is stored without outputs", async () => {
  const { cells }: Notebook = JSON.parse(await Deno.readTextFile(FILE));
  assertEquals(cells.flatMap(({ outputs = [] }) => outputs), []);
});

// `deno fmt --check` takes any notebook for one that is not formatted (2.9.6).
Deno.test("the notebook's code is formatted", async () => {
  const { cells }: Notebook = JSON.parse(await Deno.readTextFile(FILE));
  const code = cells.filter(({ cell_type }) => cell_type === "code")
    .map(({ source }) => joined(source)).join("\n\n");
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, `${code}\n`);
  await outputOf(Deno.execPath(), ["fmt", "--check", "--no-config", file]);
  await Deno.remove(file);
});

Deno.test({
  name: "the notebook runs in Jupyter: tables change in place, plots are shown",
  ignore: !await hasKernel(),
  async fn() {
    const out = await outputOf("jupyter", [
      ...["nbconvert", "--to", "notebook", "--execute", "--stdout"],
      FILE,
    ]);
    const { cells }: Notebook = JSON.parse(out);
    const outputs = cells.flatMap(({ outputs = [] }) => outputs);
    const of = (type: Output["output_type"]) =>
      outputs.filter(({ output_type }) => output_type === type);
    assertEquals(of("error"), []);
    const html = of("display_data").map(({ data }) =>
      joined(data!["text/html"] as string)
    );
    assertEquals(html.length, 4);
    for (const it of html) {
      assertMatch(it, />(15\/15|5\/5)<.*<svg/s);
      assertMatch(it, /<b>\d\.\d{4} ★<\/b>/);
    }
    // Deno's kernel may say that a cell is done before the last of it is shown.
    const pictures = of("execute_result").filter(({ data }) =>
      "image/svg+xml" in data!
    );
    assert(pictures.length > 0);
  },
});

/** Whether there is Jupyter with Deno's kernel. */
async function hasKernel(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("jupyter", {
      args: ["kernelspec", "list", "--json"],
      stderr: "null",
    }).output();
    return "deno" in JSON.parse(new TextDecoder().decode(stdout)).kernelspecs;
  } catch {
    return false;
  }
}
