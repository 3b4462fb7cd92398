import { assert, assertEquals } from "@std/assert";
import { browserTest } from "../../_browser.ts";
import { folder, spawned } from "../../core/cli/_command.ts";
import { LIGHT, pixels, says, textOf, until } from "./_look.ts";
import { TOKEN, training } from "./_training.ts";

browserTest(
  "three viewers of a run that trains, one of them late: they steer it, and all see its end",
  async (open, t) => {
    let address = "";
    let epochs = 0;
    const pause = () => new Promise((done) => setTimeout(done, 5));
    const run = training({
      ...{ epochs: 100_000, batches: 20 },
      steps: { testStep: () => ({ loss: 0.3 }) },
      more: { validation: [1] },
      async begin(epoch, at) {
        address = at;
        epochs = epoch;
        await pause();
      },
    });
    await until(() => epochs > 3);
    const [first, second] = [await open(address), await open(address)];
    for (const { page } of [first, second]) {
      await says(page, "#state", "Running");
    }

    await t.step("the curves are there", async () => {
      for (const { page } of [first, second]) {
        await until(async () => await pixels(page, 0, LIGHT.training) > 100);
        await until(async () => await pixels(page, 0, LIGHT.validation) > 20);
      }
    });

    await t.step(
      "the learning rate is set by one, and seen by the other",
      async () => {
        const { page } = first;
        await page.getByRole("textbox", { name: "Learning rate" }).fill(
          "0.025",
        );
        await page.getByRole("button", { name: "Set" }).click();
        await says(page, "#answer", /Done: set the learning rate to 0.025/);
        await says(
          second.page,
          "#acts li .what",
          /^dashboard set the learning rate to 0.025/,
        );
        await says(
          second.page,
          "figure:has-text('Learning rate') .key",
          "0.025",
        );
      },
    );

    await t.step("a late one sees all from the first epoch on", async () => {
      const before = epochs;
      const { page } = await open(address);
      await says(page, "#state", "Running");
      await says(page, "#acts li .what", /set the learning rate to 0.025/);
      await until(async () =>
        (await page.locator("#epochs tbody tr").count()) >=
          Math.min(before, 100)
      );
      const words = page.locator("figure:has-text('loss') p").first();
      await until(async () => /at step \d/.test(await words.innerText()));
    });

    await t.step("after a reload it is all there", async () => {
      await second.page.reload();
      await says(
        second.page,
        "#acts li .what",
        /set the learning rate to 0.025/,
      );
      await until(async () =>
        await pixels(second.page, 0, LIGHT.training) > 100
      );
    });

    await t.step(
      "a button stops the run, whose record says who; both pages show the end and stay",
      async () => {
        await second.page.getByRole("button", { name: "Stop after this epoch" })
          .click();
        const { history } = await run;
        const { status, by, reason } = {
          by: "",
          reason: "",
          ...history.outcome,
        };
        assertEquals({ status, by, reason }, {
          status: "stopped",
          by: "dashboard",
          reason: "asked for on the dashboard",
        });
        for (const { page } of [first, second]) {
          await says(page, "#state", "Ended: stopped");
          await says(
            page,
            "#outcome",
            /^Stopped by dashboard in epoch \d+: asked for on the dashboard\./,
          );
          assertEquals(
            await textOf(page, "#epochs tbody tr >> nth=0 >> th").then(
              parseInt,
            ),
            history.epoch.length,
          );
        }
      },
    );
    for (const { complaints } of [first, second]) assertEquals(complaints, []);
  },
);

/** A training that nobody would wait for. */
const experiment = (port: number) => `
import * as tf from "npm:@tensorflow/tfjs@4.22.0";
const x = Array.from({ length: 64 }, (_, i) => [i / 64]);
export default {
  name: "slow",
  options: { epochs: 5000, batchSize: 4 },
  use: ["backup-and-restore", ["dashboard", { port: ${port}, token: "${TOKEN}" }]],
  data: () => ({ train: { x, y: x }, validation: { x, y: x } }),
  model() {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    return model;
  },
};
`;

/** A port that was free a moment ago. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

browserTest(
  "a page outlives the process of its run: killed, taken up again, stopped by a button",
  async (open, t) => {
    const port = freePort();
    const dir = await folder({ "experiment.ts": experiment(port) });
    const start = (...more: string[]) =>
      spawned(["train", "--quiet", "--backend", "cpu", ...more], {
        cwd: dir,
        permissions: [
          "--allow-read",
          "--allow-write=.",
          "--allow-net=127.0.0.1",
        ],
      });
    const url = `http://127.0.0.1:${port}/?token=${TOKEN}`;
    const there = () =>
      until(() =>
        Deno.connect({ hostname: "127.0.0.1", port }).then(
          (it) => (it.close(), true),
          () => false,
        )
      );

    let child = start("experiment.ts");
    await there();
    const { page } = await open(url);
    await says(page, "#state", "Running");
    const lastEpoch = async () =>
      parseInt(await textOf(page, "#epochs tbody tr >> nth=0 >> th"));
    await until(async () =>
      await page.locator("#epochs").isVisible() && await lastEpoch() > 3
    );

    const ended = async () => {
      await child.stdout.cancel();
      await child.stderr.cancel();
      return await child.status;
    };

    await t.step("killed: it says so, and keeps what it has", async () => {
      child.kill("SIGKILL");
      await ended();
      await says(page, "#state", /Connection lost since .*, trying again/);
      assert(await lastEpoch() > 3);
    });

    await t.step(
      "taken up again: it goes on by itself, with what was before",
      async () => {
        const before = await lastEpoch();
        child = start("--resume");
        await says(page, "#state", "Running");
        await until(async () => await lastEpoch() > before);
        const rows = await page.locator("#epochs tbody th").allInnerTexts();
        const shown = rows.map((row) => parseInt(row));
        assertEquals(shown, shown.map((_, i) => shown[0]! - i), "each once");
      },
    );

    await t.step(
      "stopped by a button: the run's record names the dashboard",
      async () => {
        await page.getByRole("button", { name: "Stop after this epoch" })
          .click();
        await says(page, "#state", "Ended: stopped");
        assertEquals((await ended()).code, 0);
        const [run] = [...Deno.readDirSync(`${dir}/runs`)].filter((
          { isDirectory },
        ) => isDirectory);
        const at = `${dir}/runs/${run!.name}`;
        const record = JSON.parse(await Deno.readTextFile(`${at}/run.json`));
        assertEquals(record.outcome.by, "dashboard");
        const events = await Deno.readTextFile(`${at}/events.jsonl`);
        const stop = events.trim().split("\n").map((line) => JSON.parse(line))
          .find(({ kind, what }) => kind === "act" && what.kind === "stop");
        assertEquals([stop.by, stop.what.reason], [
          "dashboard",
          "asked for on the dashboard",
        ]);
      },
    );
  },
);
