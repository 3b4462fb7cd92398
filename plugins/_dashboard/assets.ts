/**
 * The files of the dashboard's page, as text: they need no permission to read
 * and are published with the package.
 *
 * The page takes everything from its own address, without inline code, so this
 * policy suits it: `default-src 'none'; script-src 'self'; style-src 'self';
 * img-src 'self'; connect-src 'self'`.
 */
import uplotCss from "uplot/dist/uPlot.min.css" with { type: "text" };
import uplot from "uplot/dist/uPlot.iife.min.js" with { type: "text" };
import acts from "./page/acts.js" with { type: "text" };
import axes from "./page/axes.js" with { type: "text" };
import chart from "./page/chart.js" with { type: "text" };
import controls from "./page/controls.js" with { type: "text" };
import counts from "./page/counts.js" with { type: "text" };
import curves from "./page/curves.js" with { type: "text" };
import drag from "./page/drag.js" with { type: "text" };
import epochs from "./page/epochs.js" with { type: "text" };
import icon from "./page/icon.svg" with { type: "text" };
import legend from "./page/legend.js" with { type: "text" };
import main from "./page/main.js" with { type: "text" };
import marks from "./page/marks.js" with { type: "text" };
import parts from "./page/page.js" with { type: "text" };
import page from "./page/page.html" with { type: "text" };
import pageCss from "./page/page.css" with { type: "text" };
import points from "./page/points.js" with { type: "text" };
import state from "./page/state.js" with { type: "text" };
import stream from "./page/stream.js" with { type: "text" };
import view from "./page/view.js" with { type: "text" };
import words from "./page/words.js" with { type: "text" };

/** What is served at one path. */
export interface Asset {
  /** Its media type, as the header `content-type` has it. */
  readonly type: string;
  /** What it contains. */
  readonly text: string;
}

/** What a file refers to others by, between quotes. */
const REFERENCE = /"\.\/[a-z]+\.(?:js|css|svg)(?=")/g;

const html = { type: "text/html; charset=utf-8", texts: { "/": page } };
const css = {
  type: "text/css; charset=utf-8",
  texts: { "/page.css": pageCss, "/uplot.css": uplotCss },
};
const js = {
  type: "text/javascript; charset=utf-8",
  texts: {
    "/acts.js": acts,
    "/axes.js": axes,
    "/chart.js": chart,
    "/controls.js": controls,
    "/counts.js": counts,
    "/curves.js": curves,
    "/drag.js": drag,
    "/epochs.js": epochs,
    "/legend.js": legend,
    "/main.js": main,
    "/marks.js": marks,
    "/page.js": parts,
    "/points.js": points,
    "/state.js": state,
    "/stream.js": stream,
    "/uplot.js": uplot,
    "/view.js": view,
    "/words.js": words,
  },
};
const svg = { type: "image/svg+xml", texts: { "/icon.svg": icon } };

/**
 * The files by path, `/` being the page itself. Where one refers to another it
 * does so with the token, which so is asked for everywhere.
 */
export function assets(token: string): Readonly<Record<string, Asset>> {
  const query = `?token=${encodeURIComponent(token)}`;
  return Object.fromEntries(
    [html, css, js, svg].flatMap(({ type, texts }) =>
      Object.entries(texts).map(([path, text]) => [
        path,
        { type, text: text.replaceAll(REFERENCE, (found) => found + query) },
      ])
    ),
  );
}
