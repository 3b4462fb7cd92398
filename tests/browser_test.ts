import { assertEquals } from "@std/assert";
import { browserTest } from "./_browser.ts";

browserTest(
  "a page is opened from a text, a file or an address, and what it does is told",
  async (open, t) => {
    const text = "<title>T</title><h1>Hello</h1>";

    await t.step("a text", async () => {
      const { page, complaints, requests } = await open(text);
      assertEquals(await page.title(), "T");
      assertEquals(
        await page.locator("body").ariaSnapshot(),
        '- heading "Hello" [level=1]',
      );
      assertEquals({ complaints, requests }, { complaints: [], requests: [] });
    });

    await t.step("a file", async () => {
      const path = await Deno.makeTempFile({ suffix: ".html" });
      await Deno.writeTextFile(
        path,
        `${text}<script>throw new Error("so")</script>`,
      );
      const { complaints, requests } = await open(`file://${path}`);
      assertEquals(complaints, ["Error: so"]);
      assertEquals(requests, [`file://${path}`]);
      await Deno.remove(path);
    });

    await t.step("an address, in the dark", async () => {
      await using server = Deno.serve(
        { hostname: "127.0.0.1", port: 0, onListen() {} },
        ({ url }) =>
          new URL(url).pathname === "/"
            ? new Response(
              '<link rel="icon" href="data:,"><img src="missing.png">',
              {
                headers: { "content-type": "text/html" },
              },
            )
            : new Response("no", { status: 404 }),
      );
      const at = `http://127.0.0.1:${server.addr.port}/`;
      const { page, complaints, requests } = await open(at, {
        colorScheme: "dark",
      });
      assertEquals(
        await page.evaluate(
          "matchMedia('(prefers-color-scheme: dark)').matches",
        ),
        true,
      );
      assertEquals(requests.filter((url) => url.startsWith("http")), [
        at,
        `${at}missing.png`,
      ]);
      assertEquals(complaints.length, 1, "the picture that is missing");
      await page.context().close();
    });
  },
);
