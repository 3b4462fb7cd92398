/**
 * Reads a drawing back from its SVG, without the code that drew it: what stands
 * where, and which value and epoch a place means by the labels of the axes.
 *
 * @module
 */
import { parseHTML } from "linkedom";
import type { Picture } from "../../../core/plot/mod.ts";

/** The little of an element that is looked at. */
interface Element {
  readonly textContent: string;
  readonly tagName: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
  readonly parentNode: Element | null;
}

/** A place in pixels. */
export type At = readonly [x: number, y: number];

/** What a panel shows, as values. */
export interface Shown {
  readonly title: string;
  /** What stands at the axes. */
  readonly epochs: readonly string[];
  readonly values: readonly string[];
  /** By look, such as `training`: the points of its lines, those drawn as such, the bridges' ends, and the epochs of odd values. */
  readonly lines: Looks<At[][]>;
  readonly points: Looks<At[]>;
  readonly bridges: Looks<At[][]>;
  readonly odd: Looks<number[]>;
  /** Where the ring around the best value is; the epoch of the rule. */
  readonly best: readonly At[];
  readonly rule: number | undefined;
}

type Looks<T> = Readonly<Record<string, T>>;

/** The root element of a drawing. */
export function rootOf({ svg }: Pick<Picture, "svg">): Element {
  const { document } = parseHTML(
    `<html><body>${svg}</body></html>`,
  ) as unknown as {
    readonly document: Element;
  };
  return document.querySelector("svg")!;
}

/** The panels of a drawing. */
export function panelsOf(picture: Pick<Picture, "svg">): Shown[] {
  return [...rootOf(picture).querySelectorAll(".hl-panel")].map(shown);
}

/** The only panel of a drawing. */
export function panelOf(picture: Pick<Picture, "svg">): Shown {
  const [panel, more] = panelsOf(picture);
  if (!panel || more) throw new Error("expected one panel");
  return panel;
}

/** The texts of the legend. */
export function legendOf(picture: Pick<Picture, "svg">): string[] {
  return texts(rootOf(picture), ".hl-legend text");
}

/** The lines below the drawing. */
export function noteOf(picture: Pick<Picture, "svg">): string[] {
  return texts(rootOf(picture), ".hl-note");
}

function shown(panel: Element): Shown {
  const title = panel.querySelector(".hl-title")!.textContent;
  const log = title.endsWith("(log scale)");
  const x = scaleOf(panel, ".hl-x text", 0, false);
  const y = scaleOf(panel, ".hl-y text", 1, log);
  const place = ([left, top]: At): At => [x(left), y(top)];
  const dots = (part: string) =>
    byLook(
      panel,
      part,
      (group) => [...group.querySelectorAll("circle, path")].map(moved),
    );
  return {
    title,
    epochs: texts(panel, ".hl-x text"),
    values: texts(panel, ".hl-y text"),
    lines: mapped(
      byLook(
        panel,
        "hl-line",
        (group) => [...group.querySelectorAll("path")].flatMap(paths),
      ),
      (paths) => paths.map((path) => path.map(place)),
    ),
    points: mapped(dots("hl-point"), (it) => it.map(place)),
    bridges: mapped(
      byLook(
        panel,
        "hl-bridge",
        (group) => [...group.querySelectorAll("path")].flatMap(paths),
      ),
      (paths) => paths.map((path) => path.map(place)),
    ),
    odd: mapped(dots("hl-odd"), (it) => it.map(([left]) => x(left))),
    best: Object.values(dots("hl-best")).flat().map(place),
    rule: [...panel.querySelectorAll(".hl-rule line")]
      .map((line) => x(Number(line.getAttribute("x1"))))[0],
  };
}

/** What a place means, by two labels of an axis and where they stand. */
function scaleOf(
  panel: Element,
  selector: string,
  axis: 0 | 1,
  log: boolean,
): (place: number) => number {
  const ticks = [...panel.querySelectorAll(selector)].map((text) => ({
    at: moved(text)[axis],
    value: Number(text.textContent.replace("−", "-").replaceAll(",", "")),
  }));
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (!first || !last || first.at === last.at) return () => NaN;
  const [from, to] = [first, last].map(({ value }) =>
    log ? Math.log(value) : value
  );
  return (place) => {
    const part = (place - first.at) / (last.at - first.at);
    const value = from! + part * (to! - from!);
    return log ? Math.exp(value) : value;
  };
}

/** The parts of a kind, by the look that they have. */
function byLook<T>(
  panel: Element,
  part: string,
  read: (group: Element) => T[],
): Record<string, T[]> {
  const found: Record<string, T[]> = {};
  for (const group of panel.querySelectorAll(`.${part}`)) {
    const look = group.getAttribute("class")!.split(" ")[0]!.slice(
      "hl-".length,
    );
    (found[look] ??= []).push(...read(group));
  }
  return found;
}

/** Where an element is moved to, or has its centre. */
function moved(element: Element): At {
  const [x, y] = numbers(element.getAttribute("transform") ?? "");
  if (x !== undefined) return [x, y!];
  return [
    Number(element.getAttribute("cx")),
    Number(element.getAttribute("cy")),
  ];
}

/** The parts of a path, each as its corners. */
function paths(path: Element): At[][] {
  return path.getAttribute("d")!.split("M").filter(Boolean).map((part) => {
    const all = numbers(part);
    return Array.from(
      { length: all.length / 2 },
      (_, i): At => [all[2 * i]!, all[2 * i + 1]!],
    );
  });
}

function numbers(text: string): number[] {
  return (text.match(/-?\d+(\.\d+)?(e-?\d+)?/g) ?? []).map(Number);
}

function mapped<T, U>(
  looks: Record<string, T>,
  map: (value: T) => U,
): Record<string, U> {
  return Object.fromEntries(
    Object.entries(looks).map(([look, value]) => [look, map(value)]),
  );
}

function texts(root: Element, selector: string): string[] {
  return [...root.querySelectorAll(selector)].map((it) => it.textContent);
}
