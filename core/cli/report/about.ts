/**
 * What a plugin's file says about itself at the top.
 *
 * @module
 */

/**
 * The first paragraph of a file's module documentation.
 *
 * @param file The file, or its URL.
 * @returns Nothing if there is none, or the file cannot be read.
 */
export async function aboutFile(
  file: string | URL,
): Promise<string | undefined> {
  try {
    return firstParagraph(await Deno.readTextFile(file));
  } catch {
    return undefined; // A remote plugin works without its description.
  }
}

/**
 * The first paragraph of a source's first comment.
 *
 * @param source TypeScript or JavaScript.
 */
export function firstParagraph(source: string): string | undefined {
  const comment = /^\s*\/\*\*(.*?)\*\//s.exec(source)?.[1] ?? "";
  const text = comment.split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim()).join("\n").trim();
  const [paragraph = ""] = text.split(/\n\n|(?:^|\n)@/);
  return paragraph.replaceAll("\n", " ") || undefined;
}
