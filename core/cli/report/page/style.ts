/**
 * How a page looks: as a paper does, on a phone, on a screen, in print, in light
 * and dark. It is a module rather than a style sheet, because a run that has
 * given up importing can still load modules that are there.
 *
 * @module
 */

/** The style sheet. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fffdf9; --ink: #1d1c1a; --soft: #5d5a54; --line: #d9d4ca;
  --faint: #f4f0e8; --link: #0b5a9c; --mark: #fdf2cf;
  --good: #17693a; --halt: #8a5300; --bad: #a8201a;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Noto Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161719; --ink: #e8e5df; --soft: #a7a39b; --line: #3a3b3f;
    --faint: #202226; --link: #8cc0f2; --mark: #37311c;
    --good: #7cc796; --halt: #e6b566; --bad: #f2938c;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; max-width: 62rem; padding: 2.5rem 1.25rem 3rem;
  background: var(--paper); color: var(--ink);
  font: 1.0625rem/1.55 var(--serif); overflow-wrap: break-word;
}
h1, h2, h3 { line-height: 1.2; text-wrap: balance; font-weight: 600; }
h1 { font-size: 2rem; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 3rem 0 .75rem; padding-top: .6rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.0625rem; margin: 1.75rem 0 .4rem; }
p { margin: .6rem 0; max-width: 44rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
code, pre { font-family: var(--mono); font-size: .86em; }
code { overflow-wrap: anywhere; }
td, th, dd, dt, code, h1 { unicode-bidi: isolate; }
.soft { color: var(--soft); }
.place { margin: .3rem 0 0; color: var(--soft); }
.status { margin: 1rem 0 0; font-size: 1.2rem; line-height: 1.45; max-width: 44rem; }
.status b { font-weight: 600; }
.finished b { color: var(--good); }
.stopped b, .interrupted b, .running b { color: var(--halt); }
.failed b, .killed b { color: var(--bad); }
.problem { border-left: 3px solid var(--bad); padding-left: .8rem; }
.figures {
  display: grid; grid-template-columns: repeat(auto-fit, minmax(8.2rem, 1fr));
  gap: 1rem 1.5rem; margin: 1.5rem 0 0; padding: 0;
}
.figures div { border-top: 2px solid var(--ink); padding-top: .35rem; }
.figures dt { font: .8rem/1.3 var(--sans); color: var(--soft); }
.figures dd { margin: .1rem 0 0; font-size: 1.35rem; font-variant-numeric: tabular-nums lining-nums; overflow-wrap: anywhere; }
.figures small { font: .8rem/1.3 var(--sans); color: var(--soft); display: block; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: 1.75rem 0 0; padding: 0; font: .9rem/1.8 var(--sans); }
.drawings { display: grid; gap: 1.25rem 2rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); align-items: start; }
.drawings.single { grid-template-columns: minmax(0, 46rem); }
figure { margin: 0; min-width: 0; }
figure .hookloop-plot { --hl-paper: var(--paper); --hl-ink: var(--ink); --hl-muted: var(--soft); --hl-grid: var(--line); }
figure img { display: block; max-width: 100%; height: auto; background: #fff; }
figcaption { color: var(--soft); font-size: .9rem; }
figure svg { display: block; width: 100%; max-width: 100%; height: auto; }
.scroll { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); font: .875rem/1.45 var(--sans); min-width: min(100%, 20rem); max-width: 100%; }
.hidden { position: absolute; width: 1px; height: 1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; font-weight: 400; overflow-wrap: break-word; }
.plain td, .values td { overflow-wrap: anywhere; min-width: 5.5rem; }
.values tbody th { min-width: 9rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-weight: 600; border-bottom: 1px solid var(--ink); vertical-align: bottom; overflow-wrap: normal; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.plain thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.plain tbody th { color: var(--soft); min-width: 7rem; }
th code { white-space: nowrap; }
.option { white-space: nowrap; margin-right: .35rem; }
.groups { display: grid; gap: 0 2.5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); align-items: start; }
.group { min-width: 0; }
.plain { width: 100%; }
.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.marked > * { background: var(--mark); }
.best { font-weight: 700; }
details { margin: .9rem 0; }
summary { cursor: pointer; font: .9rem/1.6 var(--sans); color: var(--link); }
.command { margin: .5rem 0; padding: .7rem .9rem; background: var(--faint); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; cursor: copy; }
.bars { list-style: none; margin: .75rem 0; padding: 0; font: .875rem/1.4 var(--sans); max-width: 44rem; }
.bars li { display: grid; grid-template-columns: minmax(8rem, 16rem) 1fr 8.5rem; gap: .75rem; align-items: center; margin: .3rem 0; }
.bars i { display: block; height: .7rem; background: var(--link); border-radius: 1px; min-width: 1px; }
.bars span:last-child { text-align: right; font-variant-numeric: tabular-nums; }
.badge { display: inline-block; width: .7rem; height: .7rem; border-radius: 50%; margin-right: .4rem; }
footer { margin-top: 3.5rem; border-top: 1px solid var(--line); font-size: .9rem; color: var(--soft); }
@media (max-width: 40rem) {
  body { padding: 1.5rem 1rem 2rem; font-size: 1rem; }
  h1 { font-size: 1.6rem; }
  h2 { margin-top: 2.25rem; }
  table { font-size: .82rem; }
  th, td { padding-right: .55rem; }
  .bars li { grid-template-columns: 1fr auto; }
  .bars li > span:nth-child(2) { grid-column: 1 / -1; grid-row: 2; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --faint: #f4f4f4; --link: #000; --mark: #eee; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  h2 { break-after: avoid; }
  figure, tr, .figures div { break-inside: avoid; }
  details::details-content { content-visibility: visible; height: auto; }
  .scroll { overflow: visible; }
}
`;
