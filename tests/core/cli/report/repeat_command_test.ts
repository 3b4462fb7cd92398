import { assertEquals } from "@std/assert";
import { repeatCommand } from "../../../../core/cli/report/repeat_command.ts";

function repeated(...args: readonly string[]): string | undefined {
  return repeatCommand({ command: ["train", ...args] });
}

Deno.test("a run is repeated as it was begun, in another folder", () => {
  assertEquals(
    repeated("my.ts", "--epochs=3"),
    "deno task train my.ts --epochs=3",
  );
  assertEquals(
    repeated("--run-dir", "x", "my.ts", "--overwrite", "--run-dir=y"),
    "deno task train my.ts",
  );
  assertEquals(
    repeated("--resume", "runs/x", "--quiet"),
    "deno task train --quiet",
  );
  assertEquals(repeated("--resume", "--quiet"), "deno task train --quiet");
});

Deno.test("with its seed and its backend, where they were not given", () => {
  const facts = { seed: 42, backend: "wasm" };
  assertEquals(
    repeatCommand({ ...facts, command: ["train"] }),
    "deno task train --seed 42 --backend wasm",
  );
  assertEquals(
    repeatCommand({
      ...facts,
      command: ["train", "--seed", "1", "--backend=cpu"],
    }),
    "deno task train --seed 1 --backend=cpu",
  );
});

Deno.test("to the epoch that it was said to go on to", () => {
  const after = (command: string[], ...resumed: string[]) =>
    repeatCommand({
      command: ["train", ...command],
      resumed: [{ command: ["train", "--resume", ...resumed] }],
      params: { epochs: 20 },
    });
  assertEquals(
    after(["--epochs", "5", "--quiet"], "--epochs", "20"),
    "deno task train --epochs 20 --quiet",
  );
  assertEquals(
    after(["--epochs=5"], "--epochs=20"),
    "deno task train --epochs=20",
  );
  assertEquals(after([], "--epochs", "20"), "deno task train --epochs 20");
  assertEquals(after(["--quiet"]), "deno task train --quiet");
});

Deno.test("words are quoted for the shell", () => {
  assertEquals(
    repeated("--use", "a:b={epoch},c=it's", "--data", "my data.csv", ""),
    "deno task train --use 'a:b={epoch},c=it'\\''s' --data 'my data.csv' ''",
  );
});

Deno.test("what does not say how it was begun is not repeated", () => {
  for (const command of [undefined, "train", [], [3], ["evaluate", "x"]]) {
    assertEquals(repeatCommand({ command }), undefined);
  }
});
