import { assert, assertEquals, assertMatch } from "@std/assert";
import { browserTest } from "../../_browser.ts";
import { says, textOf, until } from "./_look.ts";
import { mock } from "./_mock.ts";
import {
  actMessage,
  epochMessage,
  pointsMessage,
  runMessage,
  statusMessage,
} from "./_messages.ts";

browserTest(
  "what the dashboard's page asks of the run, and what becomes of it",
  async (open, t) => {
    await using server = mock();
    server.tell("run", runMessage());
    server.tell("points", pointsMessage(0, 50));
    server.tell("status", statusMessage(50));
    const { page, complaints } = await open(server.url);
    await says(page, "#state", "Running");
    const field = page.getByRole("textbox", { name: "Learning rate" });
    const set = page.getByRole("button", { name: "Set" });
    const done = (text: string) =>
      server.tell(
        "act",
        actMessage({ by: "dashboard", text, epoch: 0, batch: 50 }),
      );

    await t.step(
      "a stop waits for the end of the epoch, and may be taken back",
      async () => {
        await page.getByRole("button", { name: "Stop after this epoch" })
          .click();
        await until(() => server.asked.length === 1);
        server.tell("status", statusMessage(51, ["stop after this epoch"]));
        await says(page, "#state", "Stops after this epoch");
        await says(
          page,
          "#answer",
          "Waiting for the run: stop after this epoch",
        );
        await page.getByRole("button", { name: "Take the stop back" }).click();
        await until(() => server.asked.length === 2);
        server.tell("status", statusMessage(52));
        await says(page, "#answer", "The stop is taken back");
        assertEquals(server.asked, [{ act: "stop" }, { act: "unstop" }]);
        await says(page, "#state", "Running");
      },
    );

    await t.step(
      "a learning rate is set, which the page says when it is done",
      async () => {
        assertEquals(await field.getAttribute("placeholder"), "now 0.001");
        await field.fill("5e-4");
        await field.press("Enter");
        await until(() => server.asked.length === 3);
        assertEquals(server.asked.pop(), {
          act: "learningRate",
          value: 0.0005,
        });
        server.tell(
          "status",
          statusMessage(53, ["set the learning rate to 0.0005"]),
        );
        await says(
          page,
          "#answer",
          "Waiting for the run: set the learning rate to 0.0005",
        );
        done("set the learning rate to 0.0005 (it was 0.001)");
        server.tell("status", statusMessage(54));
        await says(
          page,
          "#answer",
          "Done: set the learning rate to 0.0005 (it was 0.001)",
        );
        assertEquals(await field.inputValue(), "");
      },
    );

    await t.step("what is no number is not asked for", async () => {
      for (const text of ["fast", "", "-1", "1e999"]) {
        await field.fill(text);
        await set.click();
        await says(
          page,
          "#answer[data-bad]",
          'The learning rate must be a number such as "0.001" or "1e-4"',
        );
        assertEquals(await field.getAttribute("aria-invalid"), "true");
        assertEquals(
          await page.evaluate("document.activeElement.id"),
          "learning-rate",
        );
      }
      assertEquals(server.asked.length, 2);
    });

    await t.step("what the run refuses is told in its words", async () => {
      server.answer = {
        status: 400,
        body: { problem: "The learning rate is not offered" },
      };
      await field.fill("0.1");
      await set.click();
      await says(page, "#answer[data-bad]", "The learning rate is not offered");
      server.answer = { status: 202, body: {} };
    });

    await t.step("it is saved", async () => {
      await page.getByRole("button", { name: "Save now" }).click();
      await says(page, "#answer", "Asking the run to save");
      done("saved dashboard/step-54");
      await says(
        page,
        "#answer:not([data-bad])",
        "Done: saved dashboard/step-54",
      );
      assertEquals(server.asked.pop(), { act: "save" });
    });

    await t.step("a stop that is done is not taken back", async () => {
      server.asked.length = 0;
      await page.getByRole("button", { name: "Stop after this epoch" }).click();
      await until(() => server.asked.length === 1);
      server.tell("status", statusMessage(90, ["stop after this epoch"]));
      await says(page, "#answer", "Waiting for the run: stop after this epoch");
      done("stopped the run: asked for on the dashboard");
      server.tell("status", statusMessage(94));
      await says(
        page,
        "#answer",
        "Done: stopped the run: asked for on the dashboard",
      );
      await says(page, "#stop", "Stop after this epoch");
    });

    await t.step("what a run cannot do is not there", async () => {
      server.tell("run", {
        ...runMessage(),
        can: { stop: true, learningRate: false, save: false },
      });
      await page.locator("#save").waitFor({ state: "hidden" });
      assertEquals(await field.isVisible(), false);
      assert(await page.locator("#stop").isVisible());
    });
    assertEquals(complaints.length, 1, "the one request that was refused");
  },
);

browserTest(
  "the dashboard's page when the connection is lost, the run ends, or another begins",
  async (open, t) => {
    await using server = mock();
    server.tell("run", runMessage());
    server.tell("points", pointsMessage(0, 100));
    server.tell("epoch", epochMessage(0));
    server.tell(
      "act",
      actMessage({ by: "dashboard", text: "saved dashboard/step-10" }),
    );
    server.tell("status", statusMessage(100));
    const { page } = await open(server.url);
    await says(page, "#state", "Running");
    const stop = page.locator("#stop");

    await t.step(
      "what was done before is no answer to anything asked here",
      async () => {
        assertEquals(await textOf(page, "#answer"), "");
        assertEquals(await textOf(page, "#acts-news"), "");
      },
    );

    await t.step(
      "a connection that is lost is told of, what was shown stays",
      async () => {
        server.down = true;
        server.breakOff();
        await says(
          page,
          "#state",
          /^\s*Connection lost since .*, trying again/,
        );
        assert(await stop.isDisabled());
        assertEquals(await page.locator("figure").count(), 5);
      },
    );

    await t.step("and taken up where it broke off", async () => {
      server.tell("points", pointsMessage(100, 188));
      server.tell("epoch", epochMessage(1));
      server.tell("status", statusMessage(188));
      server.down = false;
      await says(page, "#position", "188 steps");
      assertEquals(await textOf(page, "#state"), "Running");
      assertEquals(server.streams, [null, "4"]);
      assertEquals(await page.locator("#epochs tbody th").allInnerTexts(), [
        "2",
        "1",
      ]);
      assert(await stop.isEnabled());
    });

    await t.step("a reload shows all", async () => {
      await page.reload();
      await says(page, "#position", "188 steps");
      assertEquals(await page.locator("#epochs tbody th").allInnerTexts(), [
        "2",
        "1",
      ]);
      assertEquals(server.streams.at(-1), null);
    });

    await t.step(
      "another process begins again from its own beginning",
      async () => {
        server.tell("reset", {});
        server.tell("run", { ...runMessage(), name: "again" });
        server.tell("points", pointsMessage(0, 20));
        server.tell("status", statusMessage(20));
        await says(page, "h1", "again");
        await until(async () => await page.locator("#epochs").isHidden());
        assert(await page.locator("#acts").isHidden());
        assertEquals(
          await textOf(page, "#position"),
          "Epoch 1 of 50, batch 20 of 94 · 20 steps",
        );
      },
    );

    await t.step(
      "the end is shown, and kept when nobody is there any more",
      async () => {
        server.tell("epoch", epochMessage(0, { best: true }));
        server.tell("end", {
          outcome: {
            status: "stopped",
            by: "dashboard",
            reason: "asked for",
            epoch: 0,
            batch: null,
          },
          elapsed: 4000,
          best: { epoch: 0, key: "val_loss", value: 0.5 },
        });
        await says(page, "#state", "Ended: stopped");
        assertEquals(
          await textOf(page, "#outcome"),
          "Stopped by dashboard in epoch 1: asked for. Best epoch: 1, with val_loss 0.5.",
        );
        assert(await page.locator("#controls").isHidden());
        assertEquals(await textOf(page, "#time"), "took 4 s");
        assertMatch(await page.title(), /^stopped/);
        const before = server.streams.length;
        server.down = true;
        server.breakOff();
        await page.waitForTimeout(1500);
        assertEquals(await textOf(page, "#state"), "Ended: stopped");
        assertEquals(server.streams.length, before);
        assertEquals(await page.locator("figure").count(), 5);
      },
    );

    await t.step(
      "an address that the server refuses is told of, and not tried again",
      async () => {
        server.down = false;
        const other = await open(server.url);
        await says(other.page, "h1", "again");
        const late = mock();
        late.tell("run", runMessage());
        late.tell("status", statusMessage(1));
        const third = await open(late.url);
        await says(third.page, "#state", "Running");
        late.token = "another";
        late.breakOff();
        await says(third.page, "#state", "The address lacks the run's token");
        await late[Symbol.asyncDispose]();
      },
    );
  },
);
