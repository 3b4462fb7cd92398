import { assert, assertEquals } from "@std/assert";
import { writeCheckpoint } from "../../core/tf/checkpoint/write_checkpoint.ts";
import { batches, notebook, plugin, scripted, training } from "./_scripted.ts";

Deno.test("a permission that is lost in mid-run is told, and the run ends well", async () => {
  const dir = await Deno.makeTempDir();
  const at = (path: string) =>
    JSON.stringify(new URL(`../../${path}`, import.meta.url).href);
  await Deno.writeTextFile(
    `${dir}/main.ts`,
    `
    import { trainLoop } from ${at("core/loop/mod.ts")};
    const history = await trainLoop({
      metrics: ["loss"], begin() {}, train() {}, logs: () => ({ loss: 1 }),
    }, { steps: 1, batches: () => [1] }, undefined, {
      epochs: 3, dir: "run",
      plugins: [{
        name: "picture",
        onTrainBegin(_logs, run) {
          this.log = run.files.open("log");
        },
        onEpochEnd(epoch, _logs, run) {
          this.log.write(epoch + " ");
          run.files.write("picture.svg", String(epoch));
          if (epoch === 1) Deno.permissions.revokeSync({ name: "write" });
        },
      }],
    });
    console.log(history.outcome.status, history.unwritten.length);
    `,
  );
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-prompt", "--no-check", "--allow-read", "--allow-env"],
      ...[`--allow-write=${dir}`, "main.ts"],
    ],
    cwd: dir,
    env: { NO_COLOR: "1" },
  }).output();
  const [out, err] = [stdout, stderr].map((it) => new TextDecoder().decode(it));
  assertEquals([code, err], [0, ""]);
  const why =
    "Cannot write run/picture.svg: write permission is missing; run with --allow-write=run/picture.svg";
  assertEquals(out!.trim().split("\n"), [
    `Warning: ${why}, which plugin "picture" writes; the run goes on, what is missing waits, and is written once that is possible`,
    `Warning: ${why}; the run is over`,
    "completed 1",
  ]);
  assertEquals(await Deno.readTextFile(`${dir}/run/picture.svg`), "1");
  // What was open before stays so.
  assertEquals(
    await Deno.readTextFile(`${dir}/run/log`),
    "0 1 2 ",
  );
});

Deno.test("a real disk of 256 KiB that fills and is emptied", async (t) => {
  const dir = await Deno.makeTempDir();
  const call = async (command: string, ...args: string[]) => {
    try {
      const { success } = await new Deno.Command(command, {
        ...{ args, stdout: "null", stderr: "null" },
      }).output();
      return success;
    } catch {
      return false;
    }
  };
  if (!await call("mount", "-t", "tmpfs", "-o", "size=256k", "none", dir)) {
    return; // Only where this may be done.
  }
  await t.step("a log and checkpoints", async () => {
    try {
      const row = "x".repeat(1000) + "\n";
      const writer = plugin("writer", {
        onTrainBegin: (_l, run) => void (file = run.files.open("log")),
        onEpochEnd: async (epoch, _l, run) => {
          file!.write(`${epoch} ${row}`);
          await run.save("best");
        },
        onTrainEnd: () => file!.close(),
      });
      let file: { write(text: string): void; close(): void } | undefined;
      const printer = notebook();
      const steps = scripted({
        save: (path) =>
          writeCheckpoint(path, {
            numbers: [["weights.bin", new Uint8Array(50_000)]],
            json: (_name, files) =>
              JSON.stringify({ weightsManifest: [], files }),
          }),
      });
      const { unwritten } = await training(steps, batches(1), undefined, {
        ...{ epochs: 8, dir, printer },
        plugins: [
          plugin("filler", {
            onEpochBegin(epoch) {
              if (epoch === 2) {
                try {
                  Deno.writeFileSync(`${dir}/filler`, new Uint8Array(2 ** 20));
                } catch {
                  // It takes all the room there is.
                }
              }
              if (epoch === 6) Deno.removeSync(`${dir}/filler`);
            },
          }),
          writer,
        ],
      });
      assertEquals(unwritten, undefined);
      assertEquals(
        await Deno.readTextFile(`${dir}/log`),
        Array.from({ length: 8 }, (_, epoch) => `${epoch} ${row}`).join(""),
      );
      assertEquals(
        [...Deno.readDirSync(`${dir}/best`)].map(({ name }) => name).sort(),
        ["model.json", "weights.bin"],
      );
      assert(printer.lines.length >= 2, printer.lines.join("\n"));
      assert(
        printer.lines.every((it) => /No space left|written again/.test(it)),
      );
    } finally {
      await call("umount", dir);
    }
  });
});
