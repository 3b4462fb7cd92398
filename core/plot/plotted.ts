/**
 * What Observable Plot draws, as a part of a document of ours.
 *
 * @module
 */
import type { PlotOptions } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { coloursOf } from "./look.ts";

/** Where Plot makes its elements: there is no browser. Its types are not known here. */
export const { document: page } = parseHTML("<html></html>") as unknown as {
  readonly document: NonNullable<PlotOptions["document"]>;
};

/** A number with more digits than can be seen. */
const LONG = /-?\d+\.\d{3,}(e-\d+)?/g;

/**
 * The elements of a plot: without Plot's rules for pages, in short numbers, and
 * with colours of their own for viewers that know no rules.
 */
export function plotted(plot: unknown): string {
  const { innerHTML } = plot as { readonly innerHTML: string };
  return innerHTML.replace(/<style>[^]*?<\/style>/, "")
    .replace(
      /<[^>]*>/g,
      (tag) =>
        tag.replace(LONG, (it) => String(Math.round(Number(it) * 100) / 100))
          .replace(/ aria-(label|hidden)="[^"]*"/g, "")
          .replace(/ class="([^"]*)"/, (_, names) => ` ${coloursOf(names)}`),
    );
}
