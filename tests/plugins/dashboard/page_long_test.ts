import { assert, assertEquals, assertMatch } from "@std/assert";
import type { CDPSession, Page } from "playwright-core";
import { browserTest } from "../../_browser.ts";
import { says, textOf } from "./_look.ts";
import { mock } from "./_mock.ts";
import {
  epochMessage,
  pointsMessage,
  runMessage,
  statusMessage,
} from "./_messages.ts";

/** What the page holds, in megabytes, once what nobody needs is gone. */
async function heap(page: Page, session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return Number(await page.evaluate("performance.memory.usedJSHeapSize")) / 1e6;
}

browserTest(
  "the dashboard's page over 400,000 batches holds no more than over 100,000",
  async (open, t) => {
    await using server = mock();
    const epoch = 5000;
    let every = 1;
    let length = 0;
    /** Goes on to a batch, as the server tells of it: in pieces, thinned at 100,000 points. */
    const goOn = (from: number, to: number) => {
      for (let at = from; at < to; at += 1000 * every) {
        server.tell(
          "points",
          pointsMessage(at, at + 1000 * every, { every, scale: 50_000 }),
        );
        length += 1000;
        if (length < 100_000) continue;
        every *= 2;
        length /= 2;
        server.tell("thin", { every });
      }
      for (let done = from; done < to; done += epoch) {
        server.tell(
          "epoch",
          epochMessage(done / epoch, { steps: epoch, scale: 50_000 }),
        );
      }
      server.tell("status", statusMessage(to, [], epoch));
    };
    server.tell("run", runMessage({ steps: epoch, epochs: 80 }));
    goOn(0, 50_000);
    const { page, complaints } = await open(server.url);
    await says(page, "#position", "50,000 steps");
    const session = await page.context().newCDPSession(page);
    const sizes: number[] = [];

    for (
      const [from, to] of [[50_000, 200_000], [200_000, 300_000], [
        300_000,
        400_000,
      ]] as const
    ) {
      await t.step(`batches ${from} to ${to}`, async () => {
        goOn(from, to);
        await says(page, "#position", `${to.toLocaleString("en-US")} steps`);
        assertEquals(
          await textOf(page, "#epochs tbody tr:first-child th"),
          `${to / epoch}`,
        );
        sizes.push(await heap(page, session));
      });
    }

    await t.step("memory is flat", () => {
      const [first = 0, , last = 0] = sizes;
      assert(last < 1.25 * first + 2, `${sizes} MB`);
      assert(last < 60, `${sizes} MB`);
    });

    await t.step("the curve is whole: its words know both ends", async () => {
      const words = page.locator("figure >> nth=0 >> p");
      const whole =
        /^now 0\.1\d*, lowest 0\.0\d* at step (3\d\d|400),\d{3}.*falling; epochs/;
      // They are said anew every three seconds, with the next that comes: a run tells of itself each second.
      for (let i = 0; i < 30 && !whole.test(await words.innerText()); i++) {
        server.tell("status", statusMessage(400_000 + i, [], epoch));
        await page.waitForTimeout(1000);
      }
      assertMatch(await words.innerText(), whole);
    });
    assertEquals(complaints, []);
  },
);

browserTest(
  "a loss that is no number any more is a gap, and is said",
  async (open) => {
    await using server = mock();
    server.tell("run", runMessage());
    const points = pointsMessage(0, 30);
    const loss = points.values.loss!.map((value, i) => i < 20 ? value : null);
    server.tell("points", {
      ...points,
      values: { ...points.values, loss },
      nonFinite: {
        loss: Array.from({ length: 10 }, (_, i) => [20 + i, "NaN"] as const),
      },
    });
    server.tell("epoch", {
      ...epochMessage(0),
      step: 30,
      logs: { loss: null, val_loss: null },
    });
    server.tell("status", statusMessage(30));
    const { page, complaints } = await open(server.url);
    await says(page, "figure >> nth=0 >> .key", /training NaN/);
    assertEquals(await textOf(page, "#epochs tbody tr td >> nth=0"), "–");
    assertEquals(complaints, []);
  },
);
