import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
} from "playwright-core";

/** The Chromium of this machine, as `CHROMIUM` names it or `PATH` finds it. */
export const CHROMIUM: string | undefined = Deno.env.get("CHROMIUM") ||
  onPath("chromium", "chromium-browser", "google-chrome", "chrome");

/** A page that is open, and what it did since. */
export interface Opened {
  readonly page: Page;
  /** What it said on the console as a warning or an error, and what it threw. */
  readonly complaints: string[];
  /** The address of each request that it made, the first one its own. */
  readonly requests: string[];
}

/**
 * Opens a page: an address (`http:`, `file:`), or the text of an HTML document.
 * `options` are those of a context of its own: `viewport`, `colorScheme`, ….
 */
export type Open = (
  from: string,
  options?: BrowserContextOptions,
) => Promise<Opened>;

/**
 * A test that opens pages in a headless Chromium of its own, which is closed
 * with all its pages when the test is over. It is ignored where there is none.
 */
export function browserTest(
  name: string,
  run: (open: Open, t: Deno.TestContext) => void | Promise<void>,
): void {
  Deno.test({
    name: CHROMIUM ? name : `${name} (ignored: no chromium on this machine)`,
    ignore: !CHROMIUM,
    async fn(t) {
      const browser = await launch(CHROMIUM!);
      try {
        await run((from, options) => openPage(browser, from, options), t);
      } finally {
        await browser.close();
      }
    },
  });
}

async function launch(executablePath: string): Promise<Browser> {
  // playwright looks around for Windows when it is loaded, which would take all permissions, unless this is set.
  Deno.env.set("__IS_WSL_TEST__", "1");
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath,
    // Who ends the tests ends them: Chromium goes when nobody listens to it.
    ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    args: [
      "--no-sandbox",
      "--disable-background-networking",
      "--enable-precise-memory-info",
    ],
  });
}

async function openPage(
  browser: Browser,
  from: string,
  options: BrowserContextOptions = {},
): Promise<Opened> {
  const context: BrowserContext = await browser.newContext(options);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on("request", (request) => requests.push(request.url()));
  if (from.trimStart().startsWith("<")) await page.setContent(from);
  else await page.goto(from);
  return { page, complaints, requests };
}

function onPath(...names: string[]): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(
    Deno.build.os === "windows" ? ";" : ":",
  );
  const paths = names.flatMap((name) =>
    folders.map((folder) => `${folder}/${name}`)
  );
  return paths.find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
