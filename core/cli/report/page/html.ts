/**
 * HTML in which everything that is put in is escaped, unless it is HTML itself.
 *
 * @module
 */

/** A piece of HTML. */
export interface Html {
  /** Its text. */
  readonly html: string;
}

/** What may be put into a piece: text is escaped, nothing stays nothing. */
export type Part = Html | string | number | undefined | false | readonly Part[];

/** A piece of HTML: markup`<p>${text}</p>`. */
export function markup(parts: TemplateStringsArray, ...values: Part[]): Html {
  let text = parts[0]!;
  values.forEach((value, i) => text += textOf(value) + parts[i + 1]);
  return { html: text };
}

/** A text that is HTML already, and known to be harmless. */
export function trusted(text: string): Html {
  return { html: text };
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return "";
  if (typeof part === "string") return escaped(part);
  if (typeof part === "number") return String(part);
  if ("html" in part) return part.html;
  return part.map(textOf).join("");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Controls have no place in a page; U+FFFD says that something was there. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (it) => ESCAPES[it]!)
    // deno-lint-ignore no-control-regex
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "\ufffd");
}
