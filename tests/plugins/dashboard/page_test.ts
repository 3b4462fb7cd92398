import { assert, assertEquals, assertMatch } from "@std/assert";
import { browserTest } from "../../_browser.ts";
import { DARK, LIGHT, pixels, says, textOf, until } from "./_look.ts";
import { mock } from "./_mock.ts";
import {
  actMessage,
  epochMessage,
  pointsMessage,
  runMessage,
  statusMessage,
} from "./_messages.ts";

/** A run of six epochs, of which the fourth is the best, and of two acts. */
function someRun() {
  const server = mock();
  server.tell("run", runMessage());
  server.tell("points", pointsMessage(0, 600));
  for (let epoch = 0; epoch < 6; epoch++) {
    server.tell("epoch", epochMessage(epoch, { best: epoch < 4 }));
  }
  server.tell("act", actMessage({}));
  server.tell(
    "act",
    actMessage({ by: null, text: "it is slow", kind: "warning" }),
  );
  server.tell("status", statusMessage(600));
  return server;
}

browserTest(
  "the dashboard shows a run: where it is, its curves, its epochs, what plugins did",
  async (open, t) => {
    await using server = someRun();
    const { page, complaints, requests } = await open(server.url);
    await says(page, "#state", "Running");

    await t.step("its name, position and time", async () => {
      assertEquals(await textOf(page, "h1"), "digits-2026-11-21T00-18-22");
      assertEquals(
        await textOf(page, "#position"),
        "Epoch 7 of 50, batch 36 of 94 · 600 steps",
      );
      assertEquals(await textOf(page, "#time"), "1 s · about 13 s left");
      assertMatch(await page.title(), /^12 % · digits/);
      const done = await page.locator("progress").getAttribute("value");
      assertEquals(Number(done).toFixed(4), (600 / 94 / 50).toFixed(4));
    });

    await t.step(
      "a chart per metric, and one each for rate, speed and memory",
      async () => {
        assertEquals(await page.locator("figure h3").allInnerTexts(), [
          "loss",
          "accuracy",
          "Learning rate",
          "Batches per second",
          "Memory",
        ]);
        for (const chart of [0, 1]) {
          assert(await pixels(page, chart, LIGHT.training) > 300, "training");
          assert(
            await pixels(page, chart, LIGHT.validation) > 100,
            "validation",
          );
        }
        for (const chart of [2, 3, 4]) {
          assert(await pixels(page, chart, LIGHT.training) > 100);
          assertEquals(await pixels(page, chart, LIGHT.validation), 0);
        }
      },
    );

    await t.step(
      "beside each its last values, and the best epoch's",
      async () => {
        const { loss, val_loss } = epochMessage(3).logs;
        assert(loss);
        assertMatch(
          (await textOf(page, "figure >> nth=0 >> .key")).replaceAll("\n", " "),
          new RegExp(
            `training 0\\.\\d+ validation 0\\.\\d+ epoch 4 ${
              val_loss!.toFixed(4)
            }`,
          ),
        );
      },
    );

    await t.step("for a screen reader, each in words", async () => {
      const about = await page.locator("figure >> nth=0").ariaSnapshot();
      assertMatch(about, /figure "loss"/);
      assertMatch(about, /img "Curve of loss"/);
      assertMatch(
        about,
        /now 0\.\d+, lowest 0\.\d+ at step \d+, falling; epochs: now 0\.\d+, .*validation: now 0\.\d+, lowest 0\.\d+ in epoch 6, falling\./,
      );
    });

    await t.step(
      "the epochs as a table, the last first, the best one marked",
      async () => {
        const rows = await page.locator("#epochs tbody th").allInnerTexts();
        assertEquals(rows, ["6", "5", "4 ★ best", "3", "2", "1"]);
        assertEquals(await page.locator("#epochs thead th").allInnerTexts(), [
          ...["Epoch", "loss", "accuracy", "val_loss", "val_accuracy", "Time"],
        ]);
      },
    );

    await t.step("what plugins did, the last first", async () => {
      assertEquals(await page.locator("#acts .what").allInnerTexts(), [
        "it is slow",
        "model-checkpoint saved best",
      ]);
      assertEquals(
        await textOf(page, "#acts li >> nth=1 >> .where"),
        "epoch 4, onEpochEnd",
      );
    });

    await t.step("what comes is added", async () => {
      server.tell("points", pointsMessage(600, 658));
      server.tell("epoch", epochMessage(6, { best: true }));
      server.tell(
        "act",
        actMessage({ by: "early-stopping", text: "stopped the run: enough" }),
      );
      server.tell("status", statusMessage(658));
      await says(
        page,
        "#acts li:first-child",
        "early-stopping stopped the run: enough",
      );
      assertEquals(
        await textOf(page, "#epochs tbody tr:first-child th"),
        "7 ★ best",
      );
      assertEquals(await page.locator("tr.best").count(), 1);
      assertEquals(
        await textOf(page, "#acts-news"),
        "early-stopping stopped the run: enough",
      );
    });

    await t.step("it complains of nothing, and asks nobody else", () => {
      assertEquals(complaints, []);
      const { origin } = new URL(server.url);
      assertEquals(requests.filter((url) => !url.startsWith(`${origin}/`)), []);
      assertEquals(requests.filter((url) => !url.includes("token=secret")), []);
    });
  },
);

browserTest(
  "the dashboard on a phone, in the dark, by keyboard",
  async (open, t) => {
    await using server = someRun();
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true };
    const { page, complaints } = await open(server.url, phone);
    await says(page, "#state", "Running");

    await t.step("nothing is wider than the screen", async () => {
      assertEquals(
        await page.evaluate("document.documentElement.scrollWidth"),
        360,
      );
    });

    await t.step("what is touched is as large as a finger", async () => {
      const controls = await page.locator(
        "button:visible, select:visible, input:visible:not([type=checkbox]), label.check",
      ).all();
      assertEquals(controls.length, 12);
      for (const control of controls) {
        const { width, height } = (await control.boundingBox())!;
        assert(
          width >= 44 && height >= 44,
          `${await control.innerText()}: ${width} x ${height}`,
        );
      }
    });

    await t.step("when it gets dark, the curves do", async () => {
      const light = await pixels(page, 0, LIGHT.training);
      await page.emulateMedia({ colorScheme: "dark" });
      await page.waitForTimeout(300);
      assert(light > 100);
      assertEquals(await pixels(page, 0, LIGHT.training), 0);
      assert(await pixels(page, 0, DARK.training) > 100);
      assert(await pixels(page, 0, DARK.validation) > 50);
    });

    await t.step("nothing moves for who does not want it", async () => {
      const animation = () =>
        page.evaluate(
          "getComputedStyle(document.getElementById('state'), '::before').animationName",
        );
      assertEquals(await animation(), "breathe");
      await page.emulateMedia({ reducedMotion: "reduce" });
      assertEquals(await animation(), "none");
    });

    await t.step(
      "the keyboard comes by all that can be used, in its order, and is seen",
      async () => {
        const found: unknown[] = [];
        for (let i = 0; i < 13; i++) {
          await page.keyboard.press("Tab");
          found.push(
            await page.evaluate(
              "document.activeElement.id || document.activeElement.textContent.trim()",
            ),
          );
          const outline = await page.evaluate(
            "getComputedStyle(document.activeElement).outlineStyle",
          );
          assertEquals(outline, "solid", String(found.at(-1)));
        }
        assertEquals(found, [
          ...["stop", "save", "learning-rate", "Set"],
          ...["axis", "smoothing", "log", "earlier", "in", "out", "later"],
          ...["acts", "epochs"],
        ]);
      },
    );
    assertEquals(complaints, []);
  },
);

browserTest(
  "the curves can be looked at closer: by buttons, by dragging, over epochs, smooth or not",
  async (open, t) => {
    await using server = someRun();
    const { page, complaints } = await open(server.url);
    await says(page, "#state", "Running");
    const all = page.getByRole("button", { name: "Whole run" });
    const picture = () =>
      page.evaluate("document.querySelector('canvas').toDataURL()");
    let last: unknown = await picture();
    const changed = async () => {
      await until(async () => await picture() !== last);
      last = await picture();
    };

    await t.step("buttons, which the keyboard reaches", async () => {
      assert(await all.isDisabled());
      await page.getByRole("button", { name: "Zoom in" }).press("Enter");
      await changed();
      await page.getByRole("button", { name: "Earlier" }).press("Enter");
      await changed();
      await page.getByRole("button", { name: "Later" }).press("Enter");
      await changed();
      await page.getByRole("button", { name: "Zoom out" }).press("Enter");
      await changed();
      assert(await all.isDisabled(), "all is seen again");
    });

    await t.step(
      "a drag looks at a part in all charts, a double click at all",
      async () => {
        const { x, y, width } =
          (await page.locator(".u-over >> nth=0").boundingBox())!;
        const drag = async (from: number, to: number) => {
          await page.mouse.move(x + width * from, y + 50);
          await page.mouse.down();
          await page.mouse.move(x + width * to, y + 60, { steps: 4 });
          await page.mouse.up();
        };
        await drag(0.2, 0.4);
        assert(await all.isEnabled());
        await changed();
        await page.keyboard.down("Shift");
        await drag(0.5, 0.3);
        await page.keyboard.up("Shift");
        await changed();
        await page.mouse.dblclick(x + 50, y + 50);
        assert(await all.isDisabled());
        await changed();
      },
    );

    await t.step("the values under the mouse are told", async () => {
      const { x, y, width } =
        (await page.locator(".u-over >> nth=0").boundingBox())!;
      await page.mouse.move(x + width / 2, y + 50);
      await says(page, "figure >> nth=0 >> .key", /step\s30[0-3]/);
      await says(page, "figure >> nth=1 >> .key", /step\s30[0-3]/);
      await page.mouse.move(5, 5);
    });

    await t.step("epochs, a log scale, no smoothing", async () => {
      await picture().then((now) => last = now);
      await page.getByLabel("Over").selectOption("epochs");
      await changed();
      await page.getByLabel("Smoothing").selectOption("none");
      await changed();
      await page.getByLabel("Log scale").check();
      await changed();
    });
    assertEquals(complaints, []);
  },
);

browserTest(
  "an epoch in which validation did not run leaves a gap, no more",
  async (open) => {
    await using server = mock();
    server.tell("run", runMessage());
    for (let epoch = 0; epoch < 4; epoch++) {
      const message = epochMessage(epoch);
      const { loss } = message.logs;
      server.tell(
        "epoch",
        epoch % 2 ? { ...message, logs: { loss: loss! } } : message,
      );
    }
    server.tell("status", statusMessage(376));
    const { page, complaints } = await open(server.url);
    await says(page, "#state", "Running");
    assertEquals(await page.locator("#epochs thead th").allInnerTexts(), [
      ...["Epoch", "loss", "accuracy", "val_loss", "val_accuracy", "Time"],
    ]);
    assertEquals(
      await textOf(page, "#epochs tbody tr:first-child td >> nth=2"),
      "–",
    );
    await says(page, "figure >> nth=0 >> .key", /validation/);
    assert(await pixels(page, 0, LIGHT.validation) > 100);
    assert(
      await pixels(page, 0, LIGHT.training) > 100,
      "epochs without batches are a line",
    );
    assertEquals(complaints, []);
  },
);
