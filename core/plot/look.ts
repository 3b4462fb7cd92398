/**
 * Colours, which the colour-blind can tell apart, in light and dark.
 *
 * Okabe and Ito, "Color Universal Design", 2008; darker or lighter where the
 * contrast with the paper asks for it.
 *
 * @module
 */

/** The class of every drawing: what its rules begin with, so that they touch nothing else in a page. */
export const ROOT = "hookloop-plot";

/** What has a colour of its own: light, dark. */
const COLOURS = {
  ink: ["#1f2328", "#e6edf3"],
  muted: ["#59636e", "#9da7b3"],
  grid: ["#e2e6ea", "#2b323b"],
  paper: ["#ffffff", "#0d1117"],
  training: ["#0072b2", "#56b4e9"],
  validation: ["#d55e00", "#f5a83c"],
  rate: ["#00805c", "#2dc79f"],
  run0: ["#0072b2", "#56b4e9"],
  run1: ["#d55e00", "#f5a83c"],
  run2: ["#00805c", "#2dc79f"],
  run3: ["#b0538a", "#e8a3cb"],
  run4: ["#8a6d00", "#f0e442"],
  run5: ["#3aa0dc", "#2b83d6"],
  run6: ["#5b4bb5", "#a99cf0"],
  run7: ["#59636e", "#c4ccd4"],
} as const;

/** Something with a colour of its own. */
export type Look = keyof typeof COLOURS;

const RUNS = Object.keys(COLOURS).filter((it) =>
  it.startsWith("run")
) as Look[];

/** Lines of the ninth run and on are broken, as their colours come again. */
const DASHES = [undefined, "6 3", "2 2.5", "9 3 2 3"];

/** How a curve is drawn. */
export interface Stroke {
  readonly look: Look;
  readonly dash?: string | undefined;
}

/** How the curves of a run among several are drawn. */
export function strokeOfRun(index: number): Stroke {
  return {
    look: RUNS[index % RUNS.length]!,
    dash: DASHES[Math.floor(index / RUNS.length) % DASHES.length],
  };
}

/** The class of what has a colour. */
export function classOf(look: Look): string {
  return `hl-${look}`;
}

/**
 * Attributes that give an element its colour as `currentColor`: the light one
 * for viewers that know no CSS, and the class by which the rules change it.
 */
export function coloured(look: Look, more = ""): string {
  return `class="${classOf(look)}${more && ` ${more}`}" color="${
    COLOURS[look][0]
  }"`;
}

/** The attributes of an element with these classes, the colour of the first among them. */
export function coloursOf(classes: string): string {
  const [first = "", ...more] = classes.split(" ");
  return coloured(first.replace("hl-", "") as Look, more.join(" "));
}

/** The rules of a drawing. A page may set the variables, such as `--hl-paper`, on `.hookloop-plot` itself. */
export function rules(): string {
  const looks = Object.keys(COLOURS) as Look[];
  const variables = (i: 0 | 1) =>
    looks.map((it) => `--hl-${it}:${COLOURS[it][i]}`).join(";");
  return [
    `:where(.${ROOT}){${variables(0)};max-width:100%;height:auto}`,
    `@media(prefers-color-scheme:dark){:where(.${ROOT}){${variables(1)}}}`,
    ...looks.map((it) => `.${ROOT} .${classOf(it)}{color:var(--hl-${it})}`),
  ].join("\n");
}
