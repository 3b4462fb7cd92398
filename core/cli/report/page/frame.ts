/**
 * What every page of a report has around its content. It needs no network and
 * no script, and forbids both.
 *
 * @module
 */
import config from "../../../../deno.json" with { type: "json" };
import { type Html, markup, type Part, trusted } from "./html.ts";
import { STYLE } from "./style.ts";

/** By this a page is known as one of ours. */
const GENERATOR = "hookloop";

/** What a page is made of. */
export interface Frame {
  /** Its title, in the window's bar. */
  readonly title: string;
  /** Its head: a heading, and what matters most. */
  readonly head: Html;
  /** Its sections. */
  readonly sections: readonly Section[];
  /** When it was made, as an ISO date. */
  readonly at: string;
}

/** A section of a page. */
export interface Section {
  /** Its name in addresses. */
  readonly id: string;
  /** Its heading. */
  readonly title: string;
  /** What it says. */
  readonly body: Part;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A whole page, as text. */
export function page({ title, head, sections, at }: Frame): string {
  const { version } = config;
  const links = sections.map(({ id, title }) =>
    markup`<li><a href="#${id}">${title}</a></li>`
  );
  const content = sections.map(({ id, title, body }) =>
    markup`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${body}
</section>\n`
  );
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="generator" content="${GENERATOR} ${version}">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<header>
${head}
</header>
<nav aria-label="Sections"><ul>${links}</ul></nav>
<main>
${content}</main>
<footer>
<p>Made by hookloop ${version} on ${time(at)}, from the files in the folder.</p>
</footer>
</body>
</html>
`.html;
}

/** Whether a text begins like a page of ours. */
export function isOurs(text: string): boolean {
  return text.includes(`<meta name="generator" content="${GENERATOR} `);
}

/** A moment, to be read by people and machines. */
export function time(iso: string): Html {
  const shown = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(iso)
    ? `${iso.slice(0, 10)}, ${iso.slice(11, 16)} UTC`
    : iso;
  return markup`<time datetime="${iso}">${shown}</time>`;
}
