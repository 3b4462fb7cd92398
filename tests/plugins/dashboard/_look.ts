import type { Page } from "playwright-core";

/** Colours of curves, in light and dark. */
export const LIGHT = { training: [11, 98, 196], validation: [194, 78, 0] };
/** Those in the dark. */
export const DARK = { training: [108, 180, 255], validation: [255, 163, 71] };

/** How many pixels of a chart have a colour, such as `[11, 98, 196]`. */
export const pixels = (
  page: Page,
  chart: number,
  [r, g, b]: readonly number[],
) =>
  page.evaluate(`(() => {
    const canvas = document.querySelectorAll("canvas")[${chart}];
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const far = Math.abs(data[i] - ${r}) + Math.abs(data[i + 1] - ${g}) + Math.abs(data[i + 2] - ${b});
      if (data[i + 3] === 255 && far < 12) found++;
    }
    return found;
  })()`) as Promise<number>;

/** What an element says. */
export const textOf = (page: Page, selector: string) =>
  page.locator(selector).innerText();

/** Waits for something, a minute at most. */
export async function until(
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`not within a minute: ${holds}`);
}

/** Waits until an element says so. */
export const says = (page: Page, selector: string, text: string | RegExp) =>
  page.locator(selector, { hasText: text }).waitFor();
